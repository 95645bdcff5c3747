import type { Environment } from '../../../base/environment.ts'
import { Turn } from '../../../base/turn.ts'
import type { RequestOf } from '../../../protocol/api.ts'
import { codecLoading, unpackedBytesBound } from '../../../protocol/compression.ts'
import type { Recompressed } from '../../../protocol/recompression.ts'
import {
  BATCH_HEADER_BYTES,
  batchCompression,
  batchIsCompressed,
  type Compression,
  checkProducedBatch,
} from '../../../protocol/record-batch.ts'
import type { Answer } from '../../net/handler.ts'
import type { BatchThreads } from '../../partition/batch-threads.ts'
import type { Partition } from '../../partition/partition.ts'
import {
  judgeNow,
  knowOutsized,
  knowVerdict,
  recordDemands,
  sizeRefusal,
  unpackLimits,
} from '../../partition/record-verdicts.ts'
import type { PartitionRegistry } from '../../partition/registry.ts'
import { handOnSliced, isManyPartitions } from './sliced-produce.ts'

type ProduceRequest = RequestOf<'Produce'>
type ProduceAnswer = Answer<'Produce'> | Promise<Answer<'Produce'>>

const ZSTD_SINCE = 7

/** What the records of one request may take of one turn of the event loop, ns. */
const TURN_NS = 4_000_000
/** To unpack and read a byte of records: of plain ones with room to spare, since small records take longer. */
const BYTE_NS: { readonly [Codec in Compression]: number } = {
  none: 0.5,
  gzip: 3.5,
  snappy: 1.5,
  lz4: 1,
  zstd: 2,
}
/**
 * What a batch may come to that is unpacked by the event loop: some 2 ms of work, and less where the codec's library makes
 * memory for each batch. That counts for the garbage collector, which then goes through the whole heap of the broker every
 * few dozen batches of a megabyte; a thread has hardly any.
 */
const LOOP_BYTES: { readonly [Codec in Compression]: number } = {
  none: 8 * 1024 * 1024,
  gzip: 256 * 1024,
  snappy: 256 * 1024,
  lz4: 2 * 1024 * 1024,
  zstd: 1024 * 1024,
}
/** What the batches of one request may come to that get another codec, and requests at a time that have some. */
const REPLACED_BYTES_MAX = 64 * 1024 * 1024
const REPLACING_MAX = 4
/** What is copied at once for another thread. */
const COPY_BYTES = 4 * 1024 * 1024

/** A batch of a request, whose frame has been checked. */
interface Step {
  readonly partition: Partition
  readonly batch: Buffer
}

/** What is done about a request before it is handed on. */
interface Preparation {
  /** To be waited for. */
  readonly before: Promise<void>[]
  /** To be judged in turns to come. */
  readonly later: Step[]
  /** Batches that are to get another codec. */
  readonly toReplace: (Step & { readonly codec: Compression })[]
  /** Those that have got it, and the bytes that they may still take. */
  readonly replaced: Map<Buffer, Buffer>
  replacedRoom: number
  /** What is left of this turn for it. */
  ns: number
}

/**
 * Has the records of every batch judged before its request is handed on, or, where they are plain and few, leaves that to
 * the partition. A batch that would hold the event loop goes to another thread, and so does one for a topic with a
 * `compression.type` of its own, which gets that codec there. What names very many partitions is handed on in parts.
 * Requests to one partition are handed on in the order in which they came (G6): who comes while an earlier one is at work
 * waits for it, and requests to other partitions do not.
 */
export class PreparedProduce {
  readonly #registry: PartitionRegistry
  readonly #threads: BatchThreads
  readonly #environment: Environment
  /** Of partitions with requests at work: resolves when the last of them has been handed on. */
  readonly #turns = new Map<Partition, Promise<void>>()
  /** Requests that hold what they have got another codec for, and those that wait for one of them to be handed on. */
  #replacing = 0
  readonly #waiting: (() => void)[] = []

  constructor(registry: PartitionRegistry, threads: BatchThreads, environment: Environment) {
    this.#registry = registry
    this.#threads = threads
    this.#environment = environment
  }

