/** What `--version` prints; package.json says the same (bin/version.test.ts compares them). */
export const VERSION = '0.1.0'
