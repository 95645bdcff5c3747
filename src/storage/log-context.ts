import type { Environment } from '../base/environment.ts'
import type { Logger } from '../base/logger.ts'
import type { DirectoryHealth } from './directory-health.ts'
import type { FileSystem } from './file-system.ts'
import type { Journal } from './journal.ts'
import type { JournalGroup } from './journal-record.ts'
import type { LogConfig } from './log-config.ts'
import type { OpenFiles } from './open-files.ts'
import type { Segment } from './segment.ts'
import type { SegmentCache } from './segment-cache.ts'
import type { StorageError } from './storage-error.ts'
import type { TailCache } from './tail-cache.ts'
import type { AbortedTransaction } from './transaction-index.ts'

/** What the owner of a log derives from its batches, kept beside it as snapshots (producer state). */
export interface LogHooks {
  /** Newest snapshot first: false asks for the one before. null: there is none, begin empty at `offset`. */
  restore(snapshot: Buffer | null, offset: number): boolean
  /** The header of the next batch, or a control batch whole, at open. Bytes are borrowed. Returns the transaction that it has aborted, if it has. */
  visit(buffer: Buffer, position: number): AbortedTransaction | null
  /** State of everything below `offset`, or null where there is nothing to keep. */
  takeSnapshot(offset: number): Buffer | null
}

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
