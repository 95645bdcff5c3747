import { describe, expect, it } from 'vitest'
import { markdownPage, reportRows, textTable } from './report.ts'
import { median, percentile } from './statistics.ts'

describe('statistics', () => {
  it('takes the middle', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 2, 3])).toBe(2.5)
    expect(median([])).toBeNaN()
  })

  it('takes the value that a share does not exceed', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index)
    expect(percentile(values, 0.5)).toBe(50)
    expect(percentile(values, 0.99)).toBe(99)
    expect(percentile(values, 1)).toBe(100)
    expect(percentile([7], 0.5)).toBe(7)
  })
})

describe('report', () => {
  const rows = reportRows([
    { name: 'a', samples: [{ 'produce 100 B': 10 }, { 'produce 100 B': 30 }, { 'produce 100 B': 20 }] },
    { name: 'b', samples: [{ 'produce 100 B': 40 }] },
  ])

  it('shows medians, spread and ratios, and says where a ratio is on the wrong side', () => {
    expect(rows[0]).toEqual(['', 'unit', 'a', 'b', 'a / b'])
    expect(rows[1]).toEqual(['produce 100 B', 'MB/s', '20.0 (10.0-30.0)', '40.0', '0.50 (worse)'])
    expect(rows[2]!.slice(2)).toEqual(['-', '-', '-'])
  })

  it('lines up columns and makes a page of them', () => {
    const lines = textTable(rows).split('\n')
    expect(lines[1]).toMatch(/^produce 100 B +MB\/s {2}20\.0/)
    const page = markdownPage(rows, [['CPU', 'x']], ['A note.'])
    expect(page).toMatch(/^- CPU: x\n\n\| {30}\| unit \| {16}a \| {4}b \| {8}a \/ b \|$/m)
    expect(page).toMatch(/^\| -{28} \| ---- \| -{15}: \| ---: \| -{11}: \|$/m)
    expect(page.endsWith('\n\nA note.\n')).toBe(true)
  })
})
