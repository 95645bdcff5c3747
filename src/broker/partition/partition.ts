import { assert } from '../../base/assert.ts'
import { type ByteSource, EMPTY_SOURCE } from '../../base/byte-source.ts'
import type { Environment } from '../../base/environment.ts'
import type { Logger } from '../../base/logger.ts'
import type { Uuid } from '../../base/uuid.ts'
import { ERROR_CODES } from '../../protocol/error-codes.ts'
import {
  batchIsControl,
  batchLastOffset,
  batchLastOffsetDelta,
  batchProducerId,
  stampBatch,
  stampCreateTime,
  stampLogAppendTime,
} from '../../protocol/record-batch.ts'
import type { RaftGroup } from '../../raft/group.ts'
import type { Log, LogRead } from '../../storage/log.ts'
import type { ProducerStates } from '../../storage/producer-state.ts'
import type { AbortedTransaction } from '../../storage/transaction-index.ts'
import type { TransactionMarker } from '../coordinator/transactions/completions.ts'
import type { TopicConfig } from '../options.ts'
import { type Admission, Admissions, isAdmitted } from './admissions.ts'
import { failedRead, type PartitionRead, ReadFaults } from './partition-read.ts'
import { PartitionTraffic } from './partition-traffic.ts'
import { refuseQueued } from './queued-waiters.ts'
import {
  type BatchRefusal,
  type RecordError,
  recordsRefusal,
  sizeRefusal,
  verdictOn,
} from './record-verdicts.ts'
import { REFUSAL_MESSAGES } from './refusal-messages.ts'
import { markerBatch, markerErrorCode } from './transaction-marker.ts'
import { UncommittedBytes } from './uncommitted-bytes.ts'
import { FetchWatchers, type OffsetWaiter, OffsetWaiters } from './waiters.ts'

/** What became of a batch. `endOffset` is what must be reached before it may be acknowledged. */
export type Appended =
  | {
      readonly errorCode: 0
      readonly baseOffset: number
      readonly endOffset: number
      /** -1 where the timestamps are the producer's. */
      readonly logAppendTimeMs: number
    }
  | BatchRefusal

/** How far a produce request wants its batches to be before it is answered. */
export type Acknowledgement = 'written' | 'committed'

/** read_uncommitted reads to the high watermark, read_committed to the last stable offset. */
export type Isolation = 'uncommitted' | 'committed'

export type { PartitionRead } from './partition-read.ts'

/** Of the `leader_epoch` fields: the client knows none. */
export const NO_EPOCH = -1

const NO_RECORD_ERRORS: readonly RecordError[] = []
const NO_TRANSACTIONS: readonly AbortedTransaction[] = []

/**
 * One partition as its broker sees it: it gives batches their offsets, decides what is committed, and wakes those who
 * wait for that. Owns its log; every change is synchronous, what the disk does comes back through `#progressed`.
 */
export class Partition {
  readonly topic: string
  readonly topicId: Uuid
  readonly index: number
  readonly log: Log
  readonly traffic = new PartitionTraffic()
  readonly #group: RaftGroup
  readonly #producers: ProducerStates
  readonly #environment: Environment
  readonly #awaited: Set<Partition>
  readonly #written = new OffsetWaiters()
  readonly #committed = new OffsetWaiters()
  readonly #watchers = { uncommitted: new FetchWatchers(), committed: new FetchWatchers() }
  readonly #admissions = new Admissions()
  readonly #commitListeners: (() => void)[] = []
  #config: TopicConfig
  #highWatermark: number
  #lastStableOffset: number
  #deleted = false
  #draining = false
  /** Committed bytes that readers of committed records have not been woken for: a transaction holds them back. */
  #heldBytes = 0
  readonly #uncommitted = new UncommittedBytes()
  readonly #readFaults: ReadFaults

