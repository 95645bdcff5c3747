import { describe, expect, it } from 'vitest'
import { groupCodec } from '../../src/broker/coordinator/groups/group-codec.ts'
import type { GroupEvent } from '../../src/broker/coordinator/groups/group-types.ts'
import { encodeBatch } from '../../src/protocol/records.ts'
import { DEFAULT_LOG_CONFIG } from '../../src/storage/log-config.ts'
import type { MemoryFileSystem } from '../../src/storage/memory-file-system.ts'
import { FakeIo } from '../../test/support/fake-io.ts'
import { append, openDirectory, openLed, openTestLog } from '../../test/support/storage.ts'
import { logDump } from '../log-dump.ts'
import { logCheck, logRepair } from './log.ts'

const LOG = '/data/t-0/00000000000000000000.log'

interface Said {
  exitCode: number
  out: string
  notes: string[]
  lines: string[]
}

async function say(action: (io: FakeIo) => Promise<number>): Promise<Said> {
  const io = new FakeIo()
  const exitCode = await action(io)
  return { exitCode, out: io.outText, notes: io.notes, lines: io.outText.split('\n').slice(0, -1) }
}

const check = (fileSystem: MemoryFileSystem, path = '/data'): Promise<Said> =>
  say((io) => logCheck(io, false, fileSystem, path, {}))
const repair = (fileSystem: MemoryFileSystem, yes = false, path = '/data'): Promise<Said> =>
  say((io) => logRepair(io, false, fileSystem, path, { yes }))

/** A directory of one partition with ten batches of two records in several segments. */
async function written(how: 'closed' | 'killed'): Promise<MemoryFileSystem> {
  const config = { ...DEFAULT_LOG_CONFIG, segmentBytesMax: 700, indexIntervalBytes: 100 }
  const { fileSystem, directory, log } = await openTestLog({ config })
  for (let batch = 0; batch < 10; batch++) append(log, { records: 2, valueBytes: 40 })
  await log.flushAll()
  if (how === 'killed') return fileSystem.kill()
  await directory.close()
  return fileSystem
}

const lastLog = async (fileSystem: MemoryFileSystem): Promise<string> => {
  const names = await fileSystem.list('/data/t-0')
  return `/data/t-0/${names.filter((name) => name.endsWith('.log')).at(-1)!}`
}