  /** Calls `handOn` with the request as its partitions take it. Once, in the same turn, where there is nothing to wait for. */
  run(
    request: ProduceRequest,
    apiVersion: number,
    handOn: (request: ProduceRequest) => ProduceAnswer,
  ): ProduceAnswer {
    const isSliced = isManyPartitions(request)
    if (
      !isSliced &&
      this.#turns.size === 0 &&
      isPlainAndSmall(request) &&
      !this.#isRecompressed(request, apiVersion)
    )
      return handOn(request)
    const work: Preparation = {
      before: [],
      later: [],
      toReplace: [],
      replaced: new Map(),
      replacedRoom: REPLACED_BYTES_MAX,
      ns: TURN_NS,
    }
    const partitions = new Set<Partition>()
    this.#each(request, apiVersion, (partition, batch) => {
      partitions.add(partition)
      if (batch !== null) this.#prepare({ partition, batch }, apiVersion, work)
    })
    for (const partition of partitions) {
      const turn = this.#turns.get(partition)
      if (turn !== undefined) work.before.push(turn)
    }
    if (work.later.length > 0) work.before.push(this.#judgeLater(work.later))
    if (work.toReplace.length > 0) work.before.push(this.#replaceAll(work))
    if (!isSliced && work.before.length === 0) return handOn(request)
    const handed: Promise<{ readonly answer: ProduceAnswer }> = Promise.all(work.before).then(() => {
      const changed = withBatches(request, work.replaced)
      return isSliced ? handOnSliced(this.#environment, changed, handOn) : { answer: handOn(changed) }
    })
    const turn = handed.then(
      () => {},
      () => {},
    )
    for (const partition of partitions) this.#takeTurn(partition, turn)
    if (work.toReplace.length > 0) void turn.then(() => this.#replacedHandedOn())
    return handed.then(({ answer }) => answer)
  }

  /** Does for one batch what can be done now, and notes what is to be waited for. */
  #prepare(step: Step, apiVersion: number, work: Preparation): void {
    const { partition, batch } = step
    const codec = codecFor(partition, batch, apiVersion)
    if (codec === null && isPlain(batch) && batch.length * BYTE_NS.none <= work.ns) {
      // The partition judges it as it appends.
      work.ns -= batch.length * BYTE_NS.none
      return
    }
    // What is refused for its frame or its size is not looked into.
    if (checkProducedBatch(batch, 0, batch.length) !== null) return
    if (sizeRefusal(batch, partition.config) !== null) return
    if (codec !== null) {
      work.toReplace.push({ ...step, codec })
      return
    }
    const judged = this.#judge(step, work.ns)
    if (typeof judged === 'number') work.ns -= judged
    else if (judged === null) work.later.push(step)
    else work.before.push(judged)
  }

  /** Whether a batch of it is to get another codec. */
  #isRecompressed(request: ProduceRequest, apiVersion: number): boolean {
    if (!this.#registry.hasUnpackedTopics) return false
    let isRecompressed = false
    this.#each(request, apiVersion, (partition, batch) => {
      isRecompressed ||= batch !== null && codecFor(partition, batch, apiVersion) !== null
    })
    return isRecompressed
  }

  #takeTurn(partition: Partition, turn: Promise<void>): void {
    this.#turns.set(partition, turn)
    void turn.then(() => {
      if (this.#turns.get(partition) === turn) this.#turns.delete(partition)
    })
  }

  #each(
    request: ProduceRequest,
    apiVersion: number,
    visit: (partition: Partition, batch: Buffer | null) => void,
  ): void {
    for (const { name, topicId, partitionData } of request.topicData) {
      const topic = apiVersion >= 13 ? this.#registry.topicName(topicId) : name
      if (topic === undefined) continue
      for (const { index, records } of partitionData) {
        const partition = this.#registry.get(topic, index)
        if (partition !== undefined) visit(partition, records as Buffer | null)
      }
    }
  }

  /**
   * Has the records judged within `ns` of this turn: what that has taken, or a promise for when another thread has done
   * it. null: not in this turn.
   */
  #judge(step: Step, ns: number): number | Promise<void> | null {
    const { batch } = step
    const codec = batchCompression(batch, 0) as Compression
    if (codec === 'none') return batch.length > LOOP_BYTES.none ? this.#judgeApart(step) : null
    const loading = codecLoading(codec)
    if (loading !== null) return loading.then(() => this.#judgeLater([step]))
    const bytes = unpackedBytesBound(codec, batch.subarray(BATCH_HEADER_BYTES))
    if (bytes > LOOP_BYTES[codec]) return this.#judgeApart(step)
    if (bytes * BYTE_NS[codec] > ns) return null
    return this.#judgeHere(step) ?? this.#judgeApart(step)
  }

  /** What it has taken by the bytes that came out; null where they are too many to be unpacked here. */
  #judgeHere({ partition, batch }: Step): number | null {
    const codec = batchCompression(batch, 0) as Compression
    const bytesMax = LOOP_BYTES[codec]
    const limits = { bytesMax, ratioMax: 1, bytesFree: bytesMax }
    const verdict = judgeNow(batch, partition.config, this.#environment.wallMs(), limits)
    if (verdict.unpacking?.kind === 'too-large') return null
    knowVerdict(batch, verdict, partition.config)
    return verdict.bytes * BYTE_NS[codec]
  }

  /** What one turn has no time for goes on in the next ones. */
  async #judgeLater(steps: readonly Step[]): Promise<void> {
    const turn = new Turn(this.#environment)
    const apart: Promise<void>[] = []
    for (const step of steps) {
      const work = isPlain(step.batch) ? this.#judgeHere(step) : this.#judge(step, TURN_NS)
      if (work instanceof Promise) apart.push(work)
      if (turn.isOver) await turn.next()
    }
    await Promise.all(apart)
  }

  async #judgeApart(step: Step): Promise<void> {
    const { config } = step.partition
    const { verdict } = await this.#workApart(step, null)
    knowVerdict(step.batch, verdict, config)
  }

  /**
   * Gives batches another codec, which may make much more of them than their request was charged for: in order, so many
   * requests at a time. One that waits for its turn here holds nothing, and none before it waits for it.
   */
  #replaceAll(work: Preparation): Promise<void> {
    const all = () => Promise.all(work.toReplace.map((step) => this.#recompress(step, work))).then(() => {})
    if (this.#replacing < REPLACING_MAX) {
      this.#replacing++
      return all()
    }
    return new Promise<void>((resolve) => this.#waiting.push(resolve)).then(all)
  }

  #replacedHandedOn(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#replacing--
    else next()
  }

  /** Notes what it is to be replaced by, or lets it be refused as it came. */
  async #recompress(step: Step & { readonly codec: Compression }, work: Preparation): Promise<void> {
    const { config } = step.partition
    const { verdict, batch } = await this.#workApart(step, step.codec)
    knowVerdict(batch ?? step.batch, verdict, config)
    if (batch === null) return
    const room = Math.min(config.messageBytesMax, work.replacedRoom)
    if (batch.length <= room) {
      work.replaced.set(step.batch, batch)
      work.replacedRoom -= batch.length
      return
    }
    knowVerdict(step.batch, verdict, config)
    knowOutsized(step.batch, batch.length, room)
  }

  async #workApart({ partition, batch }: Step, codec: Compression | null): Promise<Recompressed> {
    const { config } = partition
    const work = {
      codec,
      level: codec === null ? undefined : config.compressionLevels[codec],
      demands: recordDemands(config, this.#environment.wallMs()),
      limits: unpackLimits(config),
    }
    return this.#threads.run(partition, batch, work, await this.#copied(batch))
  }

  /** A copy for another thread, of a batch that can't be copied in one turn. */
  async #copied(batch: Buffer): Promise<Uint8Array<ArrayBuffer> | null> {
    if (batch.length <= COPY_BYTES) return null
    const turn = new Turn(this.#environment)
    const copy = new Uint8Array(batch.length)
    for (let at = 0; at < batch.length; at += COPY_BYTES) {
      copy.set(batch.subarray(at, at + COPY_BYTES), at)
      await turn.next()
    }
    return copy
  }
}

