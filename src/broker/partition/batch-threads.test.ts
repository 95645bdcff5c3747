import { EventEmitter } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { DECOMPRESSION_LIMITS, UnpackScratch } from '../../protocol/compression.ts'
import { batchCompression } from '../../protocol/record-batch.ts'
import { encodeBatch } from '../../protocol/records.ts'
import { NO_DEMANDS } from '../../protocol/records-check.ts'
import { BatchThreads } from './batch-threads.ts'
import { type BatchTask, type BatchWork, workOn } from './batch-work.ts'

const WORK: BatchWork = { codec: null, level: undefined, demands: NO_DEMANDS, limits: DECOMPRESSION_LIMITS }

/** A thread that works on the oldest of its tasks when the test says so. */
class ManualThread extends EventEmitter {
  readonly tasks: BatchTask[] = []
  unref(): void {}
  postMessage(task: BatchTask): void {
    this.tasks.push(task)
  }
  terminate(): Promise<number> {
    this.emit('exit', 1)
    return Promise.resolve(1)
  }
  /** The name of the batch that it has worked on. */
  step(): string {
    const { id, bytes, ...work } = this.tasks.shift()!
    const batch = Buffer.from(bytes.buffer)
    const { verdict, batch: made } = workOn(batch, work, new UnpackScratch(0))
    this.emit('message', { id, verdict, bytes: made === null ? null : new Uint8Array(made) })
    return nameOf(batch)
  }
}

function start() {
  const threads: ManualThread[] = []
  const batchThreads = new BatchThreads(() => {
    const thread = new ManualThread()
    threads.push(thread)
    return thread as unknown as Worker
  })
  return { threads, batchThreads }
}

function batchOf(name: string): Buffer {
  return encodeBatch({ records: [{ timestamp: 5, key: null, value: Buffer.from(name.padEnd(4)) }] })
}

function nameOf(batch: Buffer): string {
  return batch.toString('latin1', batch.length - 5, batch.length - 1).trim()
}

describe('threads for batches', () => {
  it('take turns among those who have sent several', () => {
    const { threads, batchThreads } = start()
    const [greedy, modest] = [{}, {}]
    for (let index = 0; index < 20; index++) void batchThreads.run(greedy, batchOf(`g${index}`), WORK)
    void batchThreads.run(modest, batchOf('m0'), WORK)
    void batchThreads.run(modest, batchOf('m1'), WORK)
    expect(threads.map(({ tasks }) => tasks.length)).toEqual([2, 2])
    const order: string[] = []
    while (threads.some(({ tasks }) => tasks.length > 0))
      for (const thread of threads) if (thread.tasks.length > 0) order.push(thread.step())
    expect(order.length).toBe(22)
    // Four were with the threads when the others came.
    expect(order.indexOf('m0')).toBeLessThanOrEqual(6)
    expect(order.indexOf('m1')).toBeLessThanOrEqual(8)
    expect(order.filter((name) => name.startsWith('g'))).toEqual(
      Array.from({ length: 20 }, (_, index) => `g${index}`),
    )
  })

  it('answer each with what is its own', async () => {
    const { threads, batchThreads } = start()
    const good = batchThreads.run({}, batchOf('a'), { ...WORK, codec: 'gzip' })
    const damaged = batchOf('b')
    damaged[61] = 3
    const bad = batchThreads.run({}, damaged, WORK)
    threads[1]!.step()
    threads[0]!.step()
    expect(batchCompression((await good).batch!, 0)).toBe('gzip')
    expect(await bad).toMatchObject({ batch: null, verdict: { fault: 'bad-length' } })
  })

  it('that die leave what they had to the calling one, and others follow', async () => {
    const { threads, batchThreads } = start()
    const results = [0, 1, 2, 3, 4, 5].map((index) => batchThreads.run({}, batchOf(`${index}`), WORK))
    threads[0]!.emit('exit', 1)
    threads[1]!.emit('exit', 1)
    expect((await results[0]!).verdict.fault).toBe(null)
    const left = threads.slice(2)
    expect(left.map(({ tasks }) => tasks.length)).toEqual([2])
    for (let count = 0; count < 2; count++) left[0]!.step()
    expect((await Promise.all(results)).every(({ verdict }) => verdict.fault === null)).toBe(true)
  })

  it('that die of what the calling one can not do either cost whoever asked for it, and nobody else', async () => {
    const { threads, batchThreads } = start()
    const impossible = batchThreads.run({}, batchOf('a'), { ...WORK, demands: null as never })
    threads[0]!.emit('exit', 1)
    await expect(impossible).rejects.toThrow(TypeError)
  })

  it('that the system does not give are done without', async () => {
    const thread = new ManualThread()
    let isGiven = true
    const batchThreads = new BatchThreads(() => {
      if (!isGiven) throw new Error('no thread is to be had')
      return thread as unknown as Worker
    })
    const first = batchThreads.run({}, batchOf('first'), WORK)
    isGiven = false
    const second = batchThreads.run({}, batchOf('second'), WORK)
    expect(thread.tasks.length).toBe(2)
    const third = batchThreads.run({}, batchOf('third'), WORK)
    thread.emit('exit', 1)
    for (const result of [first, second, third]) expect((await result).verdict.fault).toBe(null)
    expect((await batchThreads.run({}, batchOf('fourth'), WORK)).verdict.fault).toBe(null)
  })

  it('that are closed leave nothing unanswered', async () => {
    const { batchThreads } = start()
    const results = Array.from({ length: 9 }, (_, index) => batchThreads.run({}, batchOf(`${index}`), WORK))
    await batchThreads.close()
    results.push(batchThreads.run({}, batchOf('late'), WORK))
    expect((await Promise.all(results)).length).toBe(10)
  })
})
