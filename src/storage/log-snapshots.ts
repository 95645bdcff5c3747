import { Turn } from '../base/turn.ts'
import type { FileSystem } from './file-system.ts'
import type { LogContext, LogHooks, TakenSnapshot } from './log-context.ts'
import type { Segment } from './segment.ts'
import {
  listSnapshots,
  pruneSnapshots,
  readSnapshot,
  removeSnapshotsBeyond,
  snapshotsAmong,
  writeSnapshot,
} from './snapshot-files.ts'
import { isLack } from './storage-error.ts'

/**
 * Bytes appended between two snapshots inside one segment, at the least; they are taken at checkpoints. What was appended
 * since is gone through again at a restart, header by header.
 */
const SNAPSHOT_BYTES = 4194304
/** The same at a close: to go through so much again costs a start no more than to read a snapshot. */
const CLOSING_SNAPSHOT_BYTES = 16384
/** Snapshots that wait for room. */
const PENDING_SNAPSHOTS_MAX = 2

/**
 * The snapshots of what a log's owner derives from it. Each is taken in the turn that the log ends at its offset, and
 * written when everything below that offset is durable.
 */
export class LogSnapshots {
  readonly hooks: LogHooks
  /** Bytes appended since the last one was taken, or was restored. */
  bytesSince = 0
  readonly #context: LogContext
  readonly #directory: string
  readonly #beforeWrite: (offset: number) => Promise<void>
  #taken: { offset: number; snapshot: TakenSnapshot }[] = []
  /** The change of files that is under way. */
  #changing: Promise<void> = Promise.resolve()

  /** `beforeWrite` brings to the disk what a snapshot of that offset takes for known. */
  constructor(
    context: LogContext,
    directory: string,
    hooks: LogHooks,
    beforeWrite: (offset: number) => Promise<void>,
  ) {
    this.#context = context
    this.#directory = directory
    this.hooks = hooks
    this.#beforeWrite = beforeWrite
  }

  get isDue(): boolean {
    return this.bytesSince >= SNAPSHOT_BYTES
  }

  get isDueAtClose(): boolean {
    return this.bytesSince >= CLOSING_SNAPSHOT_BYTES
  }

  take(offset: number): void {
    this.bytesSince = 0
    const snapshot = this.hooks.takeSnapshot(offset)
    if (snapshot !== null) this.#taken.push({ offset, snapshot })
  }

  get #fileSystem(): FileSystem {
    return this.#context.fileSystem
  }

  /** Changes of files come one after the other: a roll, a checkpoint and retention may come to the same ones. */
  #inTurn(change: () => Promise<void>): Promise<void> {
    const done = this.#changing.then(change)
    this.#changing = done.catch(() => {})
    return done
  }

  /** Writes what was taken up to `offset`; where there is no room for it, another time. */
  writeTaken(offset: number): Promise<void> {
    return this.#inTurn(() => this.#writeTaken(offset))
  }

  async #writeTaken(offset: number): Promise<void> {
    while (this.#taken.length > 0 && this.#taken[0]!.offset <= offset) {
      const next = this.#taken[0]!
      try {
        await this.#beforeWrite(next.offset)
        await writeSnapshot(this.#fileSystem, this.#directory, next.offset, next.snapshot)
      } catch (error) {
        if (!isLack(error)) throw error
        if (this.#taken.length > PENDING_SNAPSHOTS_MAX) this.#keep((taken) => taken !== next)
        return
      }
      this.#keep((taken) => taken !== next)
    }
  }

  /** The log ends at `endOffset`: what was taken behind that knows of what never was. */
  forgetBeyond(endOffset: number): void {
    this.#keep((taken) => taken.offset <= endOffset)
  }

  /** The log was cut to `endOffset`. */
  removeBeyond(endOffset: number): Promise<void> {
    this.forgetBeyond(endOffset)
    return this.#inTurn(() => removeSnapshotsBeyond(this.#fileSystem, this.#directory, endOffset))
  }

  /** Of what was taken and is not written, lets go of the rest. */
  #keep(isKept: (taken: { readonly offset: number }) => boolean): void {
    for (const taken of this.#taken) if (!isKept(taken)) taken.snapshot.release()
    this.#taken = this.#taken.filter(isKept)
  }

  prune(segments: readonly Segment[]): Promise<void> {
    const offsets = new Set(segments.map((segment) => segment.baseOffset))
    return this.#inTurn(() => pruneSnapshots(this.#fileSystem, this.#directory, offsets))
  }

  /**
   * Restores the newest snapshot that can be used; resolves to the offset from which batches must be seen again. The
   * first segment begins at `firstOffset`, which may lie below the start of the log. One that others came before has
   * the snapshot that it began with: that is written before its file is made, and not pruned. `names` are those in the
   * directory, null where they are to be asked for.
   */
  async restore(firstOffset: number, endOffset: number, names: readonly string[] | null): Promise<number> {
    this.forgetBeyond(endOffset)
    const offsets =
      names === null ? await listSnapshots(this.#fileSystem, this.#directory) : snapshotsAmong(names)
    await removeSnapshotsBeyond(this.#fileSystem, this.#directory, endOffset, offsets)
    const turn = new Turn(this.#context.environment)
    for (const offset of offsets.reverse()) {
      if (offset < firstOffset || offset > endOffset) continue
      const snapshot = await readSnapshot(this.#fileSystem, this.#directory, offset)
      if (snapshot !== null && (await this.hooks.restore(snapshot, offset, turn))) return offset
    }
    await this.hooks.restore(null, firstOffset, turn)
    return firstOffset
  }
}
