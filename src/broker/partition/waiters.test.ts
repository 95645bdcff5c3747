import { describe, expect, it } from 'vitest'
import { ManualEnvironment } from '../../base/environment.ts'
import { FetchWatch, FetchWatchers, OffsetWaiters } from './waiters.ts'

function recorder() {
  const calls: string[] = []
  const waiter = (name: string) => ({ reached: (code: number) => calls.push(`${name}:${code}`) })
  return { calls, waiter }
}

describe('OffsetWaiters', () => {
  it('answers in order, each when its offset is reached and once', () => {
    const { calls, waiter } = recorder()
    const waiters = new OffsetWaiters()
    waiters.add(3, 100, waiter('a'))
    waiters.add(5, 100, waiter('b'))
    waiters.advance(2)
    expect(calls).toEqual([])
    waiters.advance(4)
    waiters.advance(9)
    expect(calls).toEqual(['a:0', 'b:0'])
    expect(waiters.count).toBe(0)
  })

  it('G1: a retry that waits for an older original is answered with it', () => {
    const { calls, waiter } = recorder()
    const waiters = new OffsetWaiters()
    waiters.add(3, 100, waiter('first'))
    waiters.add(9, 100, waiter('last'))
    waiters.add(3, 100, waiter('retry'))
    waiters.advance(3)
    expect(calls).toEqual(['first:0', 'retry:0'])
  })

  it('fails those who wait for what cannot be written now, in order, and only those', () => {
    const { calls, waiter } = recorder()
    const waiters = new OffsetWaiters()
    for (const [name, endOffset] of [
      ['written', 3],
      ['queued', 5],
      ['behind', 9],
    ] as const)
      waiters.add(endOffset, 100, waiter(name))
    waiters.failBeyond(3, 56)
    expect(calls).toEqual(['queued:56', 'behind:56'])
    waiters.failBeyond(3, 56)
    waiters.add(5, 100, waiter('again'))
    waiters.advance(5)
    expect(calls).toEqual(['queued:56', 'behind:56', 'written:0', 'again:0'])
  })

  it('fails those who are late, and only those', () => {
    const { calls, waiter } = recorder()
    const waiters = new OffsetWaiters()
    waiters.add(3, 100, waiter('late'))
    waiters.add(5, 900, waiter('early'))
    waiters.expire(100, 7)
    expect(calls).toEqual(['late:7'])
    waiters.fail(56)
    expect(calls).toEqual(['late:7', 'early:56'])
  })

  it('survives a waiter that adds another while it is told', () => {
    const waiters = new OffsetWaiters()
    const calls: number[] = []
    waiters.add(1, 100, { reached: () => waiters.add(2, 100, { reached: (code) => calls.push(code) }) })
    waiters.advance(1)
    expect(waiters.count).toBe(1)
    waiters.advance(2)
    expect(calls).toEqual([0])
  })
})

describe('FetchWatch', () => {
  it('E1: wakes once, when its partitions together have gained enough', () => {
    const environment = new ManualEnvironment()
    const [one, two] = [new FetchWatchers(), new FetchWatchers()]
    let wakes = 0
    const watch = new FetchWatch(100, () => wakes++)
    watch.watch(one)
    watch.watch(two)
    watch.start(environment, 500)
    one.gained(60)
    expect(wakes).toBe(0)
    two.gained(40)
    two.gained(40)
    expect(wakes).toBe(1)
    expect(one.count + two.count + environment.pendingTimers).toBe(0)
  })

  it('wakes when its time is over, not after it was cancelled', () => {
    const environment = new ManualEnvironment()
    let wakes = 0
    const watch = new FetchWatch(1, () => wakes++)
    watch.start(environment, 500)
    environment.advance(500)
    expect(wakes).toBe(1)
    const gone = new FetchWatch(1, () => wakes++)
    gone.start(environment, 500)
    gone.cancel()
    environment.advance(500)
    expect(wakes).toBe(1)
  })

  it('C15: a partition that goes away wakes whoever is parked on it', () => {
    const watchers = new FetchWatchers()
    let wakes = 0
    new FetchWatch(1e9, () => wakes++).watch(watchers)
    watchers.wakeAll()
    expect(wakes).toBe(1)
  })
})
