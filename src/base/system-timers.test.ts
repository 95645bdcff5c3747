import { describe, expect, it } from 'vitest'
import { systemEnvironment } from './environment.ts'

/** Timers that keep this process alive. */
function liveTimers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
}

describe('timers of the machine', () => {
  it('let a process end that waits for a time', () => {
    const before = liveTimers()
    const timer = systemEnvironment.setTimer(60_000, () => {})
    expect(liveTimers()).toBe(before)
    timer.cancel()
  })

  it('keep one that has only given the event loop back: a stop that is under way comes to its end', () => {
    const before = liveTimers()
    const timer = systemEnvironment.setTimer(0, () => {})
    expect(liveTimers()).toBe(before + 1)
    timer.cancel()
    expect(liveTimers()).toBe(before)
  })
})
