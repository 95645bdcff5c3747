import { describe, expect, it } from 'vitest'
import { settled } from '../../test/support/storage.ts'
import { ManualEnvironment } from '../base/environment.ts'
import type { Uuid } from '../base/uuid.ts'
import { DirectoryHealth } from './directory-health.ts'
import { Journal } from './journal.ts'
import type { Mark } from './marks.ts'
import { MemoryFileSystem } from './memory-file-system.ts'

const TOPIC = 't'.repeat(16) as Uuid
const REPLICA = 'r'.repeat(16) as Uuid
const PATH = '/data/raft.journal'

interface Opened {
  readonly journal: Journal
  readonly environment: ManualEnvironment
  readonly health: DirectoryHealth
  readonly fileSystem: MemoryFileSystem
}

async function open(fileSystem: MemoryFileSystem, compactBytes?: number): Promise<Opened> {
  const environment = new ManualEnvironment()
  const health = new DirectoryHealth()
  await fileSystem.makeDirectory('/data')
  await fileSystem.syncDirectory('/')
  const options = { fileSystem, environment, health, directory: '/data' }
  const journal = await Journal.open(compactBytes === undefined ? options : { ...options, compactBytes })
  return { journal, environment, health, fileSystem }
}

function mark(term: number, startOffset: number, minor = 0): Mark {
  return { term, minor, startOffset, voters: [1, 2, 3], oldVoters: minor > 0 ? [1] : null }
}

function create(journal: Journal, partition = 0): number {
  const ref = journal.nextRef()
  const identity = { topicId: TOPIC, topic: 'topic', partition, replicaId: REPLICA }
  journal.append({ type: 'create', ref, ...identity, term: 0, startOffset: 0, marks: [mark(0, 0)] })
  return ref
}

async function synced({ journal }: Opened): Promise<void> {
  await journal.durable(journal.lastLsn)
}

