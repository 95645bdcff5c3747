import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ERROR_CODES } from '../../src/protocol/error-codes.ts'
import { batchOf, fetchOne, produce } from '../support/data-requests.ts'
import { MemoryBroker } from '../support/memory-broker.ts'
import type { WireClient } from '../support/wire-client.ts'

let broker: MemoryBroker
let client: WireClient

beforeAll(async () => {
  broker = await MemoryBroker.start()
  client = await broker.connect()
})

afterAll(() => broker.stop())

async function filled(name: string, configs: Readonly<Record<string, string>> = {}): Promise<void> {
  await broker.createTopic(client, name, configs)
  for (const values of [['a', 'b'], ['c'], ['d', 'e']]) await produce(client, name, batchOf(values))
}

async function deleteRecords(...asked: [topic: string, index: number, offset: number][]) {
  const topics = asked.map(([name, partitionIndex, offset]) => ({
    name,
    partitions: [{ partitionIndex, offset }],
  }))
  const answer = await client.call('DeleteRecords', 2, { topics, timeoutMs: 10_000 })
  return answer.topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, lowWatermark, errorCode }) => [
      `${name}-${partitionIndex}`,
      lowWatermark,
      errorCode,
    ]),
  )
}

describe('DeleteRecords', () => {
  it('H1: the log starts at the offset, readers before it are out of range', async () => {
    await filled('some')
    expect(await deleteRecords(['some', 0, 3])).toEqual([['some-0', 3, 0]])
    expect((await fetchOne(client, 'some', { fetchOffset: 2 })).errorCode).toBe(
      ERROR_CODES.OFFSET_OUT_OF_RANGE,
    )
    expect((await fetchOne(client, 'some', { fetchOffset: 3 })).logStartOffset).toBe(3)
    expect(await deleteRecords(['some', 0, 1])).toEqual([['some-0', 3, 0]])
  })

  it('H1: -1 is the high watermark, and what comes later goes on from there', async () => {
    await filled('all')
    expect(await deleteRecords(['all', 0, -1])).toEqual([['all-0', 5, 0]])
    expect((await produce(client, 'all', batchOf(['f']))).baseOffset).toBe(5)
    await broker.restart()
    client = await broker.connect()
    expect((await fetchOne(client, 'all', { fetchOffset: 5 })).logStartOffset).toBe(5)
    expect((await fetchOne(client, 'all', { fetchOffset: 4 })).errorCode).toBe(
      ERROR_CODES.OFFSET_OUT_OF_RANGE,
    )
  })

  it('C14: names every partition that was asked about, with what is wrong with it', async () => {
    await filled('one')
    await filled('compacted', { 'cleanup.policy': 'compact' })
    await filled('both', { 'cleanup.policy': 'compact,delete' })
    await filled('neither', { 'cleanup.policy': '' })
    expect(
      await deleteRecords(
        ['one', 0, 6],
        ['one', 1, 0],
        ['none', 3, 0],
        ['compacted', 0, 1],
        ['both', 0, 1],
        ['neither', 0, 1],
      ),
    ).toEqual([
      ['one-0', -1, ERROR_CODES.OFFSET_OUT_OF_RANGE],
      ['one-1', -1, ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION],
      ['none-3', -1, ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION],
      ['compacted-0', -1, ERROR_CODES.POLICY_VIOLATION],
      ['both-0', 1, 0],
      ['neither-0', 1, 0],
    ])
    expect(await deleteRecords(['one', 0, -2])).toEqual([['one-0', -1, ERROR_CODES.OFFSET_OUT_OF_RANGE]])
  })
})
