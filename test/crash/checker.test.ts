import { describe, expect, it } from 'vitest'
import { checkHistory } from './checker.ts'
import { type CrashEvent, type FinalRecord, parseValue, writeValue } from './history.ts'

const sent = (sequence: number): CrashEvent => ({ kind: 'sent', producer: 'a', partition: 0, sequence })
const acked = (sequence: number, offset = sequence): CrashEvent => ({
  kind: 'acked',
  producer: 'a',
  partition: 0,
  sequence,
  offset,
})
const consumed = (sequence: number, offset = sequence): CrashEvent => ({
  kind: 'consumed',
  producer: 'a',
  partition: 0,
  sequence,
  offset,
})
const commit = (kind: 'commit-sent' | 'commit-acked', offset: number): CrashEvent => ({
  kind,
  partition: 0,
  offset,
})
const read = (offset: number, askedAt: number): CrashEvent => ({
  kind: 'commit-read',
  partition: 0,
  offset,
  askedAt,
})
const record = (offset: number, sequence = offset): FinalRecord => ({
  offset,
  written: { producer: 'a', partition: 0, sequence },
})

function rules(history: readonly CrashEvent[], records: readonly FinalRecord[]): string[] {
  return checkHistory(history, new Map([[0, records]])).map(({ rule }) => rule)
}

describe('crash checker', () => {
  it('passes a history in which every promise was kept', () => {
    const history = [
      sent(0),
      sent(1),
      acked(0),
      consumed(0),
      commit('commit-sent', 1),
      commit('commit-acked', 1),
      { kind: 'killed', round: 1 } as const,
      read(1, 7),
      sent(2),
      acked(1),
      consumed(1),
      commit('commit-sent', 2),
      read(1, 12),
      read(2, 12),
    ]
    expect(rules(history, [record(0), record(1)])).toEqual([])
    expect(rules(history, [record(0), record(1), record(2)])).toEqual([])
  })

  it('finds an acknowledged record that is gone', () => {
    expect(rules([sent(0), sent(1), acked(0), acked(1)], [record(0)])).toEqual(['lost'])
  })

  it('finds an acknowledged record at another offset', () => {
    expect(rules([sent(0), sent(1), acked(1, 0)], [record(0, 0), record(1, 1)])).toEqual(['moved'])
    expect(rules([sent(0), acked(0, -1)], [record(0)])).toEqual([])
  })

  it('finds a record that is there twice', () => {
    expect(rules([sent(0), acked(0)], [record(0), record(1, 0)])).toEqual(['doubled'])
  })

  it('finds records out of order, and missing offsets', () => {
    expect(rules([sent(0), sent(1)], [record(0, 1), record(1, 0)])).toEqual(['reordered'])
    expect(rules([sent(0), sent(1)], [record(0), record(2, 1)])).toEqual(['gap'])
  })

  it('finds records that nobody sent, or that are not as they were sent', () => {
    expect(rules([sent(0)], [record(0), record(1)])).toEqual(['phantom'])
    expect(rules([], [{ offset: 0, written: null }])).toEqual(['damaged'])
  })

  it('finds a producer that was told to give up', () => {
    const failed: CrashEvent = { kind: 'failed', producer: 'a', partition: 0, sequence: 0, error: 'order' }
    expect(rules([sent(0), failed], [])).toEqual(['refused'])
  })

  it('finds what was consumed and is not in the log', () => {
    expect(rules([sent(0), consumed(0)], [])).toEqual(['consumed-other'])
    expect(rules([sent(0), sent(1), consumed(1, 0)], [record(0), record(1)])).toEqual(['consumed-other'])
  })

  it('finds a consumer that is sent back behind its commit', () => {
    const history = [sent(0), consumed(0), commit('commit-sent', 1), commit('commit-acked', 1), consumed(0)]
    expect(rules(history, [record(0)])).toEqual(['consumer-back'])
  })

  it('finds an acknowledged commit that is gone, but not one that came after the question', () => {
    const committed = [commit('commit-sent', 5), commit('commit-acked', 5)]
    expect(rules([...committed, read(-1, 2)], [])).toEqual(['commit-lost'])
    expect(rules([...committed, commit('commit-sent', 3), read(3, 3)], [])).toEqual(['commit-lost'])
    expect(rules([...committed, read(-1, 0)], [])).toEqual([])
  })

  it('finds a commit that nobody made', () => {
    expect(rules([read(7, 0)], [])).toEqual(['commit-phantom'])
  })

  it('tells how many there are beyond those that it shows', () => {
    const history = Array.from({ length: 25 }, (_, index) => [sent(index), acked(index)]).flat()
    const violations = checkHistory(history, new Map([[0, []]]))
    expect(violations.length).toBe(11)
    expect(violations.at(-1)).toEqual({ rule: 'lost', detail: 'and 15 more' })
  })

  it('reads only values that were written whole', () => {
    const written = { producer: 'own', partition: 2, sequence: 1234 }
    const value = writeValue(written)
    expect(parseValue(value)).toEqual(written)
    expect(parseValue(value.slice(0, -1))).toBe(null)
    expect(parseValue(`${value}x`)).toBe(null)
    expect(parseValue('')).toBe(null)
  })
})