function isPlain(batch: Buffer): boolean {
  return batch.length < BATCH_HEADER_BYTES || !batchIsCompressed(batch, 0)
}

/** Whether the partitions may judge all records as they append, in one turn of the event loop. */
function isPlainAndSmall({ topicData }: ProduceRequest): boolean {
  let bytes = 0
  for (const { partitionData } of topicData)
    for (const { records } of partitionData) {
      const batch = records as Buffer | null
      if (batch === null) continue
      if (!isPlain(batch)) return false
      bytes += batch.length
    }
  return bytes * BYTE_NS.none <= TURN_NS
}

/** The codec that a batch is to get where its frame is right; null: it stays as it is. */
function codecFor({ config }: Partition, batch: Buffer, apiVersion: number): Compression | null {
  const { compressionType } = config
  if (compressionType === 'producer') return null
  if (batch.length < BATCH_HEADER_BYTES) return null
  const wanted = compressionType === 'uncompressed' ? 'none' : compressionType
  const codec = batchCompression(batch, 0)
  // D6: clients of before do not know zstd.
  const hasUnknown = apiVersion < ZSTD_SINCE && (wanted === 'zstd' || codec === 'zstd')
  return codec === wanted || hasUnknown ? null : wanted
}

function withBatches(request: ProduceRequest, replaced: ReadonlyMap<unknown, Buffer>): ProduceRequest {
  if (replaced.size === 0) return request
  return {
    ...request,
    topicData: request.topicData.map((topic) => ({
      ...topic,
      partitionData: topic.partitionData.map(({ index, records }) => ({
        index,
        records: replaced.get(records) ?? records,
      })),
    })),
  }
}
