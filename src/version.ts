/** What `--version` prints and metrics tell; package.json says the same (bin/program.test.ts compares them). */
export const VERSION = '0.1.0'
