import type { Curve, CurveSeries } from './result.ts'

const WIDTH = 640
const HEIGHT = 300
const LEFT = 56
const RIGHT = 150
const TOP = 44
const BOTTOM = 48

/** Told apart by readers who do not see colours: each has a dash of its own as well. */
const LOOKS = [
  { light: '#0b62c4', dark: '#6cb0ff', dash: '' },
  { light: '#c2410c', dark: '#ff9e64', dash: '6 3' },
  { light: '#15803d', dark: '#6ee7a0', dash: '2 3' },
  { light: '#7e22ce', dark: '#d0a2ff', dash: '8 3 2 3' },
]

/** A curve as an SVG that is readable on light and on dark pages: x logarithmic, y from zero. */
export function chartSvg(curve: Curve): string {
  const xs = [...new Set(curve.series.flatMap(({ points }) => points.map(({ x }) => x)))].sort(
    (a, b) => a - b,
  )
  const top = niceCeiling(Math.max(...curve.series.flatMap(({ points }) => points.map(({ y }) => y))))
  const x = logScale(xs[0]!, xs.at(-1)!)
  const y = (value: number): number => HEIGHT - BOTTOM - (value / top) * (HEIGHT - BOTTOM - TOP)
  const ticks = [0, 1, 2, 3, 4].map((quarter) => (top * quarter) / 4)
  const parts = [
    `<text x="${LEFT}" y="18" class="title">${escapeXml(curve.title)}</text>`,
    `<text x="${LEFT}" y="34">${escapeXml(curve.yTitle)}</text>`,
    ...ticks.flatMap((value) => [
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${round(y(value))}" y2="${round(y(value))}" class="grid"/>`,
      `<text x="${LEFT - 8}" y="${round(y(value) + 4)}" text-anchor="end">${showTick(value)}</text>`,
    ]),
    ...xs.map(
      (value) =>
        `<text x="${round(x(value))}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${showX(value, curve.xUnit)}</text>`,
    ),
    `<text x="${round((LEFT + WIDTH - RIGHT) / 2)}" y="${HEIGHT - 8}" text-anchor="middle">${escapeXml(curve.xTitle)}</text>`,
    ...curve.series.flatMap((series, index) => seriesMarks(series, index, x, y)),
    ...legend(curve.series),
  ]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img">`,
    `<title>${escapeXml(curve.title)}</title>`,
    `<style>${styles(curve.series.length)}</style>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n')
}

function styles(count: number): string {
  const looks = LOOKS.slice(0, count)
  const rules = (kind: 'light' | 'dark'): string =>
    looks.map((look, index) => `.s${index}{stroke:${look[kind]};fill:${look[kind]}}`).join('')
  return (
    'text{font:12px system-ui,sans-serif;fill:#3b424a}.title{font-weight:600;font-size:14px}' +
    `.grid{stroke:#d0d7de}polyline{fill:none!important;stroke-width:2}${rules('light')}` +
    `@media(prefers-color-scheme:dark){text{fill:#c3ccd5}.grid{stroke:#3d444d}${rules('dark')}}`
  )
}

function seriesMarks(
  { points }: CurveSeries,
  index: number,
  x: (value: number) => number,
  y: (value: number) => number,
): string[] {
  const places = points.map((point) => `${round(x(point.x))},${round(y(point.y))}`)
  const { dash } = LOOKS[index]!
  const style = dash === '' ? '' : ` stroke-dasharray="${dash}"`
  return [
    `<polyline points="${places.join(' ')}" class="s${index}"${style}/>`,
    ...points.map(
      (point) => `<circle cx="${round(x(point.x))}" cy="${round(y(point.y))}" r="3" class="s${index}"/>`,
    ),
  ]
}

function legend(series: readonly CurveSeries[]): string[] {
  return series.flatMap(({ name }, index) => {
    const at = TOP + 10 + index * 22
    const { dash } = LOOKS[index]!
    const style = dash === '' ? '' : ` stroke-dasharray="${dash}"`
    const left = WIDTH - RIGHT + 12
    return [
      `<polyline points="${left},${at} ${left + 24},${at}" class="s${index}"${style}/>`,
      `<text x="${left + 30}" y="${at + 4}">${escapeXml(name)}</text>`,
    ]
  })
}

function logScale(first: number, last: number): (value: number) => number {
  const span = Math.log(last) - Math.log(first)
  const width = WIDTH - RIGHT - LEFT - 24
  return (value) =>
    LEFT + 12 + (span === 0 ? width / 2 : ((Math.log(value) - Math.log(first)) / span) * width)
}

/** The next of 1, 2, 4, 5, 8 times a power of ten, all of which have round quarters. */
function niceCeiling(value: number): number {
  if (!(value > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  return ([1, 2, 4, 5, 8, 10].find((step) => step * power >= value) ?? 10) * power
}

function showTick(value: number): string {
  return String(Number(value.toPrecision(3)))
}

function showX(value: number, unit: Curve['xUnit']): string {
  if (unit === 'count') return value.toLocaleString('en-US')
  if (value >= 1e9) return `${Number((value / 1e9).toPrecision(2))} GB`
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(2))} MB`
  return `${Number((value / 1e3).toPrecision(2))} kB`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
