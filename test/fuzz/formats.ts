import {
  compress,
  DECOMPRESSION_LIMITS,
  decompress,
  isDecompressionError,
  UnpackScratch,
} from '../../src/protocol/compression.ts'
import {
  batchCompression,
  batchHasLogAppendTime,
  batchRecordCount,
  checkBatchCrc,
  checkBatchShape,
  checkProducedBatch,
} from '../../src/protocol/record-batch.ts'
import {
  checkRecords,
  type DecodedRecord,
  firstRecordAtOrAfter,
  maxTimestampRecord,
} from '../../src/protocol/records.ts'
import { judgeRecords, NO_DEMANDS } from '../../src/protocol/records-check.ts'
import {
  formatLeaderEpochCheckpoint,
  formatMetaProperties,
  formatOffsetCheckpoint,
  parseLeaderEpochCheckpoint,
  parseMetaProperties,
  parseOffsetCheckpoint,
  parsePartitionMetadata,
} from '../../src/storage/checkpoint-files.ts'
import { FormatError } from '../../src/storage/format-error.ts'
import { decodeFrame } from '../../src/storage/journal-record.ts'
import { decodeSnapshot } from '../../src/storage/journal-snapshot.ts'
import { readProducerSnapshot } from '../../src/storage/producer-snapshot.ts'
import { decodeAborted } from '../../src/storage/transaction-index.ts'
import { hostileBatch, recordsOf } from './batches.ts'
import type { Chance } from './chance.ts'
import { mutated } from './mutation.ts'
import { promised, type Target, type Tried } from './target.ts'

/** Record batches, whole and changed, with and without a checksum that vouches for them. */
export const batches: Target = {
  name: 'batches',
  weight: 2,
  run(chance, tried) {
    const batch = hostileBatch(chance)
    tried.set('batch', batch)
    const shape = checkBatchShape(batch, 0, batch.length)
    if (shape !== null) return `shape ${shape}`
    const crc = checkBatchCrc(batch, 0) ? 'sealed' : 'unsealed'
    const produced = checkProducedBatch(batch, 0, batch.length) ?? 'taken'
    const fault = checkRecords(batch)
    firstRecordAtOrAfter(batch, 0, 1_700_000_000_500)
    maxTimestampRecord(batch, 0)
    const decoded = recordsOf(batch)
    promised((fault === null) === (decoded !== null), 'records are checked as they are decoded')
    const verdict = produced === 'taken' ? judgedAsDecoded(batch, decoded) : 'not looked at'
    return `batch ${crc} ${produced} ${fault ?? 'readable'} ${verdict}`
  },
}

const scratch = new UnpackScratch(1 << 20)

/** What is acknowledged is read by a decoder of its own, all of it, and what that reads is not refused. */
function judgedAsDecoded(batch: Buffer, decoded: readonly DecodedRecord[] | null): string {
  const { fault, maxTimestamp, unpacking } = judgeRecords(batch, NO_DEMANDS, DECOMPRESSION_LIMITS, scratch)
  if (fault !== null) {
    // Frames of LZ4 that Kafka's clients do not read on are refused, although they can be read.
    const isStrict = batchCompression(batch, 0) === 'lz4' && unpacking?.kind === 'corrupt'
    promised(decoded === null || isStrict, 'what can be read is taken')
    return `refused ${fault}`
  }
  promised(decoded !== null && decoded.length === batchRecordCount(batch, 0), 'what is taken can be read')
  if (batchHasLogAppendTime(batch, 0)) return 'taken'
  const latest = decoded.reduce((max, { timestamp }) => Math.max(max, timestamp), -1)
  promised(latest === maxTimestamp, 'the latest timestamp is that of the records')
  return 'taken'
}

const CODECS = ['gzip', 'snappy', 'lz4', 'zstd'] as const
const LIMITS = { bytesMax: 1 << 20, ratioMax: 1100, bytesFree: 1 << 16 }