describe('log check', () => {
  it.each(['closed', 'killed'] as const)('finds nothing in a directory that was %s', async (how) => {
    const { exitCode, out } = await check(await written(how))
    expect(out).toMatch(/^1 partition, \d segments, 10 batches, 20 records, .*: whole\n$/)
    expect(exitCode).toBe(0)
  })

  it('names file and position of a batch whose bytes have changed, and reads on behind it', async () => {
    const fileSystem = await written('closed')
    const second = fileSystem.peek(LOG).readInt32BE(8) + 12
    fileSystem.poke(LOG, second + 70, Buffer.from([0xff]))
    const { exitCode, lines } = await check(fileSystem)
    expect(exitCode).toBe(1)
    expect(lines).toEqual([
      `damaged: ${LOG} at ${second}: the CRC of the batch does not fit its bytes, behind offset 1 (acknowledged records are missing)`,
      expect.stringMatching(/9 batches, 18 records, .*: 1 damaged$/),
    ])
  })

  it('tells the torn end of a killed process from damage', async () => {
    const fileSystem = await written('killed')
    const path = await lastLog(fileSystem)
    const { length } = fileSystem.peek(path)
    fileSystem.poke(path, length, Buffer.alloc(30, 7))
    const { exitCode, lines } = await check(fileSystem)
    expect(exitCode).toBe(1)
    expect(lines[0]).toBe(`torn: ${path} at ${length}: the file ends in a batch: a write that did not finish`)
  })

  it('misses records that were promised', async () => {
    const fileSystem = await written('closed')
    const path = await lastLog(fileSystem)
    await fileSystem.unlink(path)
    const { exitCode, out } = await check(fileSystem)
    expect(exitCode).toBe(1)
    expect(out).toContain('acknowledged records are missing')
  })

  it('finds an index that misleads, and a snapshot that is none', async () => {
    const fileSystem = await written('closed')
    fileSystem.poke(LOG.replace('.log', '.index'), 4, Buffer.from([0, 0, 0, 1]))
    fileSystem.poke('/data/t-0/00000000000000000002.snapshot', 0, Buffer.from('nothing'))
    const { exitCode, out } = await check(fileSystem)
    expect(exitCode).toBe(1)
    expect(out).toContain(
      `stale: ${LOG.replace('.log', '.index')} at 0: it names position 1, where no batch begins`,
    )
    expect(out).toContain('stale: /data/t-0/00000000000000000002.snapshot: no producer snapshot: truncated')
  })

  it('tells what was not yet put behind the aborted transactions of the last segment from damage in an older one', async () => {
    const fileSystem = await written('closed')
    const [first, last] = [LOG, await lastLog(fileSystem)].map((path) => path.replace('.log', '.txnindex'))
    for (const path of [first!, last!]) fileSystem.poke(path, 0, Buffer.alloc(20))
    const { lines } = await check(fileSystem)
    expect(lines).toContain(`damaged: ${first} at 0: an aborted transaction that makes no sense`)
    expect(lines).toContain(`torn: ${last} at 0: an aborted transaction that makes no sense`)
  })

  it('finds a journal that cannot be believed', async () => {
    const fileSystem = await written('closed')
    fileSystem.poke('/data/raft.journal', 40, Buffer.from([0xff]))
    const { exitCode, out } = await check(fileSystem)
    expect(exitCode).toBe(1)
    expect(out).toMatch(/^damaged: \/data\/raft.journal at \d+: /m)
  })

  it('takes a partition or one file alone, and refuses what is neither', async () => {
    const fileSystem = await written('closed')
    expect(await check(fileSystem, '/data/t-0')).toMatchObject({ exitCode: 0 })
    expect((await check(fileSystem, LOG)).out).toContain('1 segment,')
    await expect(check(fileSystem, '/nowhere')).rejects.toMatchObject({ exitCode: 3 })
    await expect(check(fileSystem, '/data/meta.properties')).rejects.toMatchObject({ exitCode: 2 })
  })

  it('is refused while a broker has the directory', async () => {
    const { fileSystem, directory } = await openTestLog()
    for (const attempt of [check, repair])
      await expect(attempt(fileSystem)).rejects.toThrow(/the data directory is used: .*in use by process/)
    await directory.close()
    expect(await check(fileSystem)).toMatchObject({ exitCode: 0 })
  })

  it('is told as JSON', async () => {
    const fileSystem = await written('closed')
    const { lines } = await say((io) => logCheck(io, true, fileSystem, '/data', {}))
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ batches: 10, records: 20, whole: true }])
  })
})

describe('log repair', () => {
  it('says what it would do, does it with --yes, and keeps what it cuts', async () => {
    const fileSystem = await written('killed')
    const path = await lastLog(fileSystem)
    const { length } = fileSystem.peek(path)
    fileSystem.poke(path, length, Buffer.from('half a batch'))
    const kept = `${path.slice(0, -'.log'.length)}.${length}.torn`
    const cut = `cut ${path} at ${length}: 12 bytes of a write that did not finish go to ${kept}`
    const planned = await repair(fileSystem)
    expect(planned).toMatchObject({ exitCode: 1, notes: ['nothing was changed: --yes does it'] })
    expect(planned.lines).toContain(`would: ${cut}`)
    expect(fileSystem.peek(path)).toHaveLength(length + 12)
    const done = await repair(fileSystem, true)
    expect(done.exitCode).toBe(0)
    expect(done.lines).toContain(`done: ${cut}`)
    expect(fileSystem.peek(path)).toHaveLength(length)
    expect(fileSystem.peek(kept).toString()).toBe('half a batch')
    const log = await openLed(await openDirectory(fileSystem))
    expect(log.endOffset).toBe(20)
  })

  it('makes indexes anew and removes what is made anew by itself', async () => {
    const fileSystem = await written('closed')
    fileSystem.poke(LOG.replace('.log', '.timeindex'), 0, Buffer.alloc(12, 0x7f))
    fileSystem.poke('/data/t-0/00000000000000000900.snapshot', 0, Buffer.from('nothing'))
    expect(await repair(fileSystem, true)).toMatchObject({ exitCode: 0 })
    expect(await check(fileSystem)).toMatchObject({ exitCode: 0 })
  })

  it('loses nothing when the power goes at any step of it', async () => {
    for (let step = 0; ; step++) {
      const before = await written('killed')
      const path = await lastLog(before)
      const { length } = before.peek(path)
      before.poke(path, length, Buffer.from('half a batch'))
      const start = before.operationCount
      before.onOperation = ({ index }) => (index === start + step ? 'io' : null)
      const failed = await repair(before, true).then(
        () => false,
        () => true,
      )
      before.onOperation = null
      const after = before.crash()
      const isCut = after.peek(path).length === length
      const kept = `${path.slice(0, -'.log'.length)}.${length}.torn`
      if (isCut) expect(after.peek(kept).toString()).toBe('half a batch')
      expect(await repair(after, true)).toMatchObject({ exitCode: 0 })
      expect(after.peek(path)).toHaveLength(length)
      if (!failed) break
    }
  })

  it('leaves damage as it is, and says so', async () => {
    const fileSystem = await written('closed')
    fileSystem.poke(LOG, 70, Buffer.from([0xff]))
    const before = fileSystem.peek(LOG)
    const { exitCode, notes } = await repair(fileSystem, true)
    expect(exitCode).toBe(1)
    expect(notes).toEqual([expect.stringContaining('1 place is damaged and left as it is')])
    expect(fileSystem.peek(LOG)).toEqual(before)
  })

  it('has nothing to do where all is well', async () => {
    expect(await repair(await written('closed'), true)).toMatchObject({
      exitCode: 0,
      notes: ['nothing to repair'],
    })
  })
})

