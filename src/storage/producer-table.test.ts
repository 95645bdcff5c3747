import { describe, expect, it } from 'vitest'
import { SLAB_PRODUCERS } from './producer-slab.ts'
import { ProducerTable, rowOf } from './producer-table.ts'

function tableOf(count: number): ProducerTable {
  const table = new ProducerTable()
  for (let producerId = 0; producerId < count; producerId++) table.add(producerId, 0)
  return table
}

describe('ProducerTable', () => {
  it('copies a slab once for all snapshots that hold it, and no more when they are released', () => {
    const table = tableOf(SLAB_PRODUCERS + 1)
    const before = table.slab(0)
    const [first, second] = [table.take(), table.take()]
    const copy = table.writable(0)
    expect(copy).not.toBe(before)
    expect(table.slab(0)).toBe(copy)
    expect(table.writable(1)).toBe(copy)
    first.release()
    expect(table.writable(0)).toBe(copy)
    // The other slab was not changed: both hold it, and after the second release nobody does.
    const last = table.slab(SLAB_PRODUCERS)
    second.release()
    second.release()
    expect(table.writable(SLAB_PRODUCERS)).toBe(last)
    expect([before.holders, copy.holders, last.holders]).toEqual([0, 0, 0])
  })

  it('uses the place of a producer that was forgotten for the next', () => {
    const table = tableOf(300)
    for (let producerId = 300; producerId < 2000; producerId++) {
      table.remove(table.longestIdle())
      table.add(producerId, 0)
    }
    expect([table.count, table.slotsEnd, table.find(1699), table.find(1700) >= 0]).toEqual([
      300,
      300,
      -1,
      true,
    ])
  })

  it('takes the memory that its producers need: one has one row, and an empty slab is given back', () => {
    expect(tableOf(1).slab(0).capacity).toBe(1)
    expect(tableOf(5).slab(0).capacity).toBe(8)
    const table = tableOf(3 * SLAB_PRODUCERS)
    for (let slot = SLAB_PRODUCERS; slot < 2 * SLAB_PRODUCERS; slot++) table.remove(slot)
    expect(table.slab(SLAB_PRODUCERS)).toBe(null)
    expect(table.isTaken(SLAB_PRODUCERS)).toBe(false)
    const slot = table.add(5000, 7)
    expect(table.slab(slot).epoch(rowOf(slot))).toBe(7)
  })

  it('names who has been silent for longest, and whose transaction began first', () => {
    const table = tableOf(4)
    table.setTransaction(2, 50)
    table.setTransaction(0, 60)
    expect([table.longestIdle(), table.firstOpen()]).toEqual([1, 2])
    table.touch(1)
    table.setTransaction(2, -1)
    expect([table.longestIdle(), table.firstOpen()]).toEqual([3, 0])
    table.remove(3)
    table.remove(1)
    expect([table.longestIdle(), table.firstOpen()]).toEqual([2, 0])
    table.remove(2)
    expect([table.longestIdle(), table.firstOpen()]).toEqual([-1, 0])
    table.remove(0)
    expect([table.count, table.slotsEnd, table.longestIdle(), table.firstOpen()]).toEqual([0, 0, -1, -1])
  })
})