/** Blocks of every codec: what was packed is unpacked, what was changed is refused or stays within its limits. */
export const compression: Target = {
  name: 'compression',
  weight: 2,
  run(chance, tried) {
    const codec = chance.pick(CODECS)
    const data = randomText(chance)
    const block = compress(codec, data)
    tried.set(codec, block)
    if (chance.is(0.2)) {
      const isSmall = data.length <= LIMITS.bytesFree
      if (isSmall) promised(decompress(codec, block, LIMITS).equals(data), `${codec} gives back what it took`)
      return `${codec} whole`
    }
    const changed = mutated(chance, block)
    tried.set(codec, changed)
    try {
      const length = decompress(codec, changed, LIMITS).length
      const bytesMax = Math.min(LIMITS.bytesMax, Math.max(LIMITS.bytesFree, changed.length * LIMITS.ratioMax))
      promised(length <= bytesMax, `${codec} stays within its limits`)
      return `${codec} unpacked`
    } catch (error) {
      if (isDecompressionError(error)) return `${codec} ${error.kind}`
      throw error
    }
  },
}

function randomText(chance: Chance): Buffer {
  const words = ['alpha ', 'beta', '\0\0\0\0', '"name":', 'x'.repeat(40)]
  const parts: Buffer[] = Array.from({ length: chance.length(400) }, () => Buffer.from(chance.pick(words)))
  if (chance.is(0.3)) parts.push(chance.bytes(chance.length(2000)))
  if (chance.is(0.02)) parts.push(Buffer.alloc(chance.below(4 << 20), chance.below(256)))
  return Buffer.concat(parts)
}

interface SmallFile {
  readonly name: string
  sample(chance: Chance): Buffer
  parse(bytes: Buffer): unknown
}

/** Those without a writer of their own here are learnt from a directory (see directory.ts). */
export const SMALL_FILES: readonly SmallFile[] = [
  {
    name: 'offset checkpoint',
    sample: (chance) =>
      Buffer.from(
        formatOffsetCheckpoint(
          Array.from({ length: chance.below(4) }, (_, partition) => ({
            topic: 'topic',
            partition,
            offset: chance.below(1000),
          })),
        ),
      ),
    parse: (bytes) => parseOffsetCheckpoint(bytes.toString()),
  },
  {
    name: 'leader epoch checkpoint',
    sample: (chance) =>
      Buffer.from(
        formatLeaderEpochCheckpoint(
          Array.from({ length: chance.below(4) }, (_, epoch) => ({ epoch, startOffset: epoch * 10 })),
        ),
      ),
    parse: (bytes) => parseLeaderEpochCheckpoint(bytes.toString()),
  },
  {
    name: 'partition metadata',
    sample: () => Buffer.from('version: 0\ntopic_id: jKLd0Vr9RDKwv3Q3nYzXmw\n'),
    parse: (bytes) => parsePartitionMetadata(bytes.toString()),
  },
  {
    name: 'meta properties',
    sample: () =>
      Buffer.from(
        formatMetaProperties(
          { clusterId: 'HoDWPrAFSfWX-ZBL8FU-TA', nodeId: 1, directoryId: 'jKLd0Vr9RDKwv3Q3nYzXmw' },
          0,
        ),
      ),
    parse: (bytes) => parseMetaProperties(bytes.toString()),
  },
  {
    name: 'producer snapshot',
    sample: (chance) => chance.bytes(chance.below(80)),
    parse: (bytes) => readProducerSnapshot(bytes),
  },
  {
    name: 'aborted transactions',
    sample: (chance) => chance.bytes(34 * chance.below(4)),
    parse: (bytes) => decodeAborted(bytes, 0),
  },
  {
    name: 'journal frame',
    sample: (chance) => chance.bytes(chance.below(90)),
    parse: (bytes) => decodeFrame(bytes, 0),
  },
  { name: 'journal snapshot', sample: (chance) => chance.bytes(chance.below(90)), parse: decodeSnapshot },
]

/** The small files of a data directory, changed: read or refused by name. */
export const smallFiles: Target = {
  name: 'small files',
  weight: 1,
  run(chance: Chance, tried: Tried) {
    const file = chance.pick(SMALL_FILES)
    const sample = file.sample(chance)
    const bytes = chance.is(0.8) ? mutated(chance, sample) : sample
    tried.set(file.name, bytes)
    try {
      file.parse(bytes)
      return `${file.name} read`
    } catch (error) {
      if (error instanceof FormatError) return `${file.name} ${error.fault}`
      throw error
    }
  },
}
