import type { ByteSource } from '../../src/base/byte-source.ts'
import { releaseSource } from '../../src/base/byte-source.ts'
import { type Environment, ManualEnvironment } from '../../src/base/environment.ts'
import { silentLogger } from '../../src/base/logger.ts'
import { type Uuid, uuidFromRandom } from '../../src/base/uuid.ts'
import { batchBaseOffset, batchBytes, batchNextOffset } from '../../src/protocol/record-batch.ts'
import { encodeBatch } from '../../src/protocol/records.ts'
import { DataDirectory, type DataDirectoryOptions } from '../../src/storage/data-directory.ts'
import { type FileSystem, readWhole, replaceFile, writeFully } from '../../src/storage/file-system.ts'
import type { Log, LogHooks, LogRead, TakenSnapshot } from '../../src/storage/log.ts'
import { DEFAULT_LOG_CONFIG, type LogConfig } from '../../src/storage/log-config.ts'
import { MemoryFileSystem } from '../../src/storage/memory-file-system.ts'
import { TailCache } from '../../src/storage/tail-cache.ts'

/** A topic id that is the same in every test. */
export const TOPIC_ID: Uuid = uuidFromRandom(Buffer.alloc(16, 7))

/** A snapshot that is these bytes. */
export function takenBytes(bytes: Buffer): TakenSnapshot {
  return { writeTo: (file) => writeFully(file, [bytes], 0), release: () => {} }
}

/** The file that a snapshot becomes; it is released. */
export async function snapshotFile(snapshot: TakenSnapshot): Promise<Buffer> {
  const fileSystem = new MemoryFileSystem()
  await replaceFile(fileSystem, '/', 'file', (file) => snapshot.writeTo(file))
  snapshot.release()
  return (await readWhole(fileSystem, '//file'))!
}

/** Hooks that remember which offsets they have seen. */
export class SeenOffsets implements LogHooks {
  offsets: number[] = []
  restoredAt = -1

  restore(snapshot: Buffer | null, offset: number): boolean {
    this.restoredAt = offset
    this.offsets = snapshot === null ? [] : (JSON.parse(snapshot.toString()) as number[])
    return true
  }

  visit(buffer: Buffer, position: number): null {
    this.offsets.push(batchBaseOffset(buffer, position))
    return null
  }

  takeSnapshot(): TakenSnapshot {
    return takenBytes(Buffer.from(JSON.stringify(this.offsets)))
  }
}

/** Keeps nothing. */
export const NO_HOOKS: LogHooks = { restore: () => true, visit: () => null, takeSnapshot: () => null }

/** A data directory `/data`, in memory unless told otherwise. */
export async function openDirectory(
  fileSystem: FileSystem,
  options: Partial<DataDirectoryOptions> & { config?: Partial<LogConfig> } = {},
): Promise<DataDirectory> {
  const { config, ...rest } = options
  return DataDirectory.open({
    path: '/data',
    fileSystem,
    environment: new ManualEnvironment(),
    logger: silentLogger,
    nodeId: 1,
    clusterId: null,
    tailCache: new TailCache(1048576),
    configOf: () => ({ ...DEFAULT_LOG_CONFIG, ...config }),
    hooksOf: () => NO_HOOKS,
    ...rest,
  })
}

/** The log `t-0` of a directory, led in a new term; made where there is none. */
export async function openLed(directory: DataDirectory): Promise<Log> {
  const log =
    directory.get('t', 0) ??
    (await directory.createPartition({ topic: 't', topicId: TOPIC_ID, partition: 0, voters: [1] }))
  await directory.journal.durable(log.startTerm(log.hardState.term + 1, 1, [1]))
  return log
}

/** A directory in memory and its log `t-0`, led. */
export async function openTestLog(
  options: Partial<DataDirectoryOptions> & {
    config?: Partial<LogConfig>
    fileSystem?: MemoryFileSystem
  } = {},
): Promise<{ fileSystem: MemoryFileSystem; directory: DataDirectory; log: Log; environment: Environment }> {
  const fileSystem = options.fileSystem ?? new MemoryFileSystem()
  const environment = options.environment ?? new ManualEnvironment()
  const directory = await openDirectory(fileSystem, { ...options, environment })
  return { fileSystem, directory, log: await openLed(directory), environment }
}

/** A stamped batch for the end of the log. */
export function batchFor(
  log: Log,
  options: { records?: number; valueBytes?: number; timestamp?: number; baseOffset?: number } = {},
): Buffer {
  const { records = 1, valueBytes = 20, timestamp = 1_700_000_000_000 } = options
  const baseOffset = options.baseOffset ?? log.endOffset
  return encodeBatch({
    baseOffset,
    leaderEpoch: log.marks.last().term,
    records: Array.from({ length: records }, (_, index) => ({
      timestamp: timestamp + index,
      key: null,
      value: Buffer.alloc(valueBytes, (baseOffset + index) & 0xff),
    })),
  })
}

/** Appends one batch; returns its bytes. */
export function append(log: Log, options: Parameters<typeof batchFor>[1] = {}): Buffer {
  const batch = batchFor(log, options)
  log.append(batch)
  return batch
}

/** The bytes of a source, which is released. */
export async function bytesOf(source: ByteSource): Promise<Buffer> {
  const bytes = Buffer.alloc(source.byteLength)
  let at = 0
  for (const part of source.parts) {
    if (Buffer.isBuffer(part)) at += part.copy(bytes, at)
    else at += await part.read(bytes.subarray(at, at + part.byteLength), 0)
  }
  releaseSource(source)
  return bytes
}

/** A read that must be in range. */
export async function readBytes(
  log: Log,
  from: number,
  maxBytes = 1 << 30,
  limit = log.writtenEndOffset,
  atLeastOne = true,
): Promise<{ bytes: Buffer; endOffset: number; isFromFile: boolean }> {
  const read: LogRead = await log.read(from, maxBytes, limit, atLeastOne)
  if ('outOfRange' in read) throw new Error(`offset ${from} is out of range`)
  const isFromFile = read.source.parts.some((part) => !Buffer.isBuffer(part))
  return { bytes: await bytesOf(read.source), endOffset: read.endOffset, isFromFile }
}

/** Base offsets of the batches in `bytes`. */
export function baseOffsets(bytes: Buffer): number[] {
  const offsets: number[] = []
  for (let at = 0; at < bytes.length; at += batchBytes(bytes, at)) offsets.push(batchBaseOffset(bytes, at))
  return offsets
}

/** Every batch of a log, read as a consumer reads: on from where the last read ended. */
export async function readAll(log: Log, maxBytes = 1 << 30): Promise<Buffer> {
  const parts: Buffer[] = []
  let from = log.startOffset
  while (from < log.writtenEndOffset) {
    const { bytes } = await readBytes(log, from, maxBytes)
    if (bytes.length === 0) break
    parts.push(bytes)
    let at = 0
    while (at < bytes.length) {
      from = batchNextOffset(bytes, at)
      at += batchBytes(bytes, at)
    }
  }
  return Buffer.concat(parts)
}

/** Lets everything happen that waits for nothing but its turn. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
}
