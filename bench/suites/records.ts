import { DECOMPRESSION_LIMITS, loadCompression, UnpackScratch } from '../../src/protocol/compression.ts'
import { COMPRESSIONS, type Compression } from '../../src/protocol/record-batch.ts'
import { encodeBatch } from '../../src/protocol/records.ts'
import { judgeRecords, NO_DEMANDS } from '../../src/protocol/records-check.ts'
import type { Row } from '../report/result.ts'
import type { Plan, Suite, SuiteFindings } from './suite.ts'

/** Bytes of a value, and records of a batch: what producers send by default (16 KiB), and what they send at most. */
const CASES = [
  { recordBytes: 100, records: 150 },
  { recordBytes: 100, records: 9_000 },
  { recordBytes: 1024, records: 15 },
  { recordBytes: 1024, records: 900 },
] as const
/** As many bytes of batches as no cache of a core holds. */
const WORKING_SET_BYTES = 8e6
const MEASURED_MS = 400
const PLAIN_NS_MAX = 40
const WORDS = 'the quick brown fox jumps over a lazy dog and then sits amid lorem ipsum dolor'.split(' ')

/** What it costs to read the records of a batch before it is acknowledged, in this process. */
export const recordsSuite: Suite = { name: 'records', title: 'Reading records', run: runRecords }

async function runRecords(plan: Plan): Promise<SuiteFindings> {
  await loadCompression()
  const rows: Row[] = []
  for (const { recordBytes, records } of CASES)
    for (const codec of COMPRESSIONS) {
      plan.log(`records: ${codec}, ${records} of ${recordBytes} bytes`)
      const batches = batchesOf(codec, recordBytes, records)
      nanoseconds(batches, records, MEASURED_MS * plan.scale)
      const ours = Array.from({ length: plan.runs }, () =>
        nanoseconds(batches, records, MEASURED_MS * plan.scale),
      )
      const what = `${codec}, ${recordBytes} bytes, ${records} in a batch`
      const row = { what, unit: 'ns CPU a record', ours }
      rows.push(codec === 'none' ? { ...row, bars: [{ of: 'value', atMost: PLAIN_NS_MAX }] } : row)
    }
  const notes = [
    'Text of words and numbers, which gzip packs to a third. Batches of 8 MB in turns, in the process of the benchmark: what a broker spends on top of taking and writing the batch.',
  ]
  return { sections: [{ title: 'Reading records', reference: null, rows, notes }] }
}

function batchesOf(compression: Compression, recordBytes: number, records: number): Buffer[] {
  const random = numbers()
  const make = () =>
    encodeBatch({
      compression,
      records: Array.from({ length: records }, (_, index) => ({
        timestamp: 1_700_000_000_000 + (index >> 2),
        key: null,
        value: text(random, recordBytes),
      })),
    })
  const first = make()
  const count = Math.min(40, Math.max(2, Math.ceil(WORKING_SET_BYTES / (recordBytes * records))))
  return [first, ...Array.from({ length: count - 1 }, make)]
}

function text(random: () => number, bytes: number): Buffer {
  let line = ''
  while (line.length < bytes) {
    line += `${WORDS[random() % WORDS.length]} `
    if (random() % 3 === 0) line += `${random().toString(36)} `
  }
  return Buffer.from(line.slice(0, bytes))
}

/** A row of numbers that is the same every time (xorshift32, Marsaglia 2003). */
function numbers(): () => number {
  let state = 2463534242
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}

function nanoseconds(batches: readonly Buffer[], records: number, forMs: number): number {
  const scratch = new UnpackScratch(4 * 1024 * 1024)
  const before = process.cpuUsage()
  const endMs = performance.now() + forMs
  let count = 0
  do {
    for (const batch of batches) {
      const { fault } = judgeRecords(batch, NO_DEMANDS, DECOMPRESSION_LIMITS, scratch)
      if (fault !== null) throw new Error(`the records are refused: ${fault}`)
    }
    count += batches.length * records
  } while (performance.now() < endMs)
  const { user, system } = process.cpuUsage(before)
  return ((user + system) * 1000) / count
}
