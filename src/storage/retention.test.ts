import { describe, expect, it } from 'vitest'
import { countExpiredSegments } from './retention.ts'

const SEGMENTS = [
  { byteLength: 100, timestampMs: 1000, endOffset: 10 },
  { byteLength: 100, timestampMs: 3000, endOffset: 20 },
  { byteLength: 100, timestampMs: 2000, endOffset: 30 },
  { byteLength: 50, timestampMs: 4000, endOffset: 35 },
]

const KEEP = { nowMs: 10_000, retentionMs: -1, retentionBytes: -1, highWatermark: 35 }

describe('countExpiredSegments', () => {
  it('keeps everything where there is no limit', () => {
    expect(countExpiredSegments(SEGMENTS, KEEP)).toBe(0)
  })

  it('stops at the first segment whose newest record is young enough', () => {
    expect(countExpiredSegments(SEGMENTS, { ...KEEP, retentionMs: 7000 })).toBe(1)
    expect(countExpiredSegments(SEGMENTS, { ...KEEP, retentionMs: 9000 })).toBe(0)
    expect(countExpiredSegments(SEGMENTS, { ...KEEP, retentionMs: 6999 })).toBe(3)
    expect(countExpiredSegments(SEGMENTS, { ...KEEP, retentionMs: 0 })).toBe(4)
  })

  it('lets go only of what is more than the bytes to keep', () => {
    expect(countExpiredSegments(SEGMENTS, { ...KEEP, retentionBytes: 250 })).toBe(1)
    expect(countExpiredSegments(SEGMENTS, { ...KEEP, retentionBytes: 251 })).toBe(0)
    expect(countExpiredSegments(SEGMENTS, { ...KEEP, retentionBytes: 0 })).toBe(4)
  })

  it('never goes past the high watermark, nor takes an empty last segment', () => {
    expect(countExpiredSegments(SEGMENTS, { ...KEEP, retentionMs: 0, highWatermark: 29 })).toBe(2)
    const withEmpty = [...SEGMENTS, { byteLength: 0, timestampMs: 0, endOffset: 35 }]
    expect(countExpiredSegments(withEmpty, { ...KEEP, retentionMs: 0 })).toBe(4)
  })
})
