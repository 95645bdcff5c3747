import { describe, expect, it } from 'vitest'
import type { Segment } from './segment.ts'
import { type CachedRun, TailCache } from './tail-cache.ts'

const SEGMENT = { baseOffset: 0 } as Segment

function fill(run: CachedRun, count: number, byteLength = 1000): void {
  for (let index = 0; index < count; index++) {
    run.add(Buffer.alloc(byteLength, index), index * 2, index * 2 + 2, SEGMENT, index * byteLength)
  }
}

describe('TailCache', () => {
  it('finds the batch that holds an offset, or the first behind it', () => {
    const run = new TailCache(1e6).openRun()
    fill(run, 5)
    run.add(Buffer.alloc(10), 20, 21, SEGMENT, 5000)
    expect([0, 1, 2, 9, 10, 15, 20].map((offset) => run.find(offset))).toEqual([0, 0, 1, 4, 5, 5, 5])
    expect(run.find(21)).toBe(-1)
  })

  it('keeps to its budget, the oldest going first, whosever it is', () => {
    const cache = new TailCache(12_000)
    const first = cache.openRun()
    const second = cache.openRun()
    fill(first, 5)
    fill(second, 8)
    expect(cache.usedBytes).toBeLessThanOrEqual(12_000)
    expect(first.count).toBe(2)
    expect(second.count).toBe(8)
    expect(first.find(5)).toBe(-1)
    expect(first.at(first.find(6)).baseOffset).toBe(6)
    fill(second, 0)
    first.clear()
    expect(cache.usedBytes).toBeLessThanOrEqual(8 * 1200)
    expect(first.find(6)).toBe(-1)
  })

  it('forgets what was cut off', () => {
    const cache = new TailCache(1e6)
    const run = cache.openRun()
    fill(run, 5)
    run.truncateTo(6)
    expect([run.count, run.find(6)]).toEqual([3, -1])
    run.truncateTo(0)
    expect([run.count, cache.usedBytes]).toEqual([0, 0])
  })

  it('ends a stretch at the limit, at the bytes asked for, and at the segment', () => {
    const run = new TailCache(1e6).openRun()
    fill(run, 5)
    run.add(Buffer.alloc(10), 10, 11, { baseOffset: 10 } as Segment, 0)
    expect(run.endWithin(1, 100, 1e9)).toBe(5)
    expect(run.endWithin(1, 6, 1e9)).toBe(3)
    expect(run.endWithin(1, 7, 1e9)).toBe(3)
    expect(run.endWithin(1, 100, 3999)).toBe(3)
    expect(run.endWithin(1, 100, 1999)).toBe(1)
  })

  it('holds no large buffer for the sake of a small slice', () => {
    const run = new TailCache(1e6).openRun()
    const frame = Buffer.alloc(1_000_000, 1)
    run.add(frame.subarray(0, 100), 0, 1, SEGMENT, 0)
    expect(run.at(0).bytes!.buffer.byteLength).toBeLessThan(100_000)
    run.add(frame.subarray(0, 100_000), 1, 2, SEGMENT, 100)
    expect(run.at(1)).toMatchObject({ bytes: null, byteLength: 100_000 })
    run.add(frame, 2, 3, SEGMENT, 100_100)
    expect(run.at(2)).toMatchObject({ bytes: null, byteLength: 1_000_000 })
  })

  it('keeps its bytes when the frame that they came in is used again', () => {
    const run = new TailCache(1e6).openRun()
    const frame = Buffer.alloc(4000, 1)
    run.add(frame.subarray(0, 3500), 0, 1, SEGMENT, 0)
    frame.fill(0xee)
    expect(run.at(0).bytes!.equals(Buffer.alloc(3500, 1))).toBe(true)
  })
})
