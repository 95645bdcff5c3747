import { assert } from '../base/assert.ts'
import type { Environment, Timer } from '../base/environment.ts'
import type { Logger } from '../base/logger.ts'
import { Turn } from '../base/turn.ts'
import { type Uuid, uuidFromRandom } from '../base/uuid.ts'
import { Adoption } from './adoption.ts'
import { boundedFileSystem } from './bounded-file-system.ts'
import { formatPartitionMetadata } from './checkpoint-files.ts'
import { DirectoryExports, loadCleaned } from './directory-exports.ts'
import { DirectoryHealth } from './directory-health.ts'
import { type DirectoryMeta, loadMeta } from './directory-meta.ts'
import {
  deletedPartitionName,
  isDeletedName,
  parentOf,
  parsePartitionName,
  partitionName,
} from './file-names.ts'
import { type FileLock, type FileSystem, replaceFile } from './file-system.ts'
import { inParallel } from './in-parallel.ts'
import { Journal } from './journal.ts'
import type { JournalGroup } from './journal-record.ts'
import { Log } from './log.ts'
import type { LogConfig } from './log-config.ts'
import type { LogContext, LogHooks } from './log-context.ts'
import { type FoundEpoch, openLog, type RecoveryReport } from './log-opener.ts'
import type { Mark } from './marks.ts'
import { type FileSlots, OpenFiles, UNLIMITED_SLOTS } from './open-files.ts'
import { PartitionChanges } from './partition-changes.ts'
import { Segment } from './segment.ts'
import { SegmentCache } from './segment-cache.ts'
import { SharedSync } from './shared-sync.ts'
import { StallWatch, type WatchedLog } from './stall-watch.ts'
import { asStorageError, isLack, StorageError, unlessLack } from './storage-error.ts'
import type { TailCache } from './tail-cache.ts'

const LOCK_NAME = '.lock'
const PARTITION_METADATA_NAME = 'partition.metadata'
const DELETED_DIRECTORY = /-delete$/
const CHECKPOINT_MS = 60000
const INDEX_BYTES_MAX = 67108864
/** Files that are open at once beside those of segments: of each log there are some now and then. */
const BESIDE_FILES_MAX = 32

export interface DataDirectoryOptions {
  readonly path: string
  readonly fileSystem: FileSystem
  readonly environment: Environment
  readonly logger: Logger
  readonly nodeId: number
  /** null: whatever cluster the directory belongs to; a new one where it belongs to none. */
  readonly clusterId: string | null
  /** Shown to whoever finds the directory locked. */
  readonly processId?: number
  readonly tailCache: TailCache
  configOf(topic: string, partition: number): LogConfig
  hooksOf(topic: string, partition: number, topicId: Uuid): LogHooks
  readonly checkpointMs?: number
  /** Where the descriptors of log files come from; as many as are asked for if not said. */
  readonly fileSlots?: FileSlots
}

export interface PartitionToCreate {
  readonly topic: string
  readonly topicId: Uuid
  readonly partition: number
  /** Who decides, by the genesis mark. */
  readonly voters: readonly number[]
  readonly config?: LogConfig
}

/**
 * All logs that a broker keeps in one place, the journal they share, and the directory's own files. One process at a
 * time: it is locked while open. When one of its files fails, all of it has (see DirectoryHealth).
 */
export class DataDirectory {
  readonly path: string
  readonly nodeId: number
  readonly clusterId: string
  readonly directoryId: Uuid
  readonly journal: Journal
  readonly reports: readonly RecoveryReport[]
  /** Called once, synchronously, when the directory has failed: nothing in it is acknowledged any more. */
  onFailure: ((failure: StorageError) => void) | null = null
  readonly #options: DataDirectoryOptions
  readonly #context: LogContext
  readonly #lock: FileLock
  readonly #logs: Map<string, Log>
  readonly #exports: DirectoryExports
  readonly #stalls: StallWatch
  /** Makes the names of partitions durable. */
  readonly #names: SharedSync
  readonly #changes: PartitionChanges
  #timer: Timer | null = null
  #checkpointing: Promise<void> | null = null
  readonly #making = new Set<string>()
  #isClosed = false
  /** Of directories of deleted partitions. */
  readonly #removals = new Set<Timer>()

