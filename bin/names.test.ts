import { describe, expect, it } from 'vitest'
import { isSelected, matchingNames, parseSelection, parseSelections } from './names.ts'
import { offsetLines, parseOffsetLines } from './offset-lines.ts'

describe('names by expression', () => {
  it('match from beginning to end, any of the expressions', () => {
    const known = ['orders', 'orders-2', 'payments']
    expect(matchingNames(['orders'], known, 'topic')).toEqual(['orders'])
    expect(matchingNames(['orders.*', 'pay.+'], known, 'topic')).toEqual(known)
    expect(matchingNames(['a|orders|b'], known, 'topic')).toEqual(['orders'])
    expect(() => matchingNames(['order', 'x'], known, 'topic')).toThrow('no topic matches order or x')
    expect(() => matchingNames(['('], known, 'topic')).toThrow('Invalid regular expression')
  })
})

describe('partitions of topics', () => {
  it('are named as NAME or NAME:PARTITION,PARTITION', () => {
    expect(parseSelection('t')).toEqual({ topic: 't', partitions: null })
    expect(parseSelection('t:0,12')).toEqual({ topic: 't', partitions: [0, 12] })
    for (const text of ['', ':1', 't:', 't:x', 't:1:2', 't:1,'])
      expect(() => parseSelection(text)).toThrow('--topic takes NAME')
  })

  it('are all that are not left out', () => {
    expect(isSelected(null, 't', 1)).toBe(true)
    const selections = parseSelections(['t:1', 'u'], undefined)
    expect([isSelected(selections, 't', 1), isSelected(selections, 't', 2)]).toEqual([true, false])
    expect([isSelected(selections, 'u', 9), isSelected(selections, 'v', 1)]).toEqual([true, false])
    expect(parseSelections(['t'], 3)).toEqual([{ topic: 't', partitions: [3] }])
    expect(() => parseSelections(undefined, 3)).toThrow('--partition needs exactly one --topic')
  })
})

describe('lines of offsets', () => {
  const offsets = [
    { topic: 'a', partition: 0, offset: 17 },
    { topic: 'b', partition: 1, offset: 0 },
  ]

  it('are read as they are written, and as other tools write them', () => {
    expect(parseOffsetLines(offsetLines(offsets), 'f')).toEqual(offsets)
    expect(parseOffsetLines('# mine\n\n"a",0,17\r\nb\t1 0', 'f')).toEqual(offsets)
  })

  it('that are none are named by their number', () => {
    expect(() => parseOffsetLines('a 0 17\nb 1', 'f')).toThrow('line 2 of f is not TOPIC PARTITION OFFSET')
    expect(() => parseOffsetLines('a 0 -1', 'f')).toThrow('line 1 of f')
  })
})
