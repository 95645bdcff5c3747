import { expect, test } from 'vitest'
import { ManualEnvironment } from '../../base/environment.ts'
import { Newcomers } from './newcomers.ts'

function newcomersOf(silentMsMax: number) {
  const environment = new ManualEnvironment()
  const gone: { hasSpoken: boolean }[] = []
  const newcomers = new Newcomers<{ hasSpoken: boolean }>(environment, silentMsMax, (newcomer) => {
    gone.push(newcomer)
    newcomers.forget(newcomer)
  })
  return { environment, newcomers, gone }
}

test('who says nothing is given up soon after the limit, who has spoken stays and is watched no longer', () => {
  const { environment, newcomers, gone } = newcomersOf(5000)
  const [silent, spoken] = [{ hasSpoken: false }, { hasSpoken: false }]
  newcomers.add(silent)
  newcomers.add(spoken)
  environment.advance(4900)
  spoken.hasSpoken = true
  environment.advance(100)
  expect(gone).toEqual([])
  environment.advance(2000)
  expect(gone).toEqual([silent])
  expect(environment.pendingTimers).toBe(0)
})

test('after a time in which the process stood still, what came meanwhile is read before anybody is given up', () => {
  const { environment, newcomers, gone } = newcomersOf(5000)
  const late = { hasSpoken: false }
  newcomers.add(late)
  // One look finds it; its first bytes are read between this look and the next.
  environment.advance(5000)
  late.hasSpoken = true
  environment.advance(60_000)
  expect(gone).toEqual([])
})

test('a limit of 0 is none', () => {
  const { environment, newcomers, gone } = newcomersOf(0)
  newcomers.add({ hasSpoken: false })
  environment.advance(3_600_000)
  expect(gone).toEqual([])
  expect(environment.pendingTimers).toBe(0)
})