  private constructor(
    options: DataDirectoryOptions,
    meta: DirectoryMeta,
    context: LogContext,
    lock: FileLock,
    opened: { logs: Map<string, Log>; reports: RecoveryReport[] },
  ) {
    this.path = options.path
    this.nodeId = options.nodeId
    this.clusterId = meta.clusterId
    this.directoryId = meta.directoryId
    this.journal = context.journal
    this.reports = opened.reports
    this.#options = options
    this.#context = context
    this.#lock = lock
    this.#logs = opened.logs
    this.#names = new SharedSync(context.fileSystem, options.path)
    this.#changes = new PartitionChanges(context)
    this.#exports = new DirectoryExports(options.fileSystem, options.environment, options.path)
    for (const { topic, partition, outcome } of opened.reports)
      if (outcome === 'clean') this.#exports.isAsWritten(this.get(topic, partition)!)
    context.health.onFailure((failure) => {
      this.#timer?.cancel()
      options.logger.error('data directory failed', { path: failure.path, error: failure.message })
      this.onFailure?.(failure)
    })
    const { environment, logger } = options
    this.#stalls = new StallWatch({ environment, logger, health: context.health, busyLogs: context.busyLogs })
    this.#stalls.start()
    this.#armTimer()
  }

  /**
   * Opens a directory, made where there is none, with every log in it. Throws a StorageError: `locked` (the message
   * names the holder's process), `mismatch` (it is another node's or another cluster's), `corrupt` (the journal can't
   * be believed). A log that is damaged is opened as such and reported.
   */
  static async open(options: DataDirectoryOptions): Promise<DataDirectory> {
    const { environment, logger, path } = options
    const fileSystem = boundedFileSystem(options.fileSystem, BESIDE_FILES_MAX)
    await fileSystem.makeDirectory(path)
    await fileSystem.syncDirectory(parentOf(path))
    const holder = `process ${options.processId ?? 'unknown'}`
    const lock = await fileSystem.lock(`${path}/${LOCK_NAME}`, `${holder}\n`)
    try {
      const meta = await loadMeta(options)
      const health = new DirectoryHealth()
      health.onFullness = (lack, log) => {
        if (lack === null) logger.info('the disk has room again: writes are taken', { path })
        else if (lack === 'no-space')
          logger.error('the disk is full: writes are refused until there is room again', { path: log })
        else
          logger.error('descriptors have run out: writes are refused until there are some again', {
            path: log,
          })
      }
      const journal = await Journal.open({ fileSystem, environment, health, directory: path })
      const segmentCache = new SegmentCache({ indexBytesMax: INDEX_BYTES_MAX })
      const openFiles = new OpenFiles(options.fileSystem, environment, options.fileSlots ?? UNLIMITED_SLOTS)
      const { tailCache } = options
      const context = {
        ...{ fileSystem, environment, logger, health, journal, tailCache, segmentCache, openFiles },
        busyLogs: new Set<WatchedLog>(),
      }
      const opened = await openLogs(options, context)
      if (health.failure !== null) throw health.failure
      return new DataDirectory(options, meta, context, lock, opened)
    } catch (error) {
      lock.release()
      throw error
    }
  }

  /** Every log, by `<topic>-<partition>`. */
  get logs(): ReadonlyMap<string, Log> {
    return this.#logs
  }

  /** Why nothing in the directory may be believed any more, or null. */
  get failure(): StorageError | null {
    return this.#context.health.failure
  }

  /** Whether something waits for room on the disk. */
  get isFull(): boolean {
    return this.#context.health.isFull
  }

  /** Whether writes are refused until the disk answers. */
  get isStalled(): boolean {
    return this.#context.health.isStalled
  }

  /** Times that a log has waited for the disk for more than 2 s. */
  get slowCount(): number {
    return this.#stalls.slowCount
  }

