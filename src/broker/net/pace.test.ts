import { describe, expect, test } from 'vitest'
import { Pace, stallMsMax } from './pace.ts'

/** Looks every 5 s while one transfer moves so many bytes between two looks; when it was found too slow, or null. */
function slowAfterMs(bytesEachLook: number, hurry = false): number | null {
  const pace = new Pace()
  let bytes = 0
  for (let nowMs = 0; nowMs <= 300_000; nowMs += 5000) {
    if (pace.isTooSlow(7, bytes, nowMs, hurry)) return nowMs
    bytes += bytesEachLook
  }
  return null
}

describe('the pace of a transfer', () => {
  test('below 1 KiB/s is too slow after 30 s, at it never', () => {
    expect(slowAfterMs(1)).toBe(30_000)
    expect(slowAfterMs(5 * 1024 - 1)).toBe(30_000)
    expect(slowAfterMs(5 * 1024)).toBe(null)
  })

  test('whoever keeps others waiting has 5 s and must be quick', () => {
    expect(slowAfterMs(5 * 1024, true)).toBe(5000)
    expect(slowAfterMs(5 * 256 * 1024, true)).toBe(null)
    expect([stallMsMax(false), stallMsMax(true)]).toEqual([30_000, 5000])
  })

  test('a burst at first does not pay for standing nearly still afterwards', () => {
    const pace = new Pace()
    pace.isTooSlow(1, 0, 0, false)
    expect(pace.isTooSlow(1, 10_000_000, 30_000, false)).toBe(false)
    expect(pace.isTooSlow(1, 10_000_010, 60_000, false)).toBe(true)
  })

  test('another transfer, or none, begins anew', () => {
    const pace = new Pace()
    for (let item = 0; item < 50; item++) expect(pace.isTooSlow(item, item, item * 29_000, false)).toBe(false)
    pace.isTooSlow(3, 0, 0, false)
    pace.isTooSlow(-1, 0, 20_000, false)
    expect(pace.isTooSlow(3, 0, 40_000, false)).toBe(false)
  })
})
