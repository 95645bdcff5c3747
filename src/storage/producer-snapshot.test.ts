import { describe, expect, it } from 'vitest'
import { hurriedEnvironment } from '../../test/support/hurried.ts'
import { producerSnapshotOf } from '../../test/support/producer-snapshot.ts'
import { Turn } from '../base/turn.ts'
import { crc32c } from '../protocol/crc32c.ts'
import { readProducerSnapshot, visitProducerSnapshot } from './producer-snapshot.ts'

const TIMES = { start: 1795502447535, second: 1795502447542, open: 1795502447550 }

/** As Kafka 4.3 wrote it, and what its dump tool prints of it. */
const KAFKA_FILE = Buffer.from(
  '0001ef8d367200000004' +
    '0000000000000071000000000004000000000000000800000000000001a20c491baf00000000ffffffffffffffff' +
    '0000000000000072000000000001000000000000001100000000000001a20c491bb600000000ffffffffffffffff' +
    '0000000000000073000000000001000000000000001400000001000001a20c491bbeffffffff0000000000000013' +
    '000000000000006f000000000007000000000000001000000006000001a20c491bafffffffffffffffffffffffff',
  'hex',
)
const KAFKA_ROWS: readonly (readonly [number, number, number, number, number, number, number])[] = [
  [113, 4, 8, 0, TIMES.start, 0, -1],
  [114, 1, 17, 0, TIMES.second, 0, -1],
  [115, 1, 20, 1, TIMES.open, -1, 19],
  [111, 7, 16, 6, TIMES.start, -1, -1],
]
const KAFKA_ENTRIES = KAFKA_ROWS.map(
  ([
    producerId,
    lastSequence,
    lastOffset,
    offsetDelta,
    timestampMs,
    coordinatorEpoch,
    transactionFirstOffset,
  ]) => ({
    producerId,
    producerEpoch: 0,
    lastSequence,
    lastOffset,
    offsetDelta,
    timestampMs,
    coordinatorEpoch,
    transactionFirstOffset,
  }),
)

describe('producer snapshot', () => {
  it('reads what Kafka wrote, and writes the same bytes', () => {
    const entries = readProducerSnapshot(KAFKA_FILE)
    expect(entries).toEqual(KAFKA_ENTRIES)
    expect('fault' in entries ? null : producerSnapshotOf(entries)).toEqual(KAFKA_FILE)
  })

  it('keeps the extremes of every field, and an empty list', () => {
    const entry = {
      producerId: 2 ** 52,
      producerEpoch: 32767,
      lastSequence: 2 ** 31 - 1,
      lastOffset: 2 ** 52 + 1,
      offsetDelta: 2 ** 31 - 1,
      timestampMs: -1,
      coordinatorEpoch: 2 ** 31 - 1,
      transactionFirstOffset: 2 ** 52,
    }
    expect(readProducerSnapshot(producerSnapshotOf([entry]))).toEqual([entry])
    expect(readProducerSnapshot(producerSnapshotOf([]))).toEqual([])
  })

  it('names every truncation and every flipped bit', () => {
    for (let end = 0; end < KAFKA_FILE.length; end++)
      expect(readProducerSnapshot(KAFKA_FILE.subarray(0, end))).toEqual({
        fault: end < 10 ? 'truncated' : 'bad-crc',
      })
    for (let bit = 0; bit < KAFKA_FILE.length * 8; bit++) {
      const flipped = Buffer.from(KAFKA_FILE)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      expect(readProducerSnapshot(flipped)).toEqual({ fault: bit < 16 ? 'bad-version' : 'bad-crc' })
    }
  })

  it('refuses entries and counts that make no sense, whatever the CRC says', () => {
    const entry = { ...KAFKA_ENTRIES[0]!, producerId: -5 }
    expect(readProducerSnapshot(producerSnapshotOf([entry]))).toEqual({ fault: 'bad-entry' })
    for (const count of [-1, 1, 2 ** 31 - 1]) {
      const file = producerSnapshotOf([])
      file.writeInt32BE(count, 6)
      file.writeUInt32BE(crc32c(file, 6, file.length), 2)
      expect(readProducerSnapshot(file)).toEqual({ fault: 'bad-count' })
    }
  })

  it('refuses one that knows of what its log had not yet, at the offset that it was taken at', () => {
    const last = KAFKA_ENTRIES[2]!.lastOffset
    expect(readProducerSnapshot(KAFKA_FILE, last + 1)).toHaveLength(4)
    expect(readProducerSnapshot(KAFKA_FILE, last)).toEqual({ fault: 'bad-entry' })
    const open = { ...KAFKA_ENTRIES[0]!, lastOffset: -1, transactionFirstOffset: 30 }
    expect(readProducerSnapshot(producerSnapshotOf([open]), 31)).toHaveLength(1)
    expect(readProducerSnapshot(producerSnapshotOf([open]), 30)).toEqual({ fault: 'bad-entry' })
  })

  it('is read in turns of the event loop: others run before it is done', async () => {
    const environment = hurriedEnvironment()
    const entries = Array.from({ length: 5000 }, (_, producerId) => ({ ...KAFKA_ENTRIES[0]!, producerId }))
    let seen = 0
    const file = producerSnapshotOf(entries)
    const fault = await visitProducerSnapshot(file, 100, new Turn(environment), () => seen++)
    expect([fault, seen]).toEqual([null, 5000])
    expect(environment.turns).toBeGreaterThan(3)
  })
})
