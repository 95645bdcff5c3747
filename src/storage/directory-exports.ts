import {
  formatLeaderEpochCheckpoint,
  formatOffsetCheckpoint,
  parseOffsetCheckpoint,
} from './checkpoint-files.ts'
import { partitionName } from './file-names.ts'
import { type FileSystem, readWhole, replaceFile, writeSynced } from './file-system.ts'
import { FormatError } from './format-error.ts'
import type { Log } from './log.ts'

const CLEANER_NAME = 'cleaner-offset-checkpoint'

/**
 * Kafka's checkpoint files, for its tools and for a way back: written now and then, whole or not at all. This broker
 * reads none of its own logs but the cleaner's: it says which have been compacted, and up to where.
 */
export class DirectoryExports {
  readonly #fileSystem: FileSystem
  readonly #path: string
  readonly #written = new Map<string, string>()
  #writingCleaned: Promise<void> = Promise.resolve()

  constructor(fileSystem: FileSystem, path: string) {
    this.#fileSystem = fileSystem
    this.#path = path
  }

  async write(logs: Iterable<Log>): Promise<void> {
    const all = [...logs]
    const table = (name: string, offsetOf: (log: Log) => number): Promise<void> => {
      const entries = all.map((log) => ({
        topic: log.topic,
        partition: log.partition,
        offset: offsetOf(log),
      }))
      return this.#replace(`${this.#path}/${name}`, formatOffsetCheckpoint(entries))
    }
    await table('recovery-point-offset-checkpoint', (log) => log.durableEndOffset)
    await table('log-start-offset-checkpoint', (log) => log.startOffset)
    await table('replication-offset-checkpoint', (log) => log.highWatermark)
    for (const log of all) {
      if (log.refusal() === 'failed') return
      await this.#replace(
        `${log.path}/leader-epoch-checkpoint`,
        formatLeaderEpochCheckpoint(log.marks.epochs()),
      )
    }
  }

  /** The cleaner's: durable when this resolves. No file where no log was ever compacted. */
  writeCleaned(logs: Iterable<Log>): Promise<void> {
    const all = [...logs]
    const done = this.#writingCleaned.then(async () => {
      const entries = all.flatMap(({ topic, partition, compaction }) =>
        compaction.cleanedEnd === null ? [] : [{ topic, partition, offset: compaction.cleanedEnd }],
      )
      const text = formatOffsetCheckpoint(entries)
      if (this.#written.get(CLEANER_NAME) === text) return
      await replaceFile(this.#fileSystem, this.#path, CLEANER_NAME, Buffer.from(text))
      this.#written.set(CLEANER_NAME, text)
    })
    this.#writingCleaned = done.catch(() => {})
    return done
  }

  async #replace(path: string, text: string): Promise<void> {
    if (this.#written.get(path) === text) return
    await writeSynced(this.#fileSystem, `${path}.tmp`, Buffer.from(text))
    await this.#fileSystem.rename(`${path}.tmp`, path)
    this.#written.set(path, text)
  }
}

/**
 * What the cleaner's checkpoint says: up to where each log has been compacted, null where it never was. Of a file that
 * can't be read it is not known, and so from the start.
 */
export async function loadCleaned(
  fileSystem: FileSystem,
  path: string,
): Promise<(name: string) => number | null> {
  const bytes = await readWhole(fileSystem, `${path}/${CLEANER_NAME}`)
  if (bytes === null) return () => null
  try {
    const entries = parseOffsetCheckpoint(bytes.toString('utf8'))
    const ends = new Map(entries.map((entry) => [partitionName(entry.topic, entry.partition), entry.offset]))
    return (name) => ends.get(name) ?? null
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    return () => 0
  }
}
