import { describe, expect, test } from 'vitest'
import { loadCompression } from './compression.ts'
import { recompressed } from './recompression.ts'
import { decodeRecords, encodeBatch } from './records.ts'

const words = Array.from({ length: 5000 }, (_, index) => `${(index * 2654435761) % 997}-${index % 91}`)
const batch = encodeBatch({
  records: words.map((word) => ({ timestamp: 1000, key: null, value: Buffer.from(word) })),
})

describe('a batch gets another codec', () => {
  test.each([
    ['gzip', 1, 9],
    ['zstd', -50, 19],
  ] as const)('%s at the level that is asked for, with the same records', async (codec, fast, small) => {
    await loadCompression()
    const [quick, dense] = [recompressed(batch, codec, fast)!, recompressed(batch, codec, small)!]
    expect(dense.length).toBeLessThan(quick.length)
    for (const made of [quick, dense]) expect(decodeRecords(made)).toEqual(decodeRecords(batch))
  })
})
