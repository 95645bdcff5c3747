import { describe, expect, it } from 'vitest'
import { systemEnvironment } from '../base/environment.ts'
import { Turn } from '../base/turn.ts'
import { inParallel } from './in-parallel.ts'

/** A clock that goes on by a millisecond whenever it is looked at, and counts the turns that are given back. */
function hurried(): { turn: Turn; turns: () => number } {
  let nowMs = 0
  let count = 0
  const turn = new Turn({
    ...systemEnvironment,
    monotonicMs: () => nowMs++,
    setTimer(delayMs, callback) {
      count++
      return systemEnvironment.setTimer(delayMs, callback)
    },
  })
  return { turn, turns: () => count }
}

describe('work on many logs', () => {
  it('is done with each of them once, no more than sixteen at a time', async () => {
    const done: number[] = []
    let underWay = 0
    let underWayMax = 0
    const items = Array.from({ length: 100 }, (_, index) => index)
    await inParallel(items, hurried().turn, async (item) => {
      underWayMax = Math.max(underWayMax, ++underWay)
      await Promise.resolve()
      underWay--
      done.push(item)
    })
    expect(done.sort((one, other) => one - other)).toEqual(items)
    expect(underWayMax).toBe(16)
  })

  it('gives the event loop back where there is nothing to wait for', async () => {
    const { turn, turns } = hurried()
    await inParallel(new Array<number>(100).fill(0), turn, () => null)
    expect(turns()).toBeGreaterThan(10)
  })

  it('fails as the first of them does', async () => {
    const failing = inParallel([1, 2, 3], hurried().turn, async (item) => {
      if (item === 2) throw new Error('broken')
    })
    await expect(failing).rejects.toThrow('broken')
  })
})
