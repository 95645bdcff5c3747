import { describe, expect, test } from 'vitest'
import { DECOMPRESSION_LIMITS, loadCompression, UnpackScratch } from './compression.ts'
import { recompressed } from './recompression.ts'
import { sealBatch } from './record-batch.ts'
import { decodeRecords, encodeBatch } from './records.ts'
import { NO_DEMANDS } from './records-check.ts'

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
    const [quick, dense] = [fast, small].map(
      (level) =>
        recompressed(batch, codec, level, NO_DEMANDS, DECOMPRESSION_LIMITS, new UnpackScratch(0)).batch!,
    ) as [Buffer, Buffer]
    expect(dense.length).toBeLessThan(quick.length)
    for (const made of [quick, dense]) expect(decodeRecords(made)).toEqual(decodeRecords(batch))
  })

  test('its records are judged once, on the way', () => {
    const cut = Buffer.from(batch)
    cut[61] = 3
    sealBatch(cut, 0)
    const made = recompressed(cut, 'gzip', undefined, NO_DEMANDS, DECOMPRESSION_LIMITS, new UnpackScratch(0))
    expect(made).toMatchObject({ batch: null, verdict: { fault: 'bad-length', faultIndex: 0 } })
  })
})
