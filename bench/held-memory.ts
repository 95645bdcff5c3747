import { Child } from '../test/support/child.ts'

const HELD_MS = 300_000
/** Takes the memory in pieces, writes to each page, says so, and waits until it is ended. */
const PROGRAM = `
  const held = []
  for (let mib = 0; mib < Number(process.argv[1]); mib += 256) held.push(Buffer.alloc(256 * 1024 * 1024, 1))
  console.log('held')
  setInterval(() => held.length, 60_000)
`

/**
 * Takes so much memory from the page cache until it is ended. A virtual machine that gives what is free back to its host pays
 * for each page that it writes to again, several times what a broker does with it; where little is free, what was used a moment
 * ago is used again.
 */
export async function holdMemory(gibibytes: number): Promise<{ end(): Promise<void> }> {
  const child = new Child(process.execPath, ['--eval', PROGRAM, String(gibibytes * 1024)])
  await child.waitFor('stdout', /^held$/m, HELD_MS)
  return {
    async end() {
      await child.kill('SIGKILL')
    },
  }
}