  constructor(options: {
    topic: string
    topicId: Uuid
    index: number
    log: Log
    group: RaftGroup
    producers: ProducerStates
    config: TopicConfig
    environment: Environment
    logger: Logger
    /** Takes the partition when somebody begins to wait for it: from then on `expireWaiters` is to be called. */
    awaited: Set<Partition>
  }) {
    this.topic = options.topic
    this.topicId = options.topicId
    this.index = options.index
    this.log = options.log
    this.#group = options.group
    this.#producers = options.producers
    this.#producers.truncateHead(options.log.startOffset)
    this.#config = options.config
    this.#environment = options.environment
    this.#awaited = options.awaited
    this.#readFaults = new ReadFaults(options)
    this.#highWatermark = options.log.startOffset
    this.#lastStableOffset = this.#highWatermark
    this.log.onProgress = () => this.#progressed()
  }

  get config(): TopicConfig {
    return this.#config
  }

  /** Takes effect with the next append, roll or retention pass. */
  set config(config: TopicConfig) {
    this.#config = config
  }

  get leaderEpoch(): number {
    return this.#group.term
  }

  get highWatermark(): number {
    return this.#highWatermark
  }

  get lastStableOffset(): number {
    return this.#lastStableOffset
  }

  get logStartOffset(): number {
    return this.log.startOffset
  }

  get producers(): ProducerStates {
    return this.#producers
  }

  /** Who may begin a transaction here. */
  get admissions(): Admissions {
    return this.#admissions
  }

  /** Whether this replica leads and its own term is committed: only then is the end of the log known (KIP-207). */
  get isSettled(): boolean {
    return this.#group.role === 'leader' || this.#isRemnant
  }

