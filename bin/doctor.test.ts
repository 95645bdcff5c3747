import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { systemEnvironment } from '../src/base/environment.ts'
import { nodeFileSystem } from '../src/storage/node-file-system.ts'
import { FakeIo } from '../test/support/fake-io.ts'
import {
  checkAddons,
  checkClock,
  checkNode,
  checkOpenFiles,
  type Diagnosis,
  syncDiagnosis,
} from './doctor-checks.ts'
import { run } from './program.ts'

const folder = mkdtempSync(join(tmpdir(), 'millrace-doctor-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function doctor(
  data: string,
  listen = '127.0.0.1:0',
  ...more: readonly string[]
): Promise<{ exitCode: number; found: Diagnosis[] }> {
  const io = new FakeIo(systemEnvironment)
  const exitCode = await run(['doctor', '--json', '--data', data, '--listen', listen, ...more], io)
  return {
    exitCode,
    found: io.outText
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Diagnosis),
  }
}

const verdictOf = (found: readonly Diagnosis[], check: string): string | undefined =>
  found.find((diagnosis) => diagnosis.check.startsWith(check))?.verdict

describe('doctor', () => {
  it('looks at a directory that is still to be made, and leaves nothing behind', async () => {
    const { found } = await doctor(join(folder, 'a', 'b'))
    expect(verdictOf(found, 'data directory')).toBe('ok')
    expect(verdictOf(found, 'node')).toBe('ok')
    expect(verdictOf(found, 'port')).toBe('ok')
    expect(found.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['disk', 'fsync', 'clock', 'memory']),
    )
    expect(readdirSync(folder)).toEqual([])
  })

  it('bites at a port and a directory that are in use', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const data = join(folder, 'used')
    mkdirSync(data)
    const lock = await nodeFileSystem.lock(join(data, '.lock'), 'process 1')
    const { exitCode, found } = await doctor(data, `127.0.0.1:${port}`, '--http', `127.0.0.1:${port}`)
    lock.release()
    server.close()
    expect(exitCode).toBe(1)
    expect(found.filter(({ verdict }) => verdict === 'bites').map(({ what }) => what)).toEqual([
      expect.stringContaining('in use: stop what listens there'),
      expect.stringContaining('choose another with --http'),
      expect.stringContaining('in use by process 1'),
    ])
  })

  it('bites at what is no directory, and at a journal that cannot be believed', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    expect(verdictOf((await doctor(file)).found, 'data directory')).toBe('bites')
    const data = join(folder, 'damaged')
    mkdirSync(data)
    writeFileSync(join(data, 'raft.snapshot'), 'nonsense')
    const { exitCode, found } = await doctor(data)
    expect(exitCode).toBe(1)
    expect(found.find(({ check }) => check === 'journal')).toMatchObject({
      verdict: 'bites',
      what: expect.stringContaining(`millrace log check ${data}`),
    })
  })

  it('shows a line for each thing', async () => {
    const io = new FakeIo(systemEnvironment)
    await run(['doctor', '--data', join(folder, 'c'), '--listen', '127.0.0.1:0'], io)
    expect(io.outText).toMatch(/^ok {6}node {18}Node \d+/)
  })
})

describe('what would bite', () => {
  it.each([
    [checkNode('20.18.1'), 'bites'],
    [checkNode('20.19.0'), 'ok'],
    [checkNode('26.0.0'), 'ok'],
    [checkOpenFiles('Max open files            256                  256                  files'), 'bites'],
    [checkOpenFiles('Max open files            4096                 4096                 files'), 'advice'],
    [checkOpenFiles('Max open files            unlimited            unlimited            files'), 'ok'],
    [checkOpenFiles(null), 'ok'],
    [checkClock(0, null), 'bites'],
    [checkClock(1_800_000_000_000, 1_800_000_060_000), 'bites'],
    [checkClock(1_800_000_000_000, 1_800_000_000_900), 'ok'],
    [syncDiagnosis([0.001, 0.002, 0.003]), 'advice'],
    [syncDiagnosis([1, 2, 30]), 'ok'],
    [syncDiagnosis([30, 40, 50]), 'advice'],
  ])('%j', (diagnosis, verdict) => {
    expect(diagnosis.verdict).toBe(verdict)
  })

  it('names the native package that does not load', () => {
    const missing = checkAddons((name) => {
      if (name === 'fs-ext') throw new Error('no such module\nand so on')
    })
    expect(missing).toContainEqual({
      check: 'addons',
      verdict: 'bites',
      what: 'fs-ext does not load, the data directory cannot be locked: npm rebuild fs-ext (no such module)',
    })
  })
})
