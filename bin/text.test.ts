import { describe, expect, it } from 'vitest'
import { ManualEnvironment } from '../src/base/environment.ts'
import { advanceUntilSettled } from '../test/support/advance.ts'
import { FakeIo } from '../test/support/fake-io.ts'
import { Latencies } from './latencies.ts'
import { linesOf } from './lines.ts'
import { Pacer } from './pacer.ts'
import { formatBytes, Progress, progressLine } from './progress.ts'
import { compileFormat, jsonRecord } from './record-format.ts'
import { renderTable } from './table.ts'
import { formatDuration, parseDuration, parseStart, splitRange } from './time.ts'

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
    ['%k{hex} %v{base64} %d %i', '6b dg== 2023-11-14T22:13:20.000Z 1'],
    ['%k{x}', 'k{x}'],
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

describe('a part of a log', () => {
  it.each([
    ['10-20', '10', '20'],
    ['10:end', '10', 'end'],
    [':20', 'beginning', '20'],
    ['@2h:1h', '@2h', '@1h'],
    ['@2026-01-31T12:00:00Z:@2026-02-01', '@2026-01-31T12:00:00Z', '@2026-02-01'],
  ])('%j is from %j to before %j', (text, from, until) => {
    expect(splitRange(text)).toEqual([from, until])
  })

  it.each(['-5', '+5', '42', '1h30m', '@1h', '2026-01-31', '@2026-01-31T12:00:00Z', 'end'])(
    '%j is one position',
    (text) => {
      expect(splitRange(text)).toBeNull()
      parseStart(text, 0)
    },
  )
})

describe('tables', () => {
  const heading = [{ title: 'NAME' }, { title: 'COUNT', numeric: true }]

  it('cut what does not tell rows apart first', () => {
    const named = [{ title: 'NAME', name: true }, { title: 'VALUE' }]
    const row = ['a.name.of.twenty.char', 'some value of thirty characters']
    const lines = (columns: number) => renderTable(named, [row], { columns, colour: false }).split('\n')
    expect(lines(40)[1]).toBe('a.name.of.twenty.char  some value of th…')
    expect(lines(20)[1]).toBe('a.name.of…  some va…')
  })

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

  it.each(['', 'begin', '-', '2026-13-01', '1e3', '@'])('--from %j is refused', (text) => {
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

describe('progress', () => {
  it('fits the terminal', () => {
    expect(progressLine('checking', 1, 4, '1 MB of 4 MB', 1_000, 80)).toBe(
      'checking [########......................]  25%  1 MB of 4 MB  3.0s left',
    )
    for (const columns of [20, 40, 60, 200])
      for (const total of [null, 0, 7])
        expect(progressLine('checking', 3, total, '3 of 7', 1_000, columns).length).toBeLessThan(columns)
  })

  it('is shown on a terminal only, and not too often', () => {
    const environment = new ManualEnvironment()
    const io = new FakeIo(environment)
    new Progress(io, 'reading').show(1, 2, 'half')
    expect(io.statuses).toEqual([])
    io.statusColumns = 80
    const progress = new Progress(io, 'reading')
    progress.show(1, 4, 'a')
    progress.show(2, 4, 'b')
    environment.advance(150)
    progress.show(3, 4, 'c')
    progress.end()
    expect(io.statuses.map((line) => line.split('  ')[2])).toEqual(['a', 'c', undefined])
  })

  it('has numbers for a reader', () => {
    expect([0, 999, 1_500, 123_456_789, 5e12].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1.5 kB',
      '123 MB',
      '5.0 TB',
    ])
    expect([5, 12_340, 245_000, 12_000_000, 187_200_000].map(formatDuration)).toEqual([
      '5ms',
      '12.3s',
      '4m05s',
      '3h20m',
      '2d4h',
    ])
  })
})

describe('a pacer', () => {
  it('lets things through at its rate', async () => {
    const environment = new ManualEnvironment()
    const pacer = new Pacer(environment, 10)
    const turns = async (): Promise<void> => {
      for (let turn = 0; turn < 21; turn++) await pacer.turn()
    }
    await advanceUntilSettled(environment, turns())
    expect(environment.monotonicMs()).toBeGreaterThanOrEqual(2_000)
    expect(environment.monotonicMs()).toBeLessThan(2_200)
  })
})

describe('latencies', () => {
  it('are told as what a part of all does not exceed', () => {
    const latencies = new Latencies(100)
    expect(latencies.percentiles([0.5])).toEqual([null])
    for (let duration = 200; duration > 0; duration--) latencies.add(duration)
    expect(latencies.percentiles([0.5, 0.99, 1])).toEqual([50, 99, 100])
  })
})
