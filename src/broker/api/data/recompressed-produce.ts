import type { Environment } from '../../../base/environment.ts'
import type { RequestOf } from '../../../protocol/api.ts'
import { codecLoading, isEveryCodecLoaded } from '../../../protocol/compression.ts'
import { batchCompression, type Compression, checkProducedBatch } from '../../../protocol/record-batch.ts'
import type { Answer } from '../../net/handler.ts'
import { judgedApart } from '../../partition/compacted-records.ts'
import type { Partition } from '../../partition/partition.ts'
import type { Recompressor } from '../../partition/recompressor.ts'
import type { PartitionRegistry } from '../../partition/registry.ts'
import { handOnSliced, isManyPartitions } from './sliced-produce.ts'

type ProduceRequest = RequestOf<'Produce'>
type ProduceAnswer = Answer<'Produce'> | Promise<Answer<'Produce'>>

const ZSTD_SINCE = 7

/**
 * Batches for topics with a `compression.type` of their own get that codec before they are handed on, and what has to be
 * unpacked to be checked waits until its codec is loaded, or another thread has unpacked it. What names very many
 * partitions is handed on in parts. Requests to one partition are handed on in the order in which they came (G6): who
 * comes while an earlier one is at work waits for it.
 */
export class RecompressedProduce {
  readonly #registry: PartitionRegistry
  readonly #recompressor: Recompressor
  readonly #environment: Environment
  /** Of partitions with requests at work: resolves when the last of them has been handed on. */
  readonly #turns = new Map<Partition, Promise<void>>()

  constructor(registry: PartitionRegistry, recompressor: Recompressor, environment: Environment) {
    this.#registry = registry
    this.#recompressor = recompressor
    this.#environment = environment
  }

  /** Calls `handOn` with the request as its partitions take it. Once, in the same turn, where there is nothing to do. */
  run(
    request: ProduceRequest,
    apiVersion: number,
    handOn: (request: ProduceRequest) => ProduceAnswer,
  ): ProduceAnswer {
    const isSliced = isManyPartitions(request)
    if (!isSliced && !this.#registry.hasUnpackedTopics && this.#turns.size === 0 && !awaitsCodec(request))
      return handOn(request)
    if (!isSliced && !this.#concerns(request, apiVersion)) return handOn(request)
    const partitions = new Set<Partition>()
    const before: (Promise<void> | undefined)[] = []
    let isConcerned = isSliced
    this.#each(request, apiVersion, (partition, batch) => {
      partitions.add(partition)
      isConcerned ||= this.#turns.has(partition) || codecFor(partition, batch, apiVersion) !== null
      const prepared = batch === null ? null : preparation(partition, batch)
      if (prepared !== null) before.push(prepared)
    })
    if (!isConcerned && before.length === 0) return handOn(request)
    for (const partition of partitions) before.push(this.#turns.get(partition))
    const ready = this.#recompressAll(request, apiVersion)
    const handed: Promise<{ readonly answer: ProduceAnswer }> = Promise.all(before)
      .then(() => ready)
      .then((changed) =>
        isSliced ? handOnSliced(this.#environment, changed, handOn) : { answer: handOn(changed) },
      )
    const turn = handed.then(
      () => {},
      () => {},
    )
    for (const partition of partitions) this.#takeTurn(partition, turn)
    return handed.then(({ answer }) => answer)
  }

  /** Whether there may be something to do: false costs a look at each partition. */
  #concerns(request: ProduceRequest, apiVersion: number): boolean {
    let isConcerned = false
    this.#each(request, apiVersion, (partition) => {
      const { compressionType, cleanupPolicy } = partition.config
      isConcerned ||=
        compressionType !== 'producer' || cleanupPolicy.includes('compact') || this.#turns.has(partition)
    })
    return isConcerned
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

  /** What can't be read becomes null, which is refused as an invalid record. */
  async #recompressAll(request: ProduceRequest, apiVersion: number): Promise<ProduceRequest> {
    const changed = new Map<Buffer, Promise<Buffer | null>>()
    this.#each(request, apiVersion, (partition, batch) => {
      const codec = codecFor(partition, batch, apiVersion)
      if (batch === null || codec === null) return
      const level = partition.config.compressionLevels[codec]
      changed.set(batch, this.#recompressor.recompress(batch, codec, level))
    })
    const results = new Map<unknown, Buffer | null>()
    for (const [batch, result] of changed) results.set(batch, await result)
    return {
      ...request,
      topicData: request.topicData.map((topic) => ({
        ...topic,
        partitionData: topic.partitionData.map(({ index, records }) => {
          const result = results.get(records)
          return { index, records: result === undefined ? records : result }
        }),
      })),
    }
  }
}

/** The codec that a batch is to get; null: it stays, or is refused, as it is. */
function codecFor(partition: Partition, batch: Buffer | null, apiVersion: number): Compression | null {
  const { compressionType } = partition.config
  if (compressionType === 'producer' || batch === null) return null
  const wanted = compressionType === 'uncompressed' ? 'none' : compressionType
  if (checkProducedBatch(batch, 0, batch.length) !== null) return null
  const codec = batchCompression(batch, 0)
  // D6: clients of before do not know zstd.
  const hasUnknown = apiVersion < ZSTD_SINCE && (wanted === 'zstd' || codec === 'zstd')
  return codec === wanted || hasUnknown ? null : wanted
}

/** What a compacted topic waits for before it looks at the records of a batch, null: nothing. */
function preparation({ config }: Partition, batch: Buffer): Promise<void> | null {
  if (!config.cleanupPolicy.includes('compact')) return null
  if (checkProducedBatch(batch, 0, batch.length) !== null) return null
  return codecLoading(batchCompression(batch, 0)) ?? judgedApart(batch, config.messageBytesMax)
}

/** Whether a batch of the request is of a codec that is not loaded yet. */
function awaitsCodec(request: ProduceRequest): boolean {
  if (isEveryCodecLoaded()) return false
  return request.topicData.some(({ partitionData }) =>
    partitionData.some(
      ({ records }) => records !== null && batchCompression(records as Buffer, 0) === 'zstd',
    ),
  )
}