describe('Journal', () => {
  it('remembers everything it was told, as far as it was durable', async () => {
    const first = await open(new MemoryFileSystem())
    const { journal } = first
    const ref = create(journal)
    const other = create(journal, 1)
    journal.append({ type: 'hard-state', ref, term: 3, votedFor: 2 })
    journal.append({
      type: 'marks',
      ref,
      keep: { term: 0, minor: 0, offset: 0 },
      append: [mark(3, 0), mark(3, 9, 1)],
    })
    journal.append({ type: 'claim', ref, position: { term: 3, minor: 1, offset: 20 } })
    journal.append({ type: 'marks', ref, keep: { term: 3, minor: 1, offset: 15 }, append: [mark(5, 15)] })
    journal.append({ type: 'log-start', ref, startOffset: 10 })
    journal.append({ type: 'delete', ref: other })
    await synced(first)
    journal.append({ type: 'hard-state', ref, term: 9, votedFor: null })
    const again = await open(first.fileSystem.crash())
    expect([...again.journal.groups.keys()]).toEqual([ref])
    const group = again.journal.groups.get(ref)!
    expect(group).toMatchObject({ topic: 'topic', topicId: TOPIC, replicaId: REPLICA, term: 3, votedFor: 2 })
    expect(group).toMatchObject({ startOffset: 10, claim: { term: 3, minor: 1, offset: 15 } })
    expect(group.marks.list()).toEqual([mark(3, 9, 1), mark(5, 15)])
    expect(again.journal.nextRef()).toBeGreaterThan(other)
    expect(again.journal.wasClosed).toBe(false)
  })

  it('forgets all before a reset, and knows until it is done', async () => {
    const first = await open(new MemoryFileSystem())
    const ref = create(first.journal)
    first.journal.append({ type: 'reset', ref, mark: mark(7, 50, 2), startOffset: 60 })
    await synced(first)
    const second = await open(first.fileSystem.crash())
    const group = second.journal.groups.get(ref)!
    expect(group).toMatchObject({
      startOffset: 60,
      isResetting: true,
      claim: { term: 7, minor: 2, offset: 60 },
    })
    expect(group.marks.list()).toEqual([mark(7, 50, 2)])
    second.journal.append({ type: 'log-start', ref, startOffset: 60 })
    await synced(second)
    expect((await open(second.fileSystem.crash())).journal.groups.get(ref)!.isResetting).toBe(false)
  })

  it('syncs once for all that was said in a turn, and within itself: the file does not grow', async () => {
    const opened = await open(new MemoryFileSystem())
    create(opened.journal)
    await synced(opened)
    const kinds: string[] = []
    opened.fileSystem.onOperation = ({ kind }) => {
      kinds.push(kind)
      return null
    }
    const before = opened.fileSystem.peek(PATH).length
    const refs = Array.from({ length: 200 }, (_, index) => create(opened.journal, index + 1))
    for (const ref of refs) opened.journal.append({ type: 'hard-state', ref, term: 1, votedFor: 1 })
    await synced(opened)
    expect(kinds).toEqual(['write', 'sync'])
    expect(opened.fileSystem.peek(PATH).length).toBe(before)
  })

  it('says when it was closed in order, until something is said again', async () => {
    const first = await open(new MemoryFileSystem())
    create(first.journal)
    await first.journal.close()
    const second = await open(first.fileSystem.crash())
    expect(second.journal.wasClosed).toBe(true)
    create(second.journal, 1)
    await synced(second)
    expect((await open(second.fileSystem.crash())).journal.wasClosed).toBe(false)
  })

  it('claims ride with other writes, and at least once a second make one', async () => {
    const opened = await open(new MemoryFileSystem())
    const { journal, environment } = opened
    const ref = create(journal)
    let offset = 0
    journal.registerClaim(ref, () => ({ term: 0, minor: 0, offset }))
    await synced(opened)
    offset = 5
    journal.claimMoved(ref, 100)
    journal.append({ type: 'hard-state', ref, term: 1, votedFor: null })
    await synced(opened)
    expect(journal.groups.get(ref)!.claim!.offset).toBe(5)
    offset = 8
    journal.claimMoved(ref, 100)
    await Promise.resolve()
    expect(journal.groups.get(ref)!.claim!.offset).toBe(5)
    environment.advance(1000)
    expect(journal.groups.get(ref)!.claim!.offset).toBe(8)
    offset = 20
    journal.claimMoved(ref, 8_388_608)
    expect(journal.groups.get(ref)!.claim!.offset).toBe(20)
  })

  it('waits for room when the disk is full, and loses nothing', async () => {
    const opened = await open(new MemoryFileSystem())
    const { journal, fileSystem, environment } = opened
    fileSystem.capacityBytes = 100
    const ref = create(journal)
    await new Promise((resolve) => setImmediate(resolve))
    expect([journal.durableLsn, opened.health.failure]).toEqual([0, null])
    fileSystem.capacityBytes = Number.POSITIVE_INFINITY
    environment.advance(1000)
    await synced(opened)
    expect((await open(fileSystem.crash())).journal.groups.has(ref)).toBe(true)
  })

  it('waits for room for the names when it is folded, and loses nothing', async () => {
    for (let failing = 0; failing < 4; failing++) {
      const opened = await open(new MemoryFileSystem(), 100)
      const { journal, fileSystem, environment } = opened
      let renames = 0
      fileSystem.onOperation = ({ kind }) => (kind === 'rename' && renames++ === failing ? 'no-space' : null)
      const refs: number[] = []
      for (let partition = 0; partition < 9; partition++) {
        refs.push(create(journal, partition))
        const isDurable = synced(opened)
        await settled()
        environment.advance(1000)
        await isDurable
      }
      expect([renames > 4, opened.health.failure]).toEqual([true, null])
      expect([...(await open(fileSystem.crash())).journal.groups.keys()]).toEqual(refs)
    }
  })

  it('ends also while it waits for room', async () => {
    const { journal, fileSystem, environment } = await open(new MemoryFileSystem())
    fileSystem.capacityBytes = 100
    create(journal)
    await settled()
    const ended = journal.abandon()
    environment.advance(1000)
    await ended
  })

  it('lack of space in a sync is a failure, not a full disk', async () => {
    const opened = await open(new MemoryFileSystem())
    opened.fileSystem.onOperation = ({ kind }) => (kind === 'sync' ? 'no-space' : null)
    create(opened.journal)
    await expect(synced(opened)).rejects.toMatchObject({ fault: 'io' })
    expect(opened.health.failure).toMatchObject({ fault: 'io' })
  })

  it.each(['write', 'sync'] as const)('a failing %s is for good', async (kind) => {
    const opened = await open(new MemoryFileSystem())
    create(opened.journal)
    await synced(opened)
    opened.fileSystem.onOperation = (operation) => (operation.kind === kind ? 'io' : null)
    create(opened.journal, 1)
    await expect(synced(opened)).rejects.toMatchObject({ fault: 'io' })
    expect(opened.health.failure).not.toBeNull()
    opened.fileSystem.onOperation = null
    await expect(synced(opened)).rejects.toMatchObject({ fault: 'io' })
  })
})

