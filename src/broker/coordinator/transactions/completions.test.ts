import { describe, expect, it } from 'vitest'
import { ManualEnvironment } from '../../../base/environment.ts'
import { silentLogger } from '../../../base/logger.ts'
import type { ErrorName } from '../../../protocol/error-codes.ts'
import { Completions, type TransactionMarker } from './completions.ts'
import type { CompletionEffect } from './transaction-types.ts'

const EFFECT: CompletionEffect = {
  transactionalId: 't',
  producerId: 7,
  producerEpoch: 3,
  isCommit: true,
  partitions: [
    { topic: 'a', partitions: [0, 1] },
    { topic: 'b', partitions: [5] },
  ],
  clientVersion: 2,
}

/** Answers each partition with its errors in turn, then with NONE. */
function start(errors: Record<string, ErrorName[]> = {}) {
  const environment = new ManualEnvironment()
  const written: string[] = []
  const markers: TransactionMarker[] = []
  const finished: CompletionEffect[] = []
  const completions = new Completions({
    environment,
    logger: silentLogger,
    coordinatorEpoch: 4,
    targets: {
      async write(topic, partition, marker) {
        written.push(`${topic}-${partition}`)
        markers.push(marker)
        return errors[`${topic}-${partition}`]?.shift() ?? 'NONE'
      },
    },
    finished: (effect) => finished.push(effect),
  })
  return { environment, completions, written, markers, finished }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}

describe('Completions', () => {
  it('writes the marker to every partition, then says so', async () => {
    const { completions, written, markers, finished } = start()
    completions.begin(EFFECT)
    await settle()
    expect(written).toEqual(['a-0', 'a-1', 'b-5'])
    expect(markers[0]).toEqual({
      producerId: 7,
      producerEpoch: 3,
      coordinatorEpoch: 4,
      isCommit: true,
      transactionVersion: 2,
    })
    expect(finished).toEqual([EFFECT])
  })

  it('tries again where it failed, and only there, until it does not', async () => {
    const { environment, completions, written, finished } = start({
      'a-1': ['NOT_LEADER_OR_FOLLOWER', 'REQUEST_TIMED_OUT'],
    })
    completions.begin(EFFECT)
    await settle()
    expect([written.length, finished.length]).toEqual([3, 0])
    for (let times = 0; times < 2; times++) {
      environment.advance(100)
      await settle()
    }
    expect(written.slice(3)).toEqual(['a-1', 'a-1'])
    expect(finished).toEqual([EFFECT])
  })

  it('passes over partitions that are gone, or that others have ended the transaction in', async () => {
    const { completions, finished } = start({
      'a-0': ['UNKNOWN_TOPIC_OR_PARTITION'],
      'a-1': ['INVALID_PRODUCER_EPOCH'],
      'b-5': ['TRANSACTION_COORDINATOR_FENCED'],
    })
    completions.begin(EFFECT)
    await settle()
    expect(finished).toEqual([EFFECT])
  })

  it('a transaction without partitions is complete at once', async () => {
    const { completions, finished } = start()
    completions.begin({ ...EFFECT, partitions: [] })
    await settle()
    expect(finished.length).toBe(1)
  })

  it('does nothing more when the leadership is lost', async () => {
    const { environment, completions, written, finished } = start({ 'b-5': ['COORDINATOR_NOT_AVAILABLE'] })
    completions.begin(EFFECT)
    await settle()
    completions.close()
    environment.advance(1000)
    await settle()
    expect([written.length, finished.length, environment.pendingTimers]).toEqual([3, 0, 0])
  })
})