  get(topic: string, partition: number): Log | undefined {
    return this.#logs.get(partitionName(topic, partition))
  }

  /**
   * Makes an empty log, whose genesis mark names the voters. Resolves when it would be found again after a crash;
   * calls of one turn share the journal's sync. `exists` where there is one. Rejects when the directory closes meanwhile: the
   * next start finds it, or nothing of it.
   */
  async createPartition(wanted: PartitionToCreate): Promise<Log> {
    const { fileSystem, environment, journal, health } = this.#context
    const { topic, topicId, partition, voters } = wanted
    const name = partitionName(topic, partition)
    const path = `${this.path}/${name}`
    if (this.#logs.has(name) || this.#making.has(name)) {
      throw new StorageError('exists', path, 'there is such a log')
    }
    if (health.failure !== null) throw health.failure
    this.#changes.refuseIfClosing(path)
    const ref = journal.nextRef()
    const genesis: Mark = { term: 0, minor: 0, startOffset: 0, voters, oldVoters: null }
    this.#making.add(name)
    try {
      const lsn = await this.#changes.run(async () => {
        await fileSystem.makeDirectory(path)
        const metadata = Buffer.from(formatPartitionMetadata(topicId))
        await replaceFile(fileSystem, path, PARTITION_METADATA_NAME, metadata)
        await this.#names.sync()
        const replicaId = uuidFromRandom(environment.randomBytes(16))
        const identity = { ref, topicId, topic, partition, replicaId }
        return journal.append({ type: 'create', ...identity, term: 0, startOffset: 0, marks: [genesis] })
      })
      await journal.durable(lsn)
    } catch (error) {
      const failure = asStorageError(error, path)
      if (!isLack(failure)) health.fail(failure)
      throw failure
    } finally {
      this.#making.delete(name)
    }
    this.#changes.refuseIfClosing(path)
    const log = this.#openNew(path, journal.groups.get(ref)!, wanted)
    this.#logs.set(name, log)
    return log
  }

  #openNew(path: string, group: JournalGroup, wanted: PartitionToCreate): Log {
    const { fileSystem, openFiles, environment } = this.#context
    const { topic, topicId, partition } = wanted
    const createdMs = environment.wallMs()
    const config = wanted.config ?? this.#options.configOf(topic, partition)
    const segment = new Segment({
      fileSystem,
      openFiles,
      directory: path,
      baseOffset: 0,
      createdMs,
      jitterMs: 0,
      isOnDisk: false,
      preallocatedBytes: config.preallocates ? config.segmentBytesMax : 0,
    })
    const hooks = this.#options.hooksOf(topic, partition, topicId)
    hooks.restore(null, 0, new Turn(environment))
    return new Log(this.#context, {
      path,
      group,
      segments: [segment],
      config,
      hooks,
      damage: null,
      cleanedEnd: null,
    })
  }

  /**
   * Ends a log and removes its files. Resolves when it would not be found again after a crash; the bytes go after
   * file.delete.delay.ms, and readers that hold a part of them keep it until they are done. A directory that is closing
   * deletes no more.
   */
  async deletePartition(log: Log): Promise<void> {
    const { fileSystem, environment, journal, health } = this.#context
    const name = partitionName(log.topic, log.partition)
    assert(this.#logs.get(name) === log, 'only an open log of this directory is deleted')
    this.#changes.refuseIfClosing(log.path)
    this.#logs.delete(name)
    const unique = environment.randomBytes(16).toString('hex')
    const target = `${this.path}/${deletedPartitionName(log.topic, log.partition, unique)}`
    const lsn = await this.#changes.run(async () => {
      await log.abandon()
      journal.forget(log.group.ref)
      // The name first: a directory that the journal no longer knows would be taken for one that comes from elsewhere.
      await this.#changes.insist(() => fileSystem.rename(log.path, target), target)
      await this.#changes.insist(() => this.#names.sync(), target)
      return journal.append({ type: 'delete', ref: log.group.ref })
    })
    await journal.durable(lsn)
    // Lack of room is no reason to keep a log.
    if (log.compaction.cleanedEnd !== null) await this.keepCleanedEnds().catch(() => {})
    if (this.#changes.isClosing) return
    const removal = environment.setTimer(log.config.fileDeleteDelayMs, () => {
      this.#removals.delete(removal)
      // What can't be removed for a lack is at the next start.
      const failed = (error: unknown): void => {
        if (!isLack(error)) health.fail(asStorageError(error, target))
      }
      if (health.failure === null) fileSystem.removeDirectory(target).catch(failed)
    })
    this.#removals.add(removal)
  }

  /** Resolves when it is durable up to where each log has been compacted. What fails ends the directory. */
  async keepCleanedEnds(): Promise<void> {
    try {
      await this.#exports.writeCleaned(this.#logs.values())
    } catch (error) {
      const failure = asStorageError(error, this.path)
      if (!isLack(failure)) this.#context.health.fail(failure)
      throw failure
    }
  }

  #armTimer(): void {
    if (this.#isClosed || this.failure !== null) return
    this.#timer = this.#options.environment.setTimer(this.#options.checkpointMs ?? CHECKPOINT_MS, () => {
      void this.checkpoint().finally(() => this.#armTimer())
    })
  }

  /** Brings to the disk what makes a restart quick and what Kafka's tools look at. Never fails for lack of space. */
  checkpoint(): Promise<void> {
    this.#checkpointing ??= this.#checkpoint().finally(() => {
      this.#checkpointing = null
    })
    return this.#checkpointing
  }

  async #checkpoint(): Promise<void> {
    const { health, openFiles } = this.#context
    const turn = new Turn(this.#options.environment)
    await openFiles.closeUnused(turn)
    try {
      await inParallel([...this.#logs.values()], turn, (log) => log.checkpoint())
      await this.#exports.write(this.#logs.values())
      await this.#exports.writeCleaned(this.#logs.values())
    } catch (error) {
      const failure = asStorageError(error, this.path)
      // A log that was deleted meanwhile is nothing to worry about.
      if (failure.fault !== 'missing' && !isLack(failure)) health.fail(failure)
    }
  }

  /** Ends in order: every log complete, and the journal says so, so that the next start need not scan. */
  async close(): Promise<void> {
    if (this.#changes.isClosing) return
    await this.#changes.close()
    this.#timer?.cancel()
    this.#stalls.close()
    // What they were to remove is removed at the next opening.
    for (const removal of this.#removals) removal.cancel()
    this.#removals.clear()
    await this.#checkpointing
    this.#isClosed = true
    const { health } = this.#context
    const { onFullness } = health
    // A log that is closed waits for no room: nobody has found any.
    health.onFullness = (lack, log) => {
      if (lack !== null) onFullness?.(lack, log)
    }
    try {
      const turn = new Turn(this.#options.environment)
      await inParallel([...this.#logs.values()], turn, (log) => log.close())
      if (health.failure === null) await this.#exports.write(this.#logs.values()).catch(unlessLack)
      // What is damaged must be looked at again next time.
      const isWhole = [...this.#logs.values()].every((log) => log.damage === null)
      await (isWhole ? this.journal.close() : this.journal.abandon())
    } catch (error) {
      health.fail(asStorageError(error, this.path))
      for (const log of this.#logs.values()) await log.abandon()
      await this.journal.abandon().catch(() => {})
      throw error
    } finally {
      this.#lock.release()
    }
  }
}

async function openLogs(
  options: DataDirectoryOptions,
  context: LogContext,
): Promise<{ logs: Map<string, Log>; reports: RecoveryReport[] }> {
  const { fileSystem, journal } = context
  const adoption = new Adoption(fileSystem, options.path)
  const logs = new Map<string, Log>()
  const reports: RecoveryReport[] = []
  const groups = new Map([...journal.groups.values()].map((group) => [nameOf(group), group]))
  const all = await fileSystem.list(options.path)
  const names = all.filter((name) => parsePartitionName(name) !== null)
  const found = new Set(names)
  const deleted = all.filter((name) => DELETED_DIRECTORY.test(name))
  for (const [name, group] of groups) {
    if (found.has(name)) continue
    if (!deleted.some((other) => isDeletedName(other, group.topic, group.partition))) {
      throw new StorageError(
        'corrupt',
        `${options.path}/${name}`,
        'a log that the journal knows is not there',
      )
    }
    journal.append({ type: 'delete', ref: group.ref })
  }
  await journal.durable(journal.lastLsn)
  for (const name of deleted) await fileSystem.removeDirectory(`${options.path}/${name}`)
  const cleanedEndOf = await loadCleaned(fileSystem, options.path)
  await inParallel(names, new Turn(context.environment), async (name) => {
    const known = groups.get(name) ?? null
    const opened = await openPartition(options, context, adoption, name, known, cleanedEndOf(name))
    if (opened === null) return
    logs.set(name, opened.log)
    reports.push(opened.report)
  })
  // Who adopts or repairs writes to the journal; nothing is served before that is durable.
  await journal.durable(journal.lastLsn)
  return { logs, reports }
}

function nameOf(group: JournalGroup): string {
  return partitionName(group.topic, group.partition)
}

async function openPartition(
  options: DataDirectoryOptions,
  context: LogContext,
  adoption: Adoption,
  name: string,
  known: JournalGroup | null,
  cleanedEnd: number | null,
): Promise<{ log: Log; report: RecoveryReport } | null> {
  const { journal, environment, logger } = context
  const path = `${options.path}/${name}`
  const { topic, partition } = parsePartitionName(name)!
  const topicId = known?.topicId ?? (await adoption.topicIdOf(name))
  if (topicId === null) return null
  const isForeign = known === null
  if (isForeign && !(await hasSegment(context, path))) {
    // What a crash left of a creation that was never answered.
    await context.fileSystem.removeDirectory(path)
    return null
  }
  const epochs = isForeign ? await adoption.epochsOf(name) : []
  const opened = await openLog(context, {
    path,
    topic,
    partition,
    config: options.configOf(topic, partition),
    hooks: options.hooksOf(topic, partition, topicId),
    group: known,
    startOffset: isForeign ? await adoption.startOffsetOf(topic, partition) : null,
    wasClosed: journal.wasClosed,
    cleanedEnd,
    adopt: (found, startOffset, endOffset) => {
      const ref = journal.nextRef()
      const later = epochs.filter((epoch) => epoch.epoch > (found.at(-1)?.epoch ?? -1))
      const marks = marksOf([...found, ...later], startOffset, endOffset)
      const replicaId = uuidFromRandom(environment.randomBytes(16))
      const identity = { ref, topicId, topic, partition, replicaId }
      journal.append({ type: 'create', ...identity, term: marks.at(-1)!.term, startOffset, marks })
      return journal.groups.get(ref)!
    },
  })
  const { report } = opened
  const fields = { topic, partition, endOffset: report.endOffset, scannedBytes: report.scannedBytes }
  if (report.fault !== null) logger.error('log is damaged', { ...fields, error: report.fault.message })
  else if (report.outcome === 'cut') logger.warn('log was cut', { ...fields, cutBytes: report.cutBytes })
  else logger.debug('log opened', { ...fields, outcome: report.outcome })
  return opened
}

async function hasSegment(context: LogContext, path: string): Promise<boolean> {
  return (await context.fileSystem.list(path)).some((name) => name.endsWith('.log'))
}

/** The epochs of a log that comes from Kafka, as marks that name nobody: a new term must say who decides. */
function marksOf(epochs: readonly FoundEpoch[], startOffset: number, endOffset: number): Mark[] {
  const marks = epochs.map(({ epoch, startOffset: start }) => ({
    term: epoch,
    minor: 0,
    startOffset: Math.min(start, endOffset),
    voters: [],
    oldVoters: null,
  }))
  return marks.length > 0 ? marks : [{ term: 0, minor: 0, startOffset, voters: [], oldVoters: null }]
}
