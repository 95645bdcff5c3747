import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { MetricFamily } from '../../src/broker/metrics/metric-family.ts'
import { API_TABLE } from '../../src/protocol/api.ts'
import { ERROR_CODES } from '../../src/protocol/error-codes.ts'
import { MemoryBroker } from '../support/memory-broker.ts'
import { type QueryReport, readQuery, seriesOf } from '../support/promql.ts'

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[]
}

interface Dashboard {
  readonly panels: readonly Panel[]
  readonly templating: { readonly list: readonly { readonly query: string }[] }
  readonly annotations: { readonly list: readonly { readonly expr: string }[] }
}

const read = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')
const { groups } = parse(read('prometheus-alerts.yml')) as {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[]
}
const rules = groups.flatMap((group) => group.rules)
const dashboard = JSON.parse(read('grafana-dashboard.json')) as Dashboard
const panels = dashboard.panels.filter(({ type }) => type !== 'row')

/** What Grafana puts in before it asks. */
const filledIn = (expr: string): string => expr.replaceAll('$__rate_interval', '5m')

/** Values that a label may have, of the labels whose values are the broker's own. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  file: ['log', 'journal', 'other'],
  api: Object.keys(API_TABLE),
  error: Object.keys(ERROR_CODES),
  state: ['serving'],
  job: ['millrace'],
}

let broker: MemoryBroker
let families: readonly MetricFamily[]
beforeAll(async () => {
  broker = await MemoryBroker.start({ 'http.listener': '127.0.0.1:0' })
  families = broker.broker.metrics!.families
})
afterAll(() => broker.stop())

function check(expr: string): QueryReport {
  const report = readQuery(filledIn(expr), seriesOf(families))
  expect(report.faults, expr).toEqual([])
  expect(report.series.length, expr).toBeGreaterThan(0)
  for (const { label, value } of report.comparisons) expect(VALUES[label] ?? [], expr).toContain(value)
  return report
}

describe('docs/prometheus-alerts.yml', () => {
  it.each(rules.map((rule) => [rule.alert, rule] as const))('%s asks for what there is', (_name, rule) => {
    check(rule.expr)
    expect(rule.alert).toMatch(/^Millrace[A-Z]\w+$/)
    expect(['critical', 'warning']).toContain(rule.labels['severity'])
    expect(rule.annotations['summary']).not.toBe('')
    expect(rule.annotations['description']).toMatch(/\.$/)
  })

  it.each(rules.map((rule) => [rule.alert, rule] as const))(
    '%s says only labels that it has',
    (_name, rule) => {
      const known = new Set(check(rule.expr).series.flatMap((name) => seriesOf(families).get(name)!.labels))
      const text = Object.values(rule.annotations).join(' ')
      for (const [, label] of text.matchAll(/\$labels\.(\w+)/g)) {
        expect([...known]).toContain(label)
        // An aggregation drops what it does not name.
        if (/\bby \(/.test(rule.expr))
          expect(rule.expr).toMatch(new RegExp(`\\([^()]*\\b${label}\\b[^()]*\\)`))
      }
    },
  )

  it('is told of in docs/metrics.md, rule by rule', () => {
    const told = [...read('metrics.md').matchAll(/`(Millrace[A-Z]\w+)`/g)].map(([, name]) => name)
    expect(told.sort()).toEqual(rules.map(({ alert }) => alert).sort())
  })

  it('has each name once', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
  })
})

describe('docs/grafana-dashboard.json', () => {
  it.each(panels.map((panel) => [panel.title, panel] as const))(
    '%s asks for what there is',
    (_title, panel) => {
      expect(panel.targets!.length).toBeGreaterThan(0)
      for (const { expr, legendFormat } of panel.targets!) {
        const { series } = check(expr)
        expect(expr).toMatch(/instance=~"\$instance"/)
        const labels = series.flatMap((name) => seriesOf(families).get(name)!.labels)
        for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) expect(labels).toContain(label)
      }
    },
  )

  it('asks for what there is in its variables and annotations', () => {
    for (const { expr } of dashboard.annotations.list) check(expr)
    const queries = dashboard.templating.list.map(({ query }) => query).filter((query) => query.includes('('))
    expect(queries).toEqual(['label_values(millrace_build_info, instance)'])
    expect(families.map(({ name }) => name)).toContain('millrace_build_info')
  })

  it('has every panel in a place of its own, within its width', () => {
    const taken = new Set<string>()
    for (const { gridPos } of dashboard.panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x}/${y}`)).toBe(false)
          taken.add(`${x}/${y}`)
        }
    }
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
  })
})

describe('a query is found out', () => {
  it.each([
    ['rate(millrace_requests_totl[5m])', 'there is no series millrace_requests_totl'],
    ['rate(millrace_requests_total{file="log"}[5m])', 'millrace_requests_total has no label file'],
    ['sum by (topic) (rate(millrace_requests_total[5m]))', 'nothing here has the label topic'],
    ['millrace_requests_total > 1', 'millrace_requests_total is a counter, not counted over a time'],
    ['deriv(millrace_requests_total[5m])', 'millrace_requests_total is a counter, not counted over a time'],
    [
      'rate(millrace_disk_sync_duration_seconds[5m])',
      'there is no series millrace_disk_sync_duration_seconds',
    ],
    ['sum by (job (millrace_disk_full)', 'no PromQL at 12'],
  ])('%s', (expr, fault) => {
    expect(readQuery(expr, seriesOf(families)).faults.join()).toContain(fault)
  })
})
