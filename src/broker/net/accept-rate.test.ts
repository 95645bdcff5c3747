import { expect, test } from 'vitest'
import { ManualEnvironment } from '../../base/environment.ts'
import { AcceptRate } from './accept-rate.ts'

function rateOf(perSecond: { max: number }) {
  const environment = new ManualEnvironment()
  const rate = new AcceptRate(environment, () => perSecond.max)
  const entered: number[] = []
  const enters = Array.from({ length: 100 }, (_, index) => () => {
    entered.push(index)
  })
  return { environment, rate, entered, enters }
}

test('as many as come in a second enter at once, the others in their order and at the rate', () => {
  const { environment, rate, entered, enters } = rateOf({ max: 10 })
  for (let index = 0; index < 30; index++) rate.admit(enters[index]!)
  expect(entered.length).toBe(10)
  environment.advance(99)
  expect(entered.length).toBe(10)
  environment.advance(1)
  expect(entered.length).toBe(11)
  environment.advance(1900)
  expect(entered).toEqual(Array.from({ length: 30 }, (_, index) => index))
  expect(rate.waitingCount).toBe(0)
  expect(environment.pendingTimers).toBe(0)
})

test('who comes while others wait does not overtake them', () => {
  const { environment, rate, entered, enters } = rateOf({ max: 1 })
  for (const index of [0, 1, 2]) rate.admit(enters[index]!)
  environment.advance(1500)
  rate.admit(enters[3]!)
  expect(entered).toEqual([0, 1])
  environment.advance(1500)
  expect(entered).toEqual([0, 1, 2, 3])
})

test('who gives up keeps no place, and no timer', () => {
  const { environment, rate, entered, enters } = rateOf({ max: 1 })
  for (const index of [0, 1, 2]) rate.admit(enters[index]!)
  rate.withdraw(enters[1]!)
  environment.advance(1000)
  expect(entered).toEqual([0, 2])
  rate.admit(enters[3]!)
  rate.withdraw(enters[3]!)
  expect(environment.pendingTimers).toBe(0)
})

test('without a limit nobody waits; a limit that is set later holds, and 0 lets one in a second', () => {
  const perSecond = { max: 2 ** 31 - 1 }
  const { environment, rate, entered, enters } = rateOf(perSecond)
  for (let index = 0; index < 50; index++) rate.admit(enters[index]!)
  expect(entered.length).toBe(50)
  perSecond.max = 0
  rate.admit(enters[50]!)
  rate.admit(enters[51]!)
  expect(entered.length).toBe(51)
  environment.advance(1000)
  expect(entered.length).toBe(52)
})