describe('log dump', () => {
  const dump = (fileSystem: MemoryFileSystem, path: string, options = {}, json = false): Promise<Said> =>
    say((io) => logDump(io, json, fileSystem, [path], options))

  it('prints batches and records, from an offset on', async () => {
    const fileSystem = await written('closed')
    const { lines } = await dump(fileSystem, LOG, { records: true, fromOffset: 3, batches: 1 })
    expect(lines[0]).toBe(LOG)
    expect(lines[1]).toMatch(
      /^offsets 2-3 {2}position \d+ {2}bytes \d+ {2}records 2 {2}epoch 1 {2}time 2023-.* {2}crc [0-9a-f]{8}$/,
    )
    expect(lines.slice(2)).toEqual([
      expect.stringMatching(/^ {4}offset 2 {2}time .* {2}key null {2}value (\\x02){40}$/),
      expect.stringMatching(/^ {4}offset 3 /),
    ])
    const json = await dump(fileSystem, '/data/t-0', {}, true)
    expect(json.lines.map((line) => JSON.parse(line).batch.baseOffset)).toEqual([
      0, 2, 4, 6, 8, 10, 12, 14, 16, 18,
    ])
  })

  it('prints indexes, the journal and the text files', async () => {
    const fileSystem = await written('closed')
    expect((await dump(fileSystem, LOG.replace('.log', '.index'))).lines[1]).toMatch(
      /^offset \d+ {2}position \d+$/,
    )
    expect((await dump(fileSystem, '/data/raft.journal')).lines[1]).toMatch(
      /^lsn 1 .* type create .* topic t /,
    )
    expect((await dump(fileSystem, '/data/meta.properties')).out).toContain('node.id=1')
  })

  it('decodes what internal topics say', async () => {
    const fileSystem = await written('closed')
    const event: GroupEvent = {
      kind: 'offset',
      groupId: 'g',
      topic: 't',
      partition: 3,
      committed: null,
    }
    const batch = encodeBatch({ records: [{ timestamp: 0, ...groupCodec.encode(event) }] })
    const path = '/data/__consumer_offsets-0/00000000000000000000.log'
    fileSystem.poke(path, 0, batch)
    const { lines } = await dump(fileSystem, path, { decode: true })
    expect(lines[2]).toBe(`    offset 0  ${JSON.stringify(event)}`)
    const json = await dump(fileSystem, path, { decode: true }, true)
    expect(JSON.parse(json.lines[1]!)).toEqual({ file: path, record: { offset: 0, timestamp: 0, event } })
    expect((await dump(fileSystem, LOG, { decode: true, batches: 1 })).lines[2]).toContain('key null')
  })

  it('says where a file cannot be read on, and which batch is broken', async () => {
    const fileSystem = await written('closed')
    const { length } = fileSystem.peek(LOG)
    fileSystem.poke(LOG, 70, Buffer.from([0xff]))
    fileSystem.poke(LOG, length, Buffer.alloc(80, 0xff))
    const { exitCode, lines, notes } = await dump(fileSystem, LOG)
    expect(exitCode).toBe(1)
    expect(lines[1]).toMatch(/BROKEN$/)
    expect(notes).toEqual([`${LOG} at ${length}: no record batch begins here`])
  })
})