describe('the end of a journal', () => {
  async function withRecords(groups: number[]): Promise<{ fileSystem: MemoryFileSystem; ends: number[] }> {
    const opened = await open(new MemoryFileSystem())
    const ends: number[] = []
    let partition = 0
    for (const count of groups) {
      for (let index = 0; index < count; index++) create(opened.journal, partition++)
      await synced(opened)
      ends.push(opened.journal.byteLength)
    }
    return { fileSystem: opened.fileSystem.kill(), ends }
  }

  it('torn at any byte is cut to the last whole record, and goes on', async () => {
    const { fileSystem, ends } = await withRecords([1, 1])
    const bytes = fileSystem.peek(PATH)
    for (let cut = ends[0]!; cut < ends[1]!; cut++) {
      const copy = new MemoryFileSystem()
      const torn = Buffer.from(bytes)
      torn.fill(0, cut)
      copy.poke(PATH, 0, torn)
      const opened = await open(copy)
      expect(opened.journal.groups.size).toBe(1)
      create(opened.journal, 7)
      await synced(opened)
      expect((await open(copy.crash())).journal.groups.size).toBe(2)
    }
  })

  it('a flipped bit in a record that was synced before the next is damage, and named', async () => {
    const { fileSystem, ends } = await withRecords([1, 1, 1])
    for (let at = 0; at < ends[1]!; at += 7) {
      const copy = new MemoryFileSystem()
      const bytes = fileSystem.peek(PATH)
      bytes[at] = bytes[at]! ^ 0x10
      copy.poke(PATH, 0, bytes)
      await expect(open(copy)).rejects.toMatchObject({ fault: 'corrupt', path: PATH })
    }
  })

  it('a hole in a write that was never synced is a torn end, whatever of it came through', async () => {
    const { fileSystem, ends } = await withRecords([1, 3])
    const bytes = fileSystem.peek(PATH)
    bytes.fill(0, ends[0]!, ends[0]! + 40)
    const copy = new MemoryFileSystem()
    copy.poke(PATH, 0, bytes)
    const opened = await open(copy)
    expect(opened.journal.groups.size).toBe(1)
    create(opened.journal, 9)
    await synced(opened)
    expect((await open(copy.crash())).journal.groups.size).toBe(2)
  })
})

describe('compaction', () => {
  it('folds the journal into a snapshot, again and again', async () => {
    let opened = await open(new MemoryFileSystem(), 2000)
    const ref = create(opened.journal)
    for (let term = 1; term <= 500; term++) {
      opened.journal.append({ type: 'hard-state', ref, term, votedFor: term % 3 })
      if (term % 7 === 0) await synced(opened)
      if (term % 100 === 0) {
        await synced(opened)
        opened = await open(opened.fileSystem.crash(), 2000)
        expect(opened.journal.groups.get(ref)).toMatchObject({ term, votedFor: term % 3 })
      }
    }
    await synced(opened)
    expect(opened.journal.byteLength).toBeLessThan(4000)
    expect(await opened.fileSystem.list('/data')).toEqual([
      'raft.journal',
      'raft.journal.old',
      'raft.snapshot',
      'raft.snapshot.old',
    ])
  })

  it('a broken snapshot is made up for by the generation before', async () => {
    const first = await open(new MemoryFileSystem(), 500)
    const ref = create(first.journal)
    for (let term = 1; term <= 60; term++) {
      first.journal.append({ type: 'hard-state', ref, term, votedFor: null })
      await synced(first)
    }
    const next = first.fileSystem.kill()
    next.poke('/data/raft.snapshot', 30, Buffer.from([0xff, 0xff, 0xff]))
    expect((await open(next, 500)).journal.groups.get(ref)!.term).toBe(60)
    const last = next.kill()
    last.poke('/data/raft.snapshot.old', 30, Buffer.from([0xff, 0xff, 0xff]))
    await expect(open(last)).rejects.toMatchObject({ fault: 'corrupt' })
  })

  it('survives the failure of any of its operations', async () => {
    for (let failing = 0; ; failing++) {
      const opened = await open(new MemoryFileSystem(), 300)
      const ref = create(opened.journal)
      await synced(opened)
      let term = 0
      let isReached = false
      const base = opened.fileSystem.operationCount
      opened.fileSystem.onOperation = ({ index }) => {
        if (index !== base + failing) return null
        isReached = true
        return 'io'
      }
      for (let next = 1; next <= 30 && opened.health.failure === null; next++) {
        opened.journal.append({ type: 'hard-state', ref, term: next, votedFor: null })
        await synced(opened).then(
          () => (term = next),
          () => {},
        )
      }
      const again = await open(opened.fileSystem.crash(), 300)
      expect(again.journal.groups.get(ref)!.term).toBeGreaterThanOrEqual(term)
      if (!isReached) break
    }
  })
})
