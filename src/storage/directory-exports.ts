import { formatLeaderEpochCheckpoint, formatOffsetCheckpoint } from './checkpoint-files.ts'
import { type FileSystem, writeSynced } from './file-system.ts'
import type { Log } from './log.ts'

/**
 * Kafka's checkpoint files, for its tools and for a way back: written now and then, whole or not at all, and never
 * read by this broker of its own logs.
 */
export class DirectoryExports {
  readonly #fileSystem: FileSystem
  readonly #path: string
  readonly #written = new Map<string, string>()

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

  async #replace(path: string, text: string): Promise<void> {
    if (this.#written.get(path) === text) return
    await writeSynced(this.#fileSystem, `${path}.tmp`, Buffer.from(text))
    await this.#fileSystem.rename(`${path}.tmp`, path)
    this.#written.set(path, text)
  }
}
