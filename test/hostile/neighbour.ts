import { batchOf, fetchOne, produce } from '../support/data-requests.ts'
import type { WireClient } from '../support/wire-client.ts'

const PAUSE_MS = 4

/** What a well-behaved client waited, ms, 99 times of a hundred at most. */
export interface Waits {
  readonly produceP99Ms: number
  readonly fetchP99Ms: number
  readonly count: number
}

/** A client with manners: produces a small batch with acks=all, reads it back, pauses, for so long. */
export async function waitsOfNeighbour(client: WireClient, topic: string, forMs: number): Promise<Waits> {
  const produced: number[] = []
  const fetched: number[] = []
  const batch = batchOf(['x'.repeat(200)])
  const endMs = performance.now() + forMs
  while (performance.now() < endMs) {
    const startMs = performance.now()
    const { baseOffset, errorCode } = await produce(client, topic, Buffer.from(batch))
    const producedMs = performance.now()
    if (errorCode !== 0) throw new Error(`the neighbour was refused: ${errorCode}`)
    await fetchOne(client, topic, { fetchOffset: baseOffset })
    fetched.push(performance.now() - producedMs)
    produced.push(producedMs - startMs)
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  return { produceP99Ms: p99(produced), fetchP99Ms: p99(fetched), count: produced.length }
}

function p99(values: number[]): number {
  values.sort((a, b) => a - b)
  return values[Math.min(values.length - 1, Math.floor(values.length * 0.99))] ?? Number.NaN
}
