import { statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { nodeFileSystem } from './node-file-system.ts'

const directory = await mkdtemp(join(tmpdir(), 'millrace-files-'))
afterAll(() => rm(directory, { recursive: true }))

it('of thousands of calls that end while the event loop is busy few are told in one turn of it', async () => {
  let endedCount = 0
  const calls = Array.from({ length: 5000 }, async () => {
    await nodeFileSystem.stat(directory)
    endedCount++
  })
  for (let busy = 0; busy < 20_000; busy++) statSync(directory)
  let toldMax = 0
  while (endedCount < calls.length) {
    const before = endedCount
    await new Promise((resolve) => setImmediate(resolve))
    toldMax = Math.max(toldMax, endedCount - before)
  }
  expect(toldMax).toBeLessThan(500)
  await Promise.all(calls)
})

it('what fails at once or later makes room for those that wait', async () => {
  const lost = Array.from({ length: 1000 }, (_, index) =>
    nodeFileSystem
      .open(index % 2 === 0 ? join(directory, 'missing') : 'a name with a \0', 'read')
      .catch((error: Error) => error),
  )
  for (const outcome of await Promise.all(lost)) expect(outcome).toBeInstanceOf(Error)
  expect((await nodeFileSystem.stat(directory))?.isDirectory).toBe(true)
})
