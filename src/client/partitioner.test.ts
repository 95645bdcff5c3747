import { describe, expect, it } from 'vitest'
import { ManualEnvironment } from '../base/environment.ts'
import { murmur2, partitionOfKey, StickyPartitioner } from './partitioner.ts'

/** Computed by org.apache.kafka.common.utils.Utils of kafka-clients 4.3.1; partitions are of 12. */
const VECTORS: readonly [text: string, hash: number, partition: number][] = [
  ['', 275646681, 9],
  ['a', -1563381124, 4],
  ['ab', 316155434, 2],
  ['abc', 479470107, 3],
  ['21', -973932308, 0],
  ['foobar', -790332482, 6],
  ['a-little-bit-long-string', -985981536, 8],
  ['a-little-bit-longer-string', -1486304829, 11],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971, 5],
  ['héé', 572444188, 4],
]

describe('partitions of keys', () => {
  it.each(VECTORS)('are those of the Java client: %j', (text, hash, partition) => {
    expect(murmur2(Buffer.from(text))).toBe(hash)
    expect(partitionOfKey(Buffer.from(text), 12)).toBe(partition)
  })

  it('are those of the Java client for bytes of every value', () => {
    expect(murmur2(Uint8Array.from({ length: 256 }, (_, index) => index))).toBe(-1948347274)
  })
})

describe('records without a key', () => {
  it('stay on one partition until its batch is closed, then go to another', () => {
    const sticky = new StickyPartitioner(new ManualEnvironment())
    for (let round = 0; round < 20; round++) {
      const first = sticky.partition('t', [0, 1, 2])
      expect(sticky.partition('t', [0, 1, 2])).toBe(first)
      sticky.batchClosed('t', first)
      expect(sticky.partition('t', [0, 1, 2])).not.toBe(first)
    }
  })

  it('leave a partition that is not available, and stay on the only one there is', () => {
    const sticky = new StickyPartitioner(new ManualEnvironment())
    const first = sticky.partition('t', [0, 1])
    expect(sticky.partition('t', [1 - first])).toBe(1 - first)
    sticky.batchClosed('t', 1 - first)
    expect(sticky.partition('t', [1 - first])).toBe(1 - first)
  })

  it('are chosen for each topic by itself', () => {
    const sticky = new StickyPartitioner(new ManualEnvironment())
    const first = sticky.partition('a', [0, 1, 2, 3])
    sticky.batchClosed('b', first)
    expect(sticky.partition('a', [0, 1, 2, 3])).toBe(first)
  })
})
