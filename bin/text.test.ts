import { describe, expect, it } from 'vitest'
import { linesOf } from './lines.ts'
import { compileFormat, jsonRecord } from './record-format.ts'
import { renderTable } from './table.ts'
import { parseDuration, parseStart } from './time.ts'

const record = {
  topic: 't',
  partition: 3,
  offset: 42,
  timestampMs: 1_700_000_000_000,
  key: Buffer.from('k'),
  value: Buffer.from('v'),
  headers: [
    { key: 'a', value: Buffer.from('1') },
    { key: 'b', value: null },
  ],
}

describe('--format', () => {
  it.each([
    ['%t [%p] %o', 't [3] 42'],
    ['%k=%v %s', 'k=v v'],
    ['%T %h', '1700000000000 a=1,b=NULL'],
    ['%K %S %%', '1 1 %'],
    ['\\t\\n\\\\\\x41\\q', '\t\n\\A\\q'],
  ])('%j prints %j', (format, text) => {
    expect(compileFormat(format)(record).toString()).toBe(text)
  })

  it('prints nothing for null, and bytes as they are', () => {
    const raw = Buffer.from([0xff, 0x00])
    expect(compileFormat('%k|%v|%K')({ ...record, key: null, value: raw })).toEqual(
      Buffer.from([0x7c, 0xff, 0, 0x7c, 0x2d, 0x31]),
    )
  })
})

describe('records as JSON', () => {
  it('hold text as it is and other bytes in base64', () => {
    expect(jsonRecord({ ...record, key: null, value: Buffer.from([0xff]), headers: [] }, false)).toEqual({
      topic: 't',
      partition: 3,
      offset: 42,
      timestamp: 1_700_000_000_000,
      key: null,
      value: { base64: '/w==' },
      headers: [],
    })
    expect(jsonRecord({ ...record, headers: [] }, true)).toMatchObject({
      key: { base64: 'aw==' },
      value: { base64: 'dg==' },
    })
  })
})

describe('tables', () => {
  const heading = [{ title: 'NAME' }, { title: 'COUNT', numeric: true }]

  it('set text to the left and numbers to the right', () => {
    expect(
      renderTable(
        heading,
        [
          ['a', 1],
          ['longer', 1234567],
        ],
        { columns: null, colour: false },
      ),
    ).toBe('NAME      COUNT\na             1\nlonger  1234567\n')
  })

  it('cut the widest text, never a number, to fit the terminal', () => {
    const text = renderTable(heading, [['x'.repeat(50), 1234567]], { columns: 20, colour: false })
    expect(text.split('\n').map((line) => line.length)).toEqual([20, 20, 0])
    expect(text).toContain(`${'x'.repeat(10)}…  1234567`)
  })

  it('let no control character through', () => {
    expect(renderTable([{ title: 'N' }], [['a\x1b[2Jb']], { columns: null, colour: false })).toBe(
      'N\na\\x1b[2Jb\n',
    )
  })
})

describe('times', () => {
  it.each([
    ['90s', 90_000],
    ['1h30m', 5_400_000],
    ['2d', 172_800_000],
    ['250ms', 250],
  ])('%s is a duration', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  it.each(['', '5', 'h', '1y', '1 h', '-1h'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeNull()
  })

  it.each([
    ['beginning', { kind: 'earliest' }],
    ['end', { kind: 'latest' }],
    ['17', { kind: 'offset', offset: 17 }],
    ['@1700000000000', { kind: 'timestamp', timestampMs: 1_700_000_000_000 }],
    ['1m', { kind: 'timestamp', timestampMs: 940_000 }],
    ['2w', { kind: 'timestamp', timestampMs: 0 }],
    ['2026-01-31T12:00:00Z', { kind: 'timestamp', timestampMs: 1_769_860_800_000 }],
  ])('--from %s', (text, start) => {
    expect(parseStart(text, 1_000_000)).toEqual(start)
  })

  it.each(['', 'begin', '-5', '2026-13-01', '1e3'])('--from %j is refused', (text) => {
    expect(() => parseStart(text, 0)).toThrow('--from takes beginning, end, an offset')
  })
})

describe('lines', () => {
  it('are found across chunks, with or without a newline at the end', async () => {
    async function* chunks(): AsyncGenerator<Buffer> {
      for (const text of ['a\nb', 'c', '\n\nd\r\n', 'e']) yield Buffer.from(text)
    }
    const lines: string[] = []
    for await (const line of linesOf(chunks())) lines.push(`${line}`)
    expect(lines).toEqual(['a', 'bc', '', 'd\r', 'e'])
  })
})
