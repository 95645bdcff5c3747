import { mkdtemp, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { systemEnvironment } from '../../src/base/environment.ts'
import { silentLogger } from '../../src/base/logger.ts'
import { producerHooks } from '../../src/broker/partition/producer-hooks.ts'
import { batchBytes, stampBatch } from '../../src/protocol/record-batch.ts'
import { encodeBatch } from '../../src/protocol/records.ts'
import { DataDirectory } from '../../src/storage/data-directory.ts'
import { DEFAULT_LOG_CONFIG } from '../../src/storage/log-config.ts'
import { nodeFileSystem } from '../../src/storage/node-file-system.ts'
import { TailCache } from '../../src/storage/tail-cache.ts'

/** Compacts one large log, and tells what memory that takes and for how long the event loop stands still at most. */
const { values } = parseArgs({
  options: {
    gigabytes: { type: 'string', default: '10' },
    keys: { type: 'string', default: '2000000' },
    memory: { type: 'string', default: '16' },
    directory: { type: 'string', default: tmpdir() },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(`npm run scale -- [--gigabytes 10] [--keys 2000000] [--memory MIB] [--directory DIR]

Writes a log of so many bytes and keys to DIR, compacts it with MIB for its keys, and removes it. Needs twice the bytes.`)
  process.exit(0)
}

const MIB = 1024 * 1024
const GB = 1e9
const RECORDS = 1000
const VALUE_BYTES = 900
const CHUNK_BYTES = 8 * MIB
const bytes = Number(values.gigabytes) * GB
const keyCount = Number(values.keys)
const { bavail, bsize } = await statfs(values.directory)
if (bavail * bsize < 2.2 * bytes)
  throw new Error(`${values.directory} has too little room: twice the bytes are needed`)

const path = await mkdtemp(join(values.directory, 'millrace-scale-'))
const { producers, hooks } = producerHooks()
const directory = await DataDirectory.open({
  path,
  fileSystem: nodeFileSystem,
  environment: systemEnvironment,
  logger: silentLogger,
  nodeId: 1,
  clusterId: null,
  tailCache: new TailCache(16 * MIB),
  configOf: () => ({ ...DEFAULT_LOG_CONFIG, durability: 'cached', deletes: false, fileDeleteDelayMs: 0 }),
  hooksOf: () => hooks,
})
const log = await directory.createPartition({
  topic: 'large',
  topicId: '\0'.repeat(16) as never,
  partition: 0,
  voters: [1],
})
await directory.journal.durable(log.startTerm(1, 1, [1]))

console.log(`writing ${values.gigabytes} GB of ${keyCount} keys to ${path}`)
const value = Buffer.alloc(VALUE_BYTES, 'value ')
let written = 0
// A walk over all keys in an order that jumps: neighbours in the log are none among the keys.
let key = 0
while (written < bytes) {
  const records = Array.from({ length: RECORDS }, () => {
    key = (key + 7_368_787) % keyCount
    return { timestamp: Date.now(), key: Buffer.from(`key-${key}`), value }
  })
  const batch = encodeBatch({ records })
  stampBatch(batch, 0, log.endOffset, 1)
  log.append(batch)
  written += batchBytes(batch, 0)
  while (log.queuedBytes > CHUNK_BYTES) await new Promise((resolve) => setImmediate(resolve))
}
await log.flushAll()
log.highWatermark = log.endOffset

const candidate = await log.compaction.candidate({
  limitOffset: log.endOffset,
  nowMs: Date.now(),
  lagMsMin: 0,
  lagMsMax: Number.POSITIVE_INFINITY,
})
if (candidate === null) throw new Error('there is nothing to compact: a log needs more than one segment')
const delays = monitorEventLoopDelay({ resolution: 1 })
const before = process.memoryUsage()
let residentMax = before.rss
const watch = setInterval(() => {
  residentMax = Math.max(residentMax, process.memoryUsage().rss)
}, 100)
const sizeBefore = log.sizeBytes
delays.enable()
const startMs = performance.now()
const result = await log.compaction.run({
  endOffset: candidate.endOffset,
  nowMs: Date.now(),
  deleteRetentionMs: 0,
  keyBytesMax: Number(values.memory) * MIB,
  bytesPerSecondMax: Number.POSITIVE_INFINITY,
  isLastOfProducer: (buffer, position) => producers.isLastOfProducer(buffer, position),
  isStopped: () => false,
  cleanedEndMoved: () => directory.keepCleanedEnds(),
})
const seconds = (performance.now() - startMs) / 1000
delays.disable()
clearInterval(watch)
const ms = (ns: number): string => (ns / 1e6).toFixed(1)
console.log(`before: ${(sizeBefore / GB).toFixed(2)} GB; after: ${(log.sizeBytes / GB).toFixed(2)} GB`)
console.log(
  `passes ${result?.passes}, read ${((result?.readBytes ?? 0) / GB).toFixed(1)} GB, ` +
    `written ${((result?.writtenBytes ?? 0) / GB).toFixed(1)} GB, ${seconds.toFixed(0)} s`,
)
console.log(
  `memory: ${Math.round(before.rss / MIB)} MiB before, at most ${Math.round(residentMax / MIB)} MiB`,
)
console.log(
  `event loop late by p99 ${ms(delays.percentile(99))} ms, p99.9 ${ms(delays.percentile(99.9))} ms, at most ${ms(delays.max)} ms`,
)
await directory.close()
await rm(path, { recursive: true, force: true })
process.exit(0)
