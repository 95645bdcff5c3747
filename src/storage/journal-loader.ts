import { type FileSystem, readWhole } from './file-system.ts'
import { applyRecord, decodeFrame, type JournalGroup } from './journal-record.ts'
import { decodeSnapshot } from './journal-snapshot.ts'
import { StorageError } from './storage-error.ts'

export const JOURNAL_NAME = 'raft.journal'
export const SNAPSHOT_NAME = 'raft.snapshot'

export interface LoadedJournal {
  readonly groups: Map<number, JournalGroup>
  readonly lastLsn: number
  readonly nextRef: number
  readonly wasClosed: boolean
  /** Behind the last whole frame of the current journal. */
  readonly end: number
  /** Whether something else than zeros follows. */
  readonly hasTornEnd: boolean
  /** Frames that may not have been synced when they were last written, and where they start. */
  readonly syncedEnd: number
  readonly tail: Buffer
}

/** Frames of one journal file up to its torn end. */
interface ReadFile {
  readonly end: number
  readonly hasTornEnd: boolean
  readonly lastStart: number
}

interface State {
  groups: Map<number, JournalGroup>
  lsn: number
  nextRef: number
  wasClosed: boolean
}

/**
 * Reads snapshot and journals of a directory. The generation before is looked at where the newest can't be read or
 * was being replaced. Changes nothing on the disk.
 */
export async function loadJournal(fileSystem: FileSystem, directory: string): Promise<LoadedJournal> {
  const [snapshot, oldSnapshot, journal, oldJournal] = await Promise.all(
    [SNAPSHOT_NAME, `${SNAPSHOT_NAME}.old`, JOURNAL_NAME, `${JOURNAL_NAME}.old`].map((name) =>
      readWhole(fileSystem, `${directory}/${name}`),
    ),
  )
  const state = baseState(directory, snapshot!, oldSnapshot!)
  const path = `${directory}/${JOURNAL_NAME}`
  if (oldJournal !== null) readFrames(oldJournal!, `${path}.old`, state)
  const bytes = journal ?? Buffer.alloc(0)
  const read = readFrames(bytes, path, state)
  return {
    groups: state.groups,
    lastLsn: state.lsn,
    nextRef: state.nextRef,
    wasClosed: state.wasClosed,
    end: read.end,
    hasTornEnd: read.hasTornEnd,
    syncedEnd: read.lastStart,
    tail: Buffer.from(bytes.subarray(read.lastStart, read.end)),
  }
}

function baseState(directory: string, snapshot: Buffer | null, oldSnapshot: Buffer | null): State {
  for (const bytes of [snapshot, oldSnapshot]) {
    const decoded = bytes === null ? null : decodeSnapshot(bytes)
    if (decoded === null) continue
    const { groups, lsn, nextRef } = decoded
    return { groups, lsn, nextRef, wasClosed: false }
  }
  if (snapshot !== null || oldSnapshot !== null) {
    throw new StorageError('corrupt', `${directory}/${SNAPSHOT_NAME}`, 'no snapshot of the journal is whole')
  }
  return { groups: new Map(), lsn: 0, nextRef: 1, wasClosed: false }
}

function readFrames(bytes: Buffer, path: string, state: State): ReadFile {
  let at = 0
  let lastStart = 0
  let syncedLsn = -1
  for (;;) {
    const frame = decodeFrame(bytes, at)
    if (frame === null) break
    if (frame.syncedLsn !== syncedLsn) {
      syncedLsn = frame.syncedLsn
      lastStart = at
    }
    if (frame.lsn > state.lsn + 1) {
      throw new StorageError('corrupt', path, `record ${state.lsn + 1} is missing before ${frame.lsn}`, {
        position: at,
      })
    }
    if (frame.lsn === state.lsn + 1) {
      applyRecord(state.groups, frame.record)
      state.lsn = frame.lsn
      state.wasClosed = frame.record.type === 'clean'
      if (frame.record.type === 'create') state.nextRef = Math.max(state.nextRef, frame.record.ref + 1)
    }
    at += frame.byteLength
  }
  const hasTornEnd = !isZero(bytes, at)
  if (hasTornEnd) refuseDamage(bytes, at, path, state.lsn)
  return { end: at, hasTornEnd, lastStart }
}

function isZero(bytes: Buffer, from: number): boolean {
  for (let index = from; index < bytes.length; index++) if (bytes[index] !== 0) return false
  return true
}

/**
 * A frame behind the broken one was written either with it, before any of them was synced (a torn write), or after it
 * had been synced: then something that counted is gone.
 */
function refuseDamage(bytes: Buffer, brokenAt: number, path: string, lastLsn: number): void {
  for (let at = brokenAt + 1; at < bytes.length; at++) {
    if (bytes[at] === 0 && bytes[at + 1] === 0 && bytes[at + 2] === 0 && bytes[at + 3] === 0) continue
    const frame = decodeFrame(bytes, at)
    if (frame === null || frame.syncedLsn <= lastLsn) continue
    throw new StorageError(
      'corrupt',
      path,
      `a record that was synced is broken; record ${frame.lsn} follows`,
      {
        position: brokenAt,
      },
    )
  }
}
