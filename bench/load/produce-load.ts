import { ZERO_UUID } from '../../src/base/uuid.ts'
import { loadCompression } from '../../src/protocol/compression.ts'
import { encodeBatch } from '../../src/protocol/records.ts'
import { patternBytes } from '../../test/support/names.ts'
import { percentile } from '../statistics.ts'
import { openAll } from './many-connections.ts'
import { answerOf, type Request, requestOf } from './wire-connection.ts'
import type { Orders, ProduceOutcome, ProduceTask } from './wire-tasks.ts'

const VERSION = 9
const TIMEOUT_MS = 60_000
/** Batches with keys that take turns, so that every key comes. */
const KEYED_BATCHES = 16

/** Sends a batch for the next partition on the next connection whenever one has been answered, or as time says. */
export async function produceLoad(task: ProduceTask, orders: Orders): Promise<ProduceOutcome> {
  const connections = await openAll(task.port, task.connections)
  await loadCompression()
  const requests = prepareRequests(task)
  const times = new Times()
  await orders.ready()
  const startMs = performance.now()
  const batches = await new Promise<number>((resolve, reject) => {
    let sent = 0
    let answered = 0
    let isStopping = false
    const isOver = (): boolean => isStopping || sent === task.batches
    const send = (): void => {
      const request = requests[sent % requests.length]!
      const connection = connections[sent % connections.length]!
      sent++
      const sentMs = performance.now()
      connection.send(request, (frame) => {
        times.add(performance.now() - sentMs)
        const code = errorCodeOf(frame)
        if (code !== 0) reject(new Error(`error ${code} on produce`))
        answered++
        if (answered === sent && isOver()) resolve(answered)
        else if (task.batchesPerSecond === undefined && !isOver()) send()
      })
    }
    for (const connection of connections)
      connection.onClose(() => reject(new Error('the broker closed a connection')))
    orders.stopped.then(() => {
      isStopping = true
      if (answered === sent) resolve(answered)
    })
    if (task.batchesPerSecond === undefined) {
      for (let index = 0; index < task.inFlight && !isOver(); index++) send()
    } else {
      const perMs = task.batchesPerSecond / 1000
      const timer = setInterval(() => {
        const due = (performance.now() - startMs) * perMs
        while (sent < due && sent - answered < task.inFlight && !isOver()) send()
        if (isOver()) clearInterval(timer)
      }, 5)
    }
  })
  const seconds = (performance.now() - startMs) / 1000
  for (const connection of connections) connection.close()
  const records = batches * task.batchRecords
  return { records, bytes: records * task.recordBytes, seconds, p50: times.at(0.5), p99: times.at(0.99) }
}

const TIMES_MAX = 100_000

/** Every time, or where there are many an even choice of them. */
class Times {
  readonly #values: number[] = []
  #every = 1
  #count = 0

  add(ms: number): void {
    if (this.#count++ % this.#every !== 0) return
    this.#values.push(ms)
    if (this.#values.length < TIMES_MAX) return
    this.#every *= 2
    for (let index = 0; index * 2 < TIMES_MAX; index++) this.#values[index] = this.#values[index * 2]!
    this.#values.length = TIMES_MAX / 2
  }

  at(share: number): number {
    return percentile(this.#values, share)
  }
}

function prepareRequests(task: ProduceTask): Request[] {
  const batches = Array.from({ length: task.keys === undefined ? 1 : KEYED_BATCHES }, (_, index) =>
    batchOf(task, index),
  )
  const count = Math.max(task.partitions, batches.length)
  return Array.from({ length: count }, (_, index) => {
    const partition = { index: index % task.partitions, records: batches[index % batches.length]! }
    return requestOf('Produce', VERSION, {
      transactionalId: null,
      acks: -1,
      timeoutMs: TIMEOUT_MS,
      topicData: [{ name: task.topic, topicId: ZERO_UUID, partitionData: [partition] }],
    })
  })
}

function batchOf({ batchRecords, recordBytes, keys, compression }: ProduceTask, batch: number): Buffer {
  const pattern = patternBytes(recordBytes)
  const valueAt = (index: number): Buffer =>
    compression === undefined ? pattern : textBytes(recordBytes, batch * batchRecords + index)
  const timestamp = Date.now()
  const keyOf = (index: number): Buffer | null =>
    keys === undefined ? null : Buffer.from(`key-${(batch * batchRecords + index) % keys}`)
  return encodeBatch({
    records: Array.from({ length: batchRecords }, (_, index) => ({
      timestamp,
      key: keyOf(index),
      value: valueAt(index),
    })),
    ...(compression !== undefined && { compression }),
  })
}

const WORDS = 'order,item,price,count,name,street,city,user,paid,open,true,false,null,EUR,2026,id'.split(',')

/** So many bytes of what looks like a log: few words, numbers between them, no two alike. */
function textBytes(count: number, seed: number): Buffer {
  let state = Math.imul(seed + 1, 0x9e3779b1)
  let text = ''
  while (text.length < count) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    text += `"${WORDS[(state >>> 24) % WORDS.length]}":${(state >>> 8) & 0xfff},`
  }
  return Buffer.from(text.slice(0, count), 'latin1')
}

function errorCodeOf(frame: Buffer): number {
  return answerOf('Produce', VERSION, frame).responses[0]!.partitionResponses[0]!.errorCode
}
