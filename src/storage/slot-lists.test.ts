import { expect, it } from 'vitest'
import fc from '../../test/support/property.ts'
import { SlotLists } from './slot-lists.ts'

it('lists of slots have what arrays would have', () => {
  const step = fc.record({ slot: fc.nat(9), list: fc.nat(1) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const lists = new SlotLists(2)
      const model: number[][] = [[], []]
      for (const { slot, list } of steps) {
        const from = model.findIndex((slots) => slots.includes(slot))
        if (from >= 0) {
          lists.remove(from, slot)
          model[from] = model[from]!.filter((other) => other !== slot)
        }
        lists.append(list, slot)
        model[list]!.push(slot)
        for (const each of [0, 1])
          expect([lists.first(each), lists.last(each)]).toEqual([
            model[each]![0] ?? -1,
            model[each]!.at(-1) ?? -1,
          ])
      }
      for (const each of [0, 1])
        for (const slot of model[each]!) {
          expect(lists.first(each)).toBe(slot)
          lists.remove(each, slot)
        }
    }),
  )
})