  /** What is left of a damaged log that nobody else has: it is read up to where it breaks off, and never written. */
  get #isRemnant(): boolean {
    const { current, old } = this.#group.voters
    return this.log.damage !== null && old === null && current.length === 1
  }

  /** Those who are parked on this partition: for metrics and tests. */
  get waitingCount(): number {
    const watchers = this.#watchers
    return this.#written.count + this.#committed.count + watchers.uncommitted.count + watchers.committed.count
  }

  /** The mark that begins this leader's term is durable: what is durable behind it commits from here on. */
  begin(): void {
    if (this.#isRemnant) this.#commitTo(this.log.endOffset)
    this.#progressed()
  }

  /** Who leads, in which term, and what is committed. */
  get group(): RaftGroup {
    return this.#group
  }

  /** 0, or why a client that knows `epoch` must look again (KIP-320, E10). */
  checkLeader(epoch: number): number {
    if (this.#deleted) return ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION
    if (this.#group.role !== 'leader' && this.#group.role !== 'elected' && !this.#isRemnant)
      return ERROR_CODES.NOT_LEADER_OR_FOLLOWER
    if (epoch === NO_EPOCH || epoch === this.leaderEpoch) return 0
    return epoch < this.leaderEpoch ? ERROR_CODES.FENCED_LEADER_EPOCH : ERROR_CODES.UNKNOWN_LEADER_EPOCH
  }

  /**
   * Gives one batch its offsets and hands it to the log. `batch` has passed checkProducedBatch and its CRC; its records are
   * judged here where that has not been done before. It is stamped in place and kept until it is written, so it must never
   * change again. Synchronous: batches get offsets in the order of the calls. A batch that begins a transaction here needs
   * an admission.
   */
  append(batch: Buffer, acknowledgement: Acknowledgement, admission: Admission | null = null): Appended {
    const config = this.#config
    const refusal = this.#refusal(acknowledgement) ?? sizeRefusal(batch, config)
    if (refusal !== null) return refusal
    const nowMs = this.#environment.wallMs()
    const records = verdictOn(batch, config, nowMs)
    const unfit = recordsRefusal(records, config)
    if (unfit !== null) return unfit
    const logAppendTime = config.messageTimestampType === 'LogAppendTime'
    if (batchProducerId(batch, 0) >= 0) {
      const verdict = this.#checkProducer(batch, admission)
      if (verdict !== null) return verdict
    }
    if (logAppendTime) stampLogAppendTime(batch, 0, nowMs)
    else stampCreateTime(batch, 0, records.maxTimestamp)
    const baseOffset = this.#place(batch)
    this.traffic.produced(batch)
    return {
      errorCode: 0,
      baseOffset,
      endOffset: this.log.endOffset,
      logAppendTimeMs: logAppendTime ? nowMs : -1,
    }
  }

  /** Appends a batch that this broker made itself: its machines' events. Same order, same promises. */
  appendOwn(batch: Buffer): Appended {
    const refusal = this.#refusal('written')
    if (refusal !== null) return refusal
    const baseOffset = this.#place(batch)
    return { errorCode: 0, baseOffset, endOffset: this.log.endOffset, logAppendTimeMs: -1 }
  }

  /**
   * Ends a producer's transaction here, whether or not it has written anything (E12).
   * INVALID_PRODUCER_EPOCH, TRANSACTION_COORDINATOR_FENCED: see `checkMarker`.
   */
  appendMarker(marker: TransactionMarker): Appended {
    const errorCode = this.checkMarker(marker)
    if (errorCode !== 0) return refused(errorCode, 'the marker is out of date')
    return this.appendOwn(markerBatch(marker, this.#environment.wallMs()))
  }

  /** 0, or why the marker must not be written: a newer epoch of the producer or of its coordinator has been here. */
  checkMarker(marker: TransactionMarker): number {
    return markerErrorCode(marker, this.#producers)
  }

  /** Tells `waiter` once when the log is as far as `endOffset`, or why it never gets there, or when it takes too long. */
  whenReached(kind: Acknowledgement, endOffset: number, timeoutMs: number, waiter: OffsetWaiter): void {
    const reached = kind === 'written' ? this.log.writtenEndOffset : this.#highWatermark
    if (reached >= endOffset) {
      waiter.reached(0)
      return
    }
    const waiters = kind === 'written' ? this.#written : this.#committed
    if (waiters.count === 0) this.#awaited.add(this)
    waiters.add(endOffset, this.#environment.monotonicMs() + timeoutMs, waiter)
  }

  /** Answers those who have waited too long: REQUEST_TIMED_OUT (D12). Returns whether others still wait. */
  expireWaiters(nowMs: number): boolean {
    if (this.#written.count > 0) this.#written.expire(nowMs, ERROR_CODES.REQUEST_TIMED_OUT)
    if (this.#committed.count > 0) this.#committed.expire(nowMs, ERROR_CODES.REQUEST_TIMED_OUT)
    return this.#written.count + this.#committed.count > 0
  }

  /** Where a fetch of this isolation parks itself. */
  watchers(isolation: Isolation): FetchWatchers {
    return this.#watchers[isolation]
  }

  /** The offset that a reader of this isolation may read up to. */
  readEnd(isolation: Isolation): number {
    return isolation === 'committed' ? this.#lastStableOffset : this.#highWatermark
  }

  /**
   * Whole batches from the one that holds `offset`, up to `maxBytes` (the first whole even above it when
   * `atLeastOne`, E3). The caller owns the regions of the source. Out of range is what lies behind the end of the log:
   * a producer that was acknowledged with acks=1 knows offsets that are not committed yet, and who reads on from there
   * finds nothing for a moment.
   */
  read(
    offset: number,
    maxBytes: number,
    isolation: Isolation,
    atLeastOne: boolean,
  ): PartitionRead | Promise<PartitionRead> {
    const end = this.readEnd(isolation)
    if (offset < this.log.startOffset || offset > this.log.endOffset) return failedRead()
    const isCommitted = isolation === 'committed'
    if (offset >= this.#highWatermark && this.#isRemnant) return failedRead(ERROR_CODES.CORRUPT_MESSAGE)
    if (offset >= end || (maxBytes <= 0 && !atLeastOne))
      return this.#readOf(EMPTY_SOURCE, offset, isCommitted ? NO_TRANSACTIONS : null)
    const limit = Math.min(end, this.log.scrub.readEnd(offset))
    if (limit <= offset) return failedRead(ERROR_CODES.CORRUPT_MESSAGE)
    const read = this.log.read(offset, maxBytes, limit, atLeastOne)
    return read instanceof Promise
      ? read.then(
          (late) => this.#readFrom(late, offset, isCommitted),
          (error: unknown) => failedRead(this.readFailed(error)),
        )
      : this.#readFrom(read, offset, isCommitted)
  }

  /** The code for a reader whose read of the log has failed, which is said here. Throws what the disk has not done. */
  readFailed(error: unknown): number {
    return this.#readFaults.tell(error)
  }

  /** Records before `offset`, at most the high watermark, are gone for readers. Resolves when that is durable. */
  async deleteBefore(offset: number): Promise<void> {
    await this.log.advanceStartTo(offset)
    this.startMoved()
  }

  /** The log starts later: what began before holds nobody back any more, and who waits for what is gone is told. */
  startMoved(): void {
    this.#producers.truncateHead(this.log.startOffset)
    this.#commitTo(this.#highWatermark)
    this.#watchers.uncommitted.wakeAll()
    this.#watchers.committed.wakeAll()
  }

  /** Calls back after every move of the high watermark and when this partition stops serving. */
  onCommit(listener: () => void): void {
    this.#commitListeners.push(listener)
  }

  /** The topic is gone: everybody who waits is told at once, later calls find no partition (C15). */
  markDeleted(): void {
    this.#deleted = true
    this.#stop(ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION)
  }

  /** Takes no more batches; what was taken is still committed, and nobody parks here any more. */
  drain(): void {
    this.#draining = true
    this.#watchers.uncommitted.wakeAll()
    this.#watchers.committed.wakeAll()
  }

  /** Takes nothing any more: the broker is about to stop. */
  get isDraining(): boolean {
    return this.#draining
  }

  /** Gives up the leadership: whoever waits looks for another leader. */
  resign(): void {
    this.#group.stepDown()
    this.#stop(ERROR_CODES.NOT_LEADER_OR_FOLLOWER)
  }

  #stop(errorCode: number): void {
    this.#written.fail(errorCode)
    this.#committed.fail(errorCode)
    this.#watchers.uncommitted.wakeAll()
    this.#watchers.committed.wakeAll()
    for (const listener of this.#commitListeners) listener()
  }

  #refusal(acknowledgement: Acknowledgement): Appended | null {
    const notLeader = this.#draining ? ERROR_CODES.NOT_LEADER_OR_FOLLOWER : this.checkLeader(NO_EPOCH)
    if (notLeader !== 0) return refused(notLeader, 'this broker does not lead the partition')
    if (acknowledgement === 'committed' && this.#config.minInsyncReplicas > this.#group.voters.current.length)
      return refused(
        ERROR_CODES.NOT_ENOUGH_REPLICAS,
        `min.insync.replicas is ${this.#config.minInsyncReplicas}, replicas in sync are 1`,
      )
    const refusal = this.log.refusal()
    if (refusal === null) return null
    return refused(ERROR_CODES.KAFKA_STORAGE_ERROR, REFUSAL_MESSAGES[refusal])
  }

  #checkProducer(batch: Buffer, admission: Admission | null): Appended | null {
    const verdict = this.#producers.check(batch, 0, admission?.startsAtZero ?? false)
    switch (verdict.kind) {
      case 'ok':
        return isAdmitted(batch, admission, this.#admissions, this.#producers)
          ? null
          : refused(ERROR_CODES.INVALID_TXN_STATE, 'the record is not part of an open transaction')
      case 'duplicate':
        return {
          errorCode: 0,
          baseOffset: verdict.baseOffset,
          endOffset: verdict.lastOffset + 1,
          // Kafka says so of repetitions on CreateTime topics too.
          logAppendTimeMs: verdict.timestampMs,
        }
      case 'out-of-order':
        return refused(
          ERROR_CODES.OUT_OF_ORDER_SEQUENCE_NUMBER,
          'the sequence number does not follow the last one',
        )
      case 'fenced':
        return refused(ERROR_CODES.INVALID_PRODUCER_EPOCH, 'a newer epoch of this producer has written')
      case 'in-transaction':
        return refused(ERROR_CODES.INVALID_TXN_STATE, 'the transaction of this producer is open')
    }
  }

  #place(batch: Buffer): number {
    const baseOffset = this.log.endOffset
    stampBatch(batch, 0, baseOffset, this.#group.term)
    this.#uncommitted.add(baseOffset + batchLastOffsetDelta(batch, 0) + 1, batch.length)
    this.log.append(batch)
    assert(this.log.endOffset === batchLastOffset(batch, 0) + 1, 'the log took the batch at its end')
    // Behind the append: one that rolls takes the snapshot of what was before this batch.
    const producerId = batchProducerId(batch, 0)
    if (producerId >= 0) {
      if (batchIsControl(batch, 0)) this.#admissions.revoke(producerId)
      const completed = this.#producers.append(batch, 0)
      if (completed?.isAborted) this.log.addAborted(completed)
    }
    return baseOffset
  }

  #progressed(): void {
    const refusal = this.log.refusal()
    if (refusal === 'failed') {
      this.#group.stepDown()
      this.#stop(ERROR_CODES.KAFKA_STORAGE_ERROR)
      return
    }
    this.#written.advance(this.log.writtenEndOffset)
    if (refusal === 'full' || refusal === 'no-descriptors')
      refuseQueued(this.log, this.#written, this.#committed)
    const held = this.log.durablePosition()
    const position =
      this.#config.durability === 'cached' ? { ...held, offset: this.log.writtenEndOffset } : held
    if (this.#group.durableUpTo(this.#group.self, position)) this.#commitTo(this.#group.commit!.offset)
  }

  #commitTo(offset: number): void {
    if (offset > this.#highWatermark) this.#highWatermark = offset
    this.log.highWatermark = this.#highWatermark
    const gainedBytes = this.#uncommitted.takeUpTo(offset)
    const stableBefore = this.#lastStableOffset
    this.#lastStableOffset = Math.min(
      this.#highWatermark,
      this.#producers.firstOpenOffset(this.#highWatermark) ?? this.#highWatermark,
    )
    this.#committed.advance(this.#highWatermark)
    this.#watchers.uncommitted.gained(gainedBytes)
    this.#heldBytes += gainedBytes
    if (this.#lastStableOffset > stableBefore) this.#wakeCommitted()
    for (const listener of this.#commitListeners) listener()
  }

  /** E2: what a transaction has held back counts when it ends; where another one holds some, those who wait look. */
  #wakeCommitted(): void {
    if (this.#lastStableOffset < this.#highWatermark) this.#watchers.committed.wakeAll()
    else {
      this.#watchers.committed.gained(this.#heldBytes)
      this.#heldBytes = 0
    }
  }

  #readFrom(read: LogRead, offset: number, isCommitted: boolean): PartitionRead {
    if ('outOfRange' in read) return failedRead()
    const { source, endOffset } = read
    return this.#readOf(source, endOffset, isCommitted ? this.log.abortedBetween(offset, endOffset) : null)
  }

  #readOf(
    source: ByteSource,
    endOffset: number,
    aborted: PartitionRead['abortedTransactions'],
  ): PartitionRead {
    return {
      errorCode: 0,
      highWatermark: this.#highWatermark,
      lastStableOffset: this.#lastStableOffset,
      logStartOffset: this.log.startOffset,
      source,
      endOffset,
      abortedTransactions: aborted,
    }
  }
}

function refused(errorCode: number, message: string): Appended {
  return { errorCode, message, recordErrors: NO_RECORD_ERRORS }
}
