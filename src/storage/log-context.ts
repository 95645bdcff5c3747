import type { Environment } from '../base/environment.ts'
import type { Logger } from '../base/logger.ts'
import type { Turn } from '../base/turn.ts'
import type { DirectoryHealth } from './directory-health.ts'
import type { FileSystem, OpenFile } from './file-system.ts'
import type { Journal } from './journal.ts'
import type { JournalGroup } from './journal-record.ts'
import type { LogConfig } from './log-config.ts'
import type { OpenFiles } from './open-files.ts'
import type { Segment } from './segment.ts'
import type { SegmentCache } from './segment-cache.ts'
import type { WatchedLog } from './stall-watch.ts'
import type { StorageError } from './storage-error.ts'
import type { TailCache } from './tail-cache.ts'
import type { AbortedTransaction } from './transaction-index.ts'

/** A snapshot that was taken and is yet to be written: what happens afterwards is not in it. */
export interface TakenSnapshot {
  /** Writes it from the start of an empty file on, piece by piece: the event loop is held for no longer than one takes. */
  writeTo(file: OpenFile): Promise<void>
  /** It is written, or won't be: what it holds may be changed. */
  release(): void
}

/** What the owner of a log derives from its batches, kept beside it as snapshots (producer state). */
export interface LogHooks {
  /**
   * Newest snapshot first: false asks for the one before, and is the answer to one that knows of anything at or behind the
   * `offset` that it was taken at. null: there is none, begin empty at `offset`, at once. Keeps no turn of the event loop for long.
   */
  restore(snapshot: Buffer | null, offset: number, turn: Turn): boolean | Promise<boolean>
  /** The header of the next batch, or a control batch whole, at open. Bytes are borrowed. Returns the transaction that it has aborted, if it has. */
  visit(buffer: Buffer, position: number): AbortedTransaction | null
  /** State of everything below `offset`, in no time to speak of; null where there is nothing to keep. */
  takeSnapshot(offset: number): TakenSnapshot | null
}

/**
 * Why a log takes no batch now. full, no-descriptors, stalled: room on the disk, a descriptor, or the disk's answer is waited
 * for. damaged: records are missing.
 */
export type LogRefusal = 'full' | 'no-descriptors' | 'stalled' | 'failed' | 'damaged' | 'closed'

/** What all logs of a directory share. */
export interface LogContext {
  readonly fileSystem: FileSystem
  readonly environment: Environment
  readonly logger: Logger
  readonly health: DirectoryHealth
  readonly journal: Journal
  readonly tailCache: TailCache
  readonly segmentCache: SegmentCache
  readonly openFiles: OpenFiles
  /** Logs that have been appended to, until somebody has seen that all of it is durable, or they are closed. */
  readonly busyLogs: Set<WatchedLog>
}

/** What opening a log leaves to go on from. */
export interface OpenedLog {
  readonly path: string
  readonly group: JournalGroup
  /** At least one; the last takes appends. */
  readonly segments: Segment[]
  readonly config: LogConfig
  readonly hooks: LogHooks
  readonly damage: StorageError | null
  /** Up to where it has been compacted; null: never. */
  readonly cleanedEnd: number | null
}
