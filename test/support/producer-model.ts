import type { ProducerSnapshotEntry } from '../../src/storage/producer-snapshot.ts'

interface ModelBatch {
  readonly lastSequence: number
  readonly lastOffset: number
  readonly offsetDelta: number
  readonly timestampMs: number
}

interface ModelProducer {
  epoch: number
  coordinatorEpoch: number
  transactionFirstOffset: number
  timestampMs: number
  batches: ModelBatch[]
  /** When it wrote last, counted. */
  wroteAt: number
}

/** What is known of a partition's producers, in the plainest form: a map of objects that is copied as a whole. */
export class ProducerModel {
  endOffset = 0
  #producers = new Map<number, ModelProducer>()
  #decided: { firstOffset: number; markerOffset: number }[] = []
  #clock = 0
  readonly #producersMax: number

  constructor(producersMax: number) {
    this.#producersMax = producersMax
  }

  get count(): number {
    return this.#producers.size
  }

  append(
    producerId: number,
    batch: { epoch: number; sequence: number; count: number; timestampMs: number; isTransactional: boolean },
  ): void {
    const producer = this.#producer(producerId, batch.epoch)
    const baseOffset = this.endOffset
    this.endOffset += batch.count
    producer.batches = [
      ...producer.batches,
      {
        lastSequence: batch.sequence + batch.count - 1,
        lastOffset: this.endOffset - 1,
        offsetDelta: batch.count - 1,
        timestampMs: batch.timestampMs,
      },
    ].slice(-5)
    producer.timestampMs = batch.timestampMs
    if (batch.isTransactional && producer.transactionFirstOffset < 0)
      producer.transactionFirstOffset = baseOffset
  }

  end(producerId: number, marker: { epoch: number; coordinatorEpoch: number; timestampMs: number }): void {
    const producer = this.#producer(producerId, marker.epoch)
    const markerOffset = this.endOffset++
    producer.coordinatorEpoch = marker.coordinatorEpoch
    producer.timestampMs = marker.timestampMs
    const firstOffset = producer.transactionFirstOffset
    if (firstOffset >= 0) this.#decided.push({ firstOffset, markerOffset })
    producer.transactionFirstOffset = -1
  }

  expire(nowMs: number, expirationMs: number): void {
    for (const [producerId, producer] of this.#producers)
      if (producer.transactionFirstOffset < 0 && nowMs - producer.timestampMs >= expirationMs)
        this.#producers.delete(producerId)
  }

  firstOpenOffset(highWatermark: number): number | null {
    const offsets = [...this.#producers.values()].map((producer) => producer.transactionFirstOffset)
    for (const { firstOffset, markerOffset } of this.#decided)
      if (markerOffset >= highWatermark) offsets.push(firstOffset)
    const open = offsets.filter((offset) => offset >= 0)
    return open.length === 0 ? null : Math.min(...open)
  }

  /**
   * As a start from a snapshot leaves it: who wrote last is read off the batches that it tells of, and where a marker
   * followed the last of them its time is the marker's, as in Kafka's file. Of those who left only markers the first of
   * `producerIds`, as the file has them, counts as silent for longest.
   */
  restarted(producerIds: readonly number[]): void {
    this.#decided = []
    const places = new Map(producerIds.map((producerId, place) => [producerId, place]))
    this.#producers = new Map(
      [...this.#producers].sort(([left], [right]) => places.get(left)! - places.get(right)!),
    )
    for (const producer of this.#producers.values()) {
      const last = producer.batches.pop()
      if (last !== undefined) producer.batches.push({ ...last, timestampMs: producer.timestampMs })
      producer.wroteAt = last?.lastOffset ?? -1
    }
    this.#clock = this.endOffset
  }

  /** Entries of a snapshot, by producer id, the batches of one oldest first. */
  entries(): ProducerSnapshotEntry[] {
    const byId = [...this.#producers].sort(([left], [right]) => left - right)
    return byId.flatMap(([producerId, { batches, ...producer }]) =>
      (batches.length === 0 ? [NO_BATCH] : batches).map((batch, index) => ({
        producerId,
        producerEpoch: producer.epoch,
        ...batch,
        timestampMs: index + 1 >= batches.length ? producer.timestampMs : batch.timestampMs,
        coordinatorEpoch: producer.coordinatorEpoch,
        transactionFirstOffset: producer.transactionFirstOffset,
      })),
    )
  }

  #producer(producerId: number, epoch: number): ModelProducer {
    let producer = this.#producers.get(producerId)
    if (producer === undefined) {
      if (this.#producers.size >= this.#producersMax) this.#evict()
      producer = {
        epoch,
        coordinatorEpoch: -1,
        transactionFirstOffset: -1,
        timestampMs: -1,
        batches: [],
        wroteAt: 0,
      }
      this.#producers.set(producerId, producer)
    }
    if (epoch !== producer.epoch) producer.batches = []
    producer.epoch = epoch
    producer.wroteAt = ++this.#clock
    return producer
  }

  #evict(): void {
    const idle = [...this.#producers].filter(([, producer]) => producer.transactionFirstOffset < 0)
    idle.sort(([, left], [, right]) => left.wroteAt - right.wroteAt)
    if (idle.length > 0) this.#producers.delete(idle[0]![0])
  }
}

const NO_BATCH: ModelBatch = { lastSequence: -1, lastOffset: -1, offsetDelta: 0, timestampMs: -1 }
