import { expect, it } from 'vitest'
import { hurriedEnvironment } from '../../test/support/hurried.ts'
import fc from '../../test/support/property.ts'
import { sortInTurns } from './sort-in-turns.ts'
import { Turn } from './turn.ts'

const turn = (): Turn => new Turn(hurriedEnvironment())

it('sorts as an array does, and leaves in their order those of one key', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: -3, max: 20 }), { maxLength: 200, size: 'max' }),
      async (keys) => {
        const items = Uint32Array.from(keys.keys())
        const wanted = [...items].sort((left, right) => keys[left]! - keys[right]!)
        expect([...(await sortInTurns(items, Float64Array.from(keys), turn()))]).toEqual(wanted)
      },
    ),
  )
})

it('lets others run meanwhile', async () => {
  const environment = hurriedEnvironment()
  const keys = Float64Array.from({ length: 20_000 }, (_, index) => (index * 7919) % 20_000)
  const sorted = await sortInTurns(Uint32Array.from(keys.keys()), keys, new Turn(environment))
  expect([...sorted].every((item, rank) => keys[item] === rank)).toBe(true)
  expect(environment.turns).toBeGreaterThan(20)
})
