import { expect, it } from 'vitest'
import fc from '../../test/support/property.ts'
import { DescriptorBudget, type DescriptorKind } from './descriptor-budget.ts'

const SHARES = { log: 4, connection: 2, other: 1 }

function takeAll(budget: DescriptorBudget, kind: DescriptorKind): number {
  let count = 0
  while (budget.take(kind)) count++
  return count
}

it('no kind takes the share of another, however many it asks for', () => {
  const budget = new DescriptorBudget(10, SHARES)
  expect(takeAll(budget, 'connection')).toBe(5)
  expect(takeAll(budget, 'log')).toBe(4)
  expect(takeAll(budget, 'other')).toBe(1)
})

it('what is beside the shares goes to whoever comes first', () => {
  const budget = new DescriptorBudget(10, SHARES)
  expect([budget.room('log'), budget.limit('connection')]).toEqual([7, 5])
  expect(takeAll(budget, 'log')).toBe(7)
  expect(takeAll(budget, 'connection')).toBe(2)
  budget.release('log')
  expect(budget.take('connection')).toBe(true)
  expect(budget.take('log')).toBe(false)
})

it('who waits is granted one in turn, and nobody of its kind passes it', () => {
  const budget = new DescriptorBudget(3, { log: 1, connection: 1, other: 1 })
  budget.take('log')
  const granted: string[] = []
  expect(budget.enter('log', () => granted.push('first'))).not.toBeNull()
  const withdraw = budget.enter('log', () => granted.push('second'))
  budget.enter('log', () => granted.push('third'))
  withdraw!()
  withdraw!()
  expect(budget.waiting('log')).toBe(2)
  budget.release('log')
  expect(granted).toEqual(['first'])
  expect(budget.take('log')).toBe(false)
  budget.release('log')
  expect(granted).toEqual(['first', 'third'])
})

it('who need not wait is told so', () => {
  const budget = new DescriptorBudget(3, { log: 1, connection: 1, other: 1 })
  expect(budget.enter('log', () => {})).toBeNull()
  expect(budget.used('log')).toBe(1)
})

it('a descriptor that another kind gives back beyond its share goes to one that waits', () => {
  const budget = new DescriptorBudget(4, { log: 1, connection: 1, other: 1 })
  budget.take('connection')
  budget.take('connection')
  budget.take('log')
  let isGranted = false
  budget.enter('log', () => {
    isGranted = true
  })
  budget.release('connection')
  expect(isGranted).toBe(true)
})

it('a process without a limit has room for everybody', () => {
  const budget = DescriptorBudget.of(Number.POSITIVE_INFINITY)
  expect(budget.limit('connection')).toBe(Number.POSITIVE_INFINITY)
  expect(budget.take('log')).toBe(true)
})

it('whatever is taken and given back, the whole is never exceeded and every share is to be had', () => {
  const kind = fc.constantFrom<DescriptorKind>('log', 'connection', 'other')
  const step = fc.record({ kind, isTake: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 8, max: 40 }), (steps, capacity) => {
      const budget = DescriptorBudget.of(capacity)
      for (const { kind, isTake } of steps) {
        if (isTake) budget.take(kind)
        else if (budget.used(kind) > 0) budget.release(kind)
      }
      for (const each of ['log', 'connection', 'other'] as const)
        while (budget.used(each) < budget.shares[each]) expect(budget.take(each)).toBe(true)
      const used = budget.used('log') + budget.used('connection') + budget.used('other')
      expect(used).toBeLessThanOrEqual(capacity)
    }),
  )
})
