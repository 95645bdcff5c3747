import { describe, expect, it } from 'vitest'
import fc from '../../test/support/property.ts'
import { comparePositions } from '../base/log-position.ts'
import { type Mark, Marks } from './marks.ts'

function mark(term: number, startOffset: number, minor = 0): Mark {
  return { term, minor, startOffset, voters: [1], oldVoters: null }
}

function marks(...pairs: [term: number, startOffset: number, minor?: number][]): Marks {
  return new Marks(pairs.map((pair) => mark(...pair)))
}

function shape(subject: Marks): number[][] {
  return subject.list().map(({ term, minor, startOffset }) => [term, minor, startOffset])
}

describe('Marks', () => {
  it('are made in order, at the end of the log', () => {
    const subject = marks([1, 0], [3, 10], [3, 10, 1])
    expect(() => subject.append(mark(3, 20, 1))).toThrow('in order')
    expect(() => subject.append(mark(4, 9))).toThrow('end of the log')
    subject.append(mark(4, 10))
    expect(subject.position(25)).toEqual({ term: 4, minor: 0, offset: 25 })
  })

  it('an empty term is never dropped: several marks may share an offset', () => {
    const subject = marks([1, 0], [2, 5], [3, 5], [5, 5])
    expect(subject.termAt(4)).toBe(1)
    expect(subject.termAt(5)).toBe(5)
    expect(subject.spanEnd(1, 9)).toBe(5)
    expect(subject.contains({ term: 2, minor: 0, offset: 5 }, 9)).toBe(true)
    expect(subject.contains({ term: 2, minor: 0, offset: 6 }, 9)).toBe(false)
    expect(subject.contains({ term: 4, minor: 0, offset: 5 }, 9)).toBe(false)
    expect(subject.contains({ term: 5, minor: 0, offset: 9 }, 9)).toBe(true)
    expect(subject.contains({ term: 5, minor: 0, offset: 10 }, 9)).toBe(false)
  })

  it('are cut by position, not by offset', () => {
    const subject = marks([1, 0], [2, 5], [3, 5])
    subject.truncateTo({ term: 2, minor: 0, offset: 5 })
    expect(shape(subject)).toEqual([
      [1, 0, 0],
      [2, 0, 5],
    ])
    subject.truncateTo({ term: 1, minor: 0, offset: 5 })
    expect(shape(subject)).toEqual([[1, 0, 0]])
    expect(() => subject.truncateTo({ term: 2, minor: 0, offset: 5 })).toThrow('contains')
  })

  it('on load only those beyond the end go, none at it', () => {
    const subject = marks([1, 0], [2, 5], [3, 5], [4, 6])
    expect(subject.dropBeyond(5)).toBe(1)
    expect(subject.last().term).toBe(3)
  })

  it('of a trimmed prefix the covering one stays', () => {
    const subject = marks([1, 0], [2, 5], [3, 10], [4, 20])
    subject.trimBelow(10)
    expect(shape(subject)[0]).toEqual([2, 0, 5])
    subject.trimBelow(15)
    expect(shape(subject)[0]).toEqual([3, 0, 10])
    subject.trimBelow(100)
    expect(shape(subject)).toEqual([[4, 0, 20]])
  })

  it('find the last one that is not later', () => {
    const subject = marks([1, 0], [3, 5], [3, 7, 1], [6, 9])
    expect([
      subject.floor(0, 9),
      subject.floor(1, 0),
      subject.floor(3, 0),
      subject.floor(5, 0),
      subject.floor(9, 0),
    ]).toEqual([-1, 0, 1, 2, 3])
  })

  it('E15: tell where an epoch ends as Kafka does', () => {
    const subject = marks([2, 0], [4, 10], [4, 12, 1], [7, 20])
    expect(subject.endOffsetForEpoch(1, 30)).toEqual({ epoch: 1, endOffset: 0 })
    expect(subject.endOffsetForEpoch(2, 30)).toEqual({ epoch: 2, endOffset: 10 })
    expect(subject.endOffsetForEpoch(3, 30)).toEqual({ epoch: 2, endOffset: 10 })
    expect(subject.endOffsetForEpoch(4, 30)).toEqual({ epoch: 4, endOffset: 20 })
    expect(subject.endOffsetForEpoch(7, 30)).toEqual({ epoch: 7, endOffset: 30 })
    expect(subject.endOffsetForEpoch(8, 30)).toEqual({ epoch: -1, endOffset: -1 })
    expect(subject.endOffsetForEpoch(-1, 30)).toEqual({ epoch: -1, endOffset: -1 })
  })

  it('export the epochs that have an offset of their own', () => {
    expect(marks([0, 0], [1, 0], [2, 5], [2, 7, 1], [3, 9], [4, 9]).epochs()).toEqual([
      { epoch: 1, startOffset: 0 },
      { epoch: 2, startOffset: 5 },
      { epoch: 4, startOffset: 9 },
    ])
  })

  it('a position names one prefix, and longer prefixes have later positions', () => {
    const steps = fc.array(fc.record({ isMark: fc.boolean(), by: fc.integer({ min: 1, max: 3 }) }), {
      maxLength: 30,
    })
    fc.assert(
      fc.property(steps, (list) => {
        const subject = marks([0, 0])
        let end = 0
        let before = subject.position(end)
        for (const { isMark, by } of list) {
          if (isMark) {
            const last = subject.last()
            subject.append(by === 3 ? mark(last.term, end, last.minor + 1) : mark(last.term + by, end))
          } else end += by
          const now = subject.position(end)
          expect(comparePositions(now, before)).toBeGreaterThan(0)
          expect(subject.contains(before, end)).toBe(true)
          before = now
        }
      }),
    )
  })
})
