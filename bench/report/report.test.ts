import { describe, expect, it } from 'vitest'
import { chartSvg } from './chart.ts'
import { benchmarkPage, partsByHeading, wrapped } from './page.ts'
import type { Curve, Row, Section, SuiteResult } from './result.ts'
import { markdownTable, sectionCells, textTable } from './table.ts'
import { countVerdicts, verdictsOf } from './verdict.ts'

const FAST: Row = {
  what: '100 B',
  unit: 'MB/s',
  ours: [10, 30, 20],
  theirs: [40],
  bars: [{ of: 'ratio', atLeast: 1 }],
}
const SMALL: Row = {
  what: 'start',
  unit: 'ms',
  ours: [300],
  theirs: [4000],
  bars: [
    { of: 'value', atMost: 400 },
    { of: 'ratio', atMost: 0.1 },
  ],
}
const ALONE: Row = { what: 'lost', unit: 'ms', ours: [], bars: [{ of: 'value', atMost: 1 }] }
const SECTION: Section = {
  title: 'A section',
  reference: 'Kafka',
  rows: [FAST, SMALL, ALONE],
  notes: ['A note.'],
}

describe('verdicts', () => {
  it('judges medians by each bar of a row', () => {
    expect(verdictsOf(FAST).map(({ met }) => met)).toEqual([false])
    expect(verdictsOf({ ...FAST, ours: [40] }).map(({ met }) => met)).toEqual([true])
    expect(verdictsOf(SMALL).map(({ met }) => met)).toEqual([true, true])
    expect(verdictsOf({ ...SMALL, theirs: [2000] }).map(({ met }) => met)).toEqual([true, false])
  })

  it('does not judge what was not measured', () => {
    expect(verdictsOf(ALONE).map(({ met }) => met)).toEqual([null])
    expect(verdictsOf({ ...FAST, theirs: [] }).map(({ met }) => met)).toEqual([null])
    expect(verdictsOf({ what: '', unit: '', ours: [1] })).toEqual([])
  })

  it('counts them', () => {
    expect(countVerdicts([resultOf()])).toEqual({ all: 4, met: 2, unknown: 1 })
  })
})

describe('tables', () => {
  const cells = sectionCells(SECTION)

  it('show medians with their spread, ratio, bar and verdict', () => {
    expect(cells[0]).toEqual(['', 'unit', 'Millrace', 'Kafka', 'ratio', 'bar', 'met'])
    expect(cells[1]).toEqual(['100 B', 'MB/s', '20.0 (10.0 to 30.0)', '40.0', '0.50', 'ratio ≥ 1', 'NOT MET'])
    expect(cells[2]!.slice(4)).toEqual(['0.075', '≤ 400 ms; ratio ≤ 0.1', 'met; met'])
    expect(cells[3]!.slice(2)).toEqual(['-', '-', '-', '≤ 1 ms', 'not measured'])
  })

  it('leave out columns that have nothing in them', () => {
    const plain = sectionCells({ ...SECTION, reference: null, rows: [{ what: 'x', unit: 's', ours: [1] }] })
    expect(plain).toEqual([
      ['', 'unit', 'Millrace'],
      ['x', 's', '1.00'],
    ])
  })

  it('line up', () => {
    expect(textTable(cells).split('\n')[1]).toMatch(/^100 B {2}MB\/s {2}20\.0/)
    const [head, rule] = markdownTable(cells)
    expect(head).toMatch(/^\| {7}\| unit \| /)
    expect(rule).toMatch(/^\| -{5} \| ---- \| -+: \|/)
    expect(new Set(markdownTable(cells).map((line) => line.length)).size).toBe(1)
  })
})

describe('the page', () => {
  it('says how many bars are met, and where the time goes where one is missed', () => {
    const page = benchmarkPage([resultOf()], new Map([['speed', 'In the disk.']]))
    expect(page).toContain('Of 4 bars, 2 are met, 1 not measured.')
    expect(page).toContain('- Speed: `npm run bench --`, 2000-01-02, 5 runs, 2 min')
    expect(page).toContain('## Speed\n\n| ')
    expect(page).toContain('![Cost](bench-cost.svg)')
    expect(page.endsWith('### Where the time goes\n\nIn the disk.\n')).toBe(true)
  })

  it('says nothing of where the time goes when all is met', () => {
    const result = { ...resultOf(), sections: [{ ...SECTION, rows: [SMALL] }] }
    expect(benchmarkPage([result], new Map([['speed', 'In the disk.']]))).not.toContain('In the disk.')
  })

  it('wraps notes between words', () => {
    const lines = wrapped(`${'word '.repeat(50)}${'x'.repeat(130)} end`)
    expect(lines.map((line) => line.length)).toEqual([119, 119, 9, 130, 3])
  })

  it('finds explanations by their headings', () => {
    const parts = partsByHeading(
      '# Title\n\nText.\n\n## produce\n\nOne.\n\nTwo.\n\n## empty\n\n## size\nThree.\n',
    )
    expect([...parts]).toEqual([
      ['produce', 'One.\n\nTwo.'],
      ['size', 'Three.'],
    ])
  })
})

describe('charts', () => {
  it('draw each series from zero, on light and on dark, and escape what they are told', () => {
    const svg = chartSvg(CURVE)
    expect(svg.match(/<circle /g)).toHaveLength(4)
    expect(svg.match(/<polyline /g)).toHaveLength(4)
    expect(svg).toContain('A &lt; B')
    expect(svg).toContain('prefers-color-scheme:dark')
    expect(svg).toContain('>1 MB<')
    expect(svg).toContain('>10 GB<')
    expect(svg).toContain('>0<')
    expect(svg).not.toContain('NaN')
  })

  it('stand a series of one point', () => {
    const series = [{ name: 'one', points: [{ x: 1, y: 0 }] }]
    expect(chartSvg({ ...CURVE, xUnit: 'count', series })).not.toContain('NaN')
  })
})

const CURVE: Curve = {
  name: 'cost',
  title: 'Cost',
  xTitle: 'log size',
  yTitle: 'µs',
  xUnit: 'bytes',
  series: [
    {
      name: 'A < B',
      points: [
        { x: 1e6, y: 1 },
        { x: 1e10, y: 1.3 },
      ],
    },
    {
      name: 'C',
      points: [
        { x: 1e6, y: 2 },
        { x: 1e10, y: 2 },
      ],
    },
  ],
}

function resultOf(): SuiteResult {
  return {
    suite: 'speed',
    title: 'Speed',
    command: 'npm run bench --',
    date: '2000-01-02',
    runs: 5,
    scale: 1,
    seconds: 61,
    facts: [['CPU', 'x']],
    sections: [SECTION],
    curves: [CURVE],
  }
}
