import { describe, expect, it } from 'vitest'
import { type FinalRecord, writeValue } from '../history.ts'
import { checkCopies } from './checker.ts'
import { type CopiedRecord, type FinalState, type PipelineOutcome, parseCopy, writeCopy } from './copy.ts'

const written = (sequence: number) => ({ producer: 'a', partition: 0, sequence })
const original = (offset: number): FinalRecord => ({ offset, written: written(offset) })
/** The copy at `offset` of the target, of the record at `from` of the source. */
const copied = (offset: number, from = offset): CopiedRecord => ({
  offset,
  copy: { partition: 0, offset: from, written: written(from) },
})

const SOURCE = [0, 1, 2].map(original)
const KEPT: PipelineOutcome = {
  name: 'p',
  target: new Map([
    [0, [copied(0), copied(3, 2)]],
    [1, [copied(1, 1)]],
  ]),
  seen: null,
  commits: [
    { partition: 0, first: 0, end: 2 },
    { partition: 0, first: 2, end: 3 },
  ],
  committed: new Map([[0, 3]]),
}

function rules(pipeline: Partial<PipelineOutcome>, state: Partial<FinalState> = {}): string[] {
  const source = new Map([[0, SOURCE]])
  const pipelines = [{ ...KEPT, ...pipeline }]
  return checkCopies({ source, pipelines, heldBack: [], open: [], ...state }).map(({ rule }) => rule)
}

const target = (...records: CopiedRecord[]) => ({ target: new Map([[0, records]]) })

describe('exactly-once checker', () => {
  it('passes a run in which every record was copied once', () => {
    expect(rules({})).toEqual([])
    expect(rules({ seen: KEPT.target })).toEqual([])
  })

  it('finds a record that was not copied', () => {
    expect(rules(target(copied(0), copied(1)))).toEqual(['not-copied'])
  })

  it('finds a record that was copied twice', () => {
    expect(rules(target(copied(0), copied(1), copied(2), copied(3, 2)))).toEqual(['copied-twice'])
    const elsewhere = new Map([...KEPT.target, [2, [copied(0, 0)]]])
    expect(rules({ target: elsewhere })).toEqual(['copied-twice'])
  })

  it('finds copies of one source partition out of order', () => {
    expect(rules(target(copied(0), copied(1, 2), copied(2, 1)))).toEqual(['out-of-order'])
  })

  it('finds copies of nothing, of something else, and values that nobody wrote', () => {
    const all = [copied(0), copied(1), copied(2)]
    expect(rules(target(...all, copied(3, 3)))).toEqual(['invented'])
    const other = { offset: 3, copy: { partition: 0, offset: 2, written: written(7) } }
    expect(rules(target(...all, other))).toEqual(['invented'])
    expect(rules(target(...all, { offset: 3, copy: null }))).toEqual(['damaged'])
  })

  it('finds a reader that was given what does not count, or was not given what does', () => {
    const seen = (...records: CopiedRecord[]) => ({ seen: new Map([...KEPT.target, [0, records]]) })
    expect(rules(seen(copied(0), copied(1, 1), copied(3, 2)))).toEqual(['seen-other'])
    expect(rules(seen(copied(0)))).toEqual(['seen-other'])
    expect(rules(seen(copied(0), copied(2, 2)))).toEqual(['seen-other'])
  })

  it('finds a record that two acknowledged transactions took, as when a commit was lost and made again', () => {
    const commits = [...KEPT.commits, { partition: 0, first: 1, end: 2 }]
    expect(rules({ commits })).toEqual(['committed-twice'])
    expect(rules({ commits: [KEPT.commits[1]!] })).toEqual([])
  })

  it('finds a group that is not at the end of the source', () => {
    expect(rules({ committed: new Map([[0, 2]]) })).toEqual(['group-off'])
    expect(rules({ committed: new Map([[0, 4]]) })).toEqual(['group-off'])
    expect(rules({ committed: new Map() })).toEqual(['group-off'])
  })

  it('finds transactions that never ended', () => {
    const held = { topic: 't', partition: 0, lastStableOffset: 1, highWatermark: 2 }
    expect(rules({}, { heldBack: [held] })).toEqual(['held-back'])
    expect(rules({}, { open: ['p-0'] })).toEqual(['open'])
  })

  it('reads only copies that were written whole', () => {
    const text = writeCopy({ partition: 1, offset: 42 }, writeValue(written(5)))
    expect(parseCopy(text)).toEqual({ partition: 1, offset: 42, written: written(5) })
    expect(parseCopy(text.slice(0, -1))).toBe(null)
    expect(parseCopy(writeValue(written(5)))).toBe(null)
    expect(parseCopy('')).toBe(null)
  })
})
