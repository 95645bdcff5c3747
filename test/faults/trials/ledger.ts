import assert from 'node:assert/strict'
import { ManualEnvironment } from '../../../src/base/environment.ts'
import { producerHooks } from '../../../src/broker/partition/producer-hooks.ts'
import { batchBytes, batchNextOffset, checkBatchCrc } from '../../../src/protocol/record-batch.ts'
import type { DataDirectory, DataDirectoryOptions } from '../../../src/storage/data-directory.ts'
import type { Log } from '../../../src/storage/log.ts'
import type { LogConfig } from '../../../src/storage/log-config.ts'
import type { MemoryFileSystem } from '../../../src/storage/memory-file-system.ts'
import type { ProducerStates } from '../../../src/storage/producer-state.ts'
import { StorageError } from '../../../src/storage/storage-error.ts'
import { TailCache } from '../../../src/storage/tail-cache.ts'
import { appendKeyed, type Writer } from '../../support/compaction.ts'
import { openDirectory, openLed, readBytes } from '../../support/storage.ts'

export const START_MS = 1_700_000_000_000
const STEP_MS = 10

type Options = Partial<DataDirectoryOptions> & { config?: Partial<LogConfig> }

/** Small, so that few batches make segments and index entries. */
export const LEDGER_CONFIG = { segmentBytesMax: 1500, indexIntervalBytes: 200, fileDeleteDelayMs: 10 }

/** What was acknowledged of one log, by which every start is judged. */
export class Ledger {
  readonly environment: ManualEnvironment
  readonly writer: Writer = { producerId: 7, sequence: 0, isTransactional: false }
  /** By offset: one record each. */
  readonly kept: Buffer[] = []
  readonly #options: Options

  constructor(options: Options = {}) {
    this.environment = new ManualEnvironment()
    this.#options = options
  }

  /** Opens the directory of the log `t-0`. Nothing is read from the memory of what was just written. */
  async open(
    fileSystem: MemoryFileSystem,
  ): Promise<{ directory: DataDirectory; log: Log | undefined; producers: ProducerStates }> {
    const { producers, hooks } = producerHooks()
    const directory = await openDirectory(fileSystem, {
      environment: this.environment,
      tailCache: new TailCache(0),
      hooksOf: () => hooks,
      ...this.#options,
      config: { ...LEDGER_CONFIG, ...this.#options.config },
    })
    return { directory, log: directory.get('t', 0), producers }
  }

  /** The same, with the log led in a new term. */
  async lead(
    fileSystem: MemoryFileSystem,
  ): Promise<{ directory: DataDirectory; log: Log; producers: ProducerStates }> {
    const opened = await this.open(fileSystem)
    return { ...opened, log: await openLed(opened.directory) }
  }

  /** Appends batches of one record, without waiting for them. Time goes on by 10 ms a record. */
  append(log: Log, producers: ProducerStates, count: number, valueBytes = 40): Buffer[] {
    return Array.from({ length: count }, () => {
      const timestamp = START_MS + log.endOffset * STEP_MS
      const record = { key: `k${log.endOffset % 5}`, value: 'v'.repeat(valueBytes), timestamp }
      return appendKeyed(log, producers, [record], { writer: this.writer })
    })
  }

  /** Appends batches that are then acknowledged. */
  async write(log: Log, producers: ProducerStates, count: number): Promise<void> {
    const batches = this.append(log, producers, count)
    await log.flushAll()
    this.kept.push(...batches)
    log.highWatermark = log.endOffset
  }

  /** Each record is read as it was acknowledged or, where that may be, its reader is told by name that it can't be. */
  async checkReads(log: Log, mayFail: boolean): Promise<void> {
    for (let offset = log.startOffset; offset < this.kept.length; offset++)
      await this.checkRead(log, offset, mayFail)
  }

  /** The same of one. A record that its reader finds broken, by the CRC, is no lie either. */
  async checkRead(log: Log, offset: number, mayFail = false): Promise<void> {
    const read = await this.#read(log, offset)
    if (!Buffer.isBuffer(read)) return assert(mayFail, `offset ${offset}: ${read.message}`)
    const isIntact = read.equals(this.kept[offset]!)
    assert(isIntact || (mayFail && !checkBatchCrc(read, 0)), `offset ${offset} is read as something else`)
  }

  /** The first batch that a reader from `offset` on gets. */
  async #read(log: Log, offset: number): Promise<Buffer | StorageError> {
    try {
      const { bytes } = await readBytes(log, offset, 1, log.writtenEndOffset)
      if (bytes.length === 0) return new StorageError('corrupt', log.path, 'nothing is there')
      assert(batchNextOffset(bytes, 0) === offset + 1, `a reader of ${offset} is given something else`)
      return bytes.subarray(0, batchBytes(bytes, 0))
    } catch (error) {
      if (error instanceof StorageError) return error
      if (error instanceof Error && error.message.includes('out of range'))
        return new StorageError('corrupt', log.path, error.message)
      throw error
    }
  }

  /** Every time leads to the record that had it. */
  async checkTimes(log: Log): Promise<void> {
    for (let offset = log.startOffset; offset < this.kept.length; offset++) {
      const found = await log.offsetForTimestamp(START_MS + offset * STEP_MS, log.endOffset)
      assert.equal(found?.offset, offset, `the time of ${offset} leads to ${found?.offset}`)
    }
  }
}
