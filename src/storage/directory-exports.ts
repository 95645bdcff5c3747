import type { Environment } from '../base/environment.ts'
import { Turn } from '../base/turn.ts'
import {
  formatCheckpoint,
  formatLeaderEpochCheckpoint,
  formatOffsetCheckpoint,
  offsetCheckpointLine,
  parseOffsetCheckpoint,
} from './checkpoint-files.ts'
import { partitionName } from './file-names.ts'
import { type FileSystem, readWhole, replaceFile, writeSynced } from './file-system.ts'
import { FormatError } from './format-error.ts'
import { inParallel } from './in-parallel.ts'
import type { Log } from './log.ts'

const CLEANER_NAME = 'cleaner-offset-checkpoint'

/** The files that one checkpoint writes for all logs, and what they say of each. */
const TABLES: readonly (readonly [name: string, offsetOf: (log: Log) => number])[] = [
  ['recovery-point-offset-checkpoint', (log) => log.durableEndOffset],
  ['log-start-offset-checkpoint', (log) => log.startOffset],
  ['replication-offset-checkpoint', (log) => log.highWatermark],
]

/**
 * Kafka's checkpoint files, for its tools and for a way back: written now and then, whole or not at all. This broker
 * reads none of its own logs but the cleaner's: it says which have been compacted, and up to where. Of what has not changed
 * nothing is written, and of a log without records there are no epochs: what a log costs that nobody uses is a line in
 * each of the tables.
 */
export class DirectoryExports {
  readonly #fileSystem: FileSystem
  readonly #environment: Environment
  readonly #path: string
  /** What the tables say. */
  readonly #written = new Map<string, string>()
  /** What the files of epochs say, of those that there are. */
  readonly #epochs = new WeakMap<Log, string>()
  #writingCleaned: Promise<void> = Promise.resolve()

  constructor(fileSystem: FileSystem, environment: Environment, path: string) {
    this.#fileSystem = fileSystem
    this.#environment = environment
    this.#path = path
  }

  /** The log was closed in order and is as it was then: so is the file of its epochs. */
  isAsWritten(log: Log): void {
    const text = epochsOf(log)
    if (text !== null) this.#epochs.set(log, text)
  }

  /** Resolves when the files say how the logs are. Keeps no turn of the event loop for long. */
  async write(logs: Iterable<Log>): Promise<void> {
    const all = [...logs]
    const turn = new Turn(this.#environment)
    for (const [name, offsetOf] of TABLES) {
      const lines: string[] = []
      for (const log of all) {
        const { topic, partition } = log
        lines.push(offsetCheckpointLine({ topic, partition, offset: offsetOf(log) }))
        if (turn.isOver) await turn.next()
      }
      const text = formatCheckpoint(lines)
      if (this.#written.get(name) === text) continue
      await this.#replace(`${this.#path}/${name}`, text)
      this.#written.set(name, text)
    }
    await inParallel(all, turn, (log) => this.#writeEpochs(log))
  }

  async #writeEpochs(log: Log): Promise<void> {
    if (log.refusal() === 'failed') return
    const before = this.#epochs.get(log)
    const text = epochsOf(log) ?? (before === undefined ? null : NO_EPOCHS)
    if (text === null || text === before) return
    await this.#replace(`${log.path}/leader-epoch-checkpoint`, text)
    this.#epochs.set(log, text)
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
    await writeSynced(this.#fileSystem, `${path}.tmp`, Buffer.from(text))
    await this.#fileSystem.rename(`${path}.tmp`, path)
  }
}

const NO_EPOCHS = formatLeaderEpochCheckpoint([])

/** The epochs that have records; null where none has: that a term has begun is nothing to anybody else. */
function epochsOf(log: Log): string | null {
  if (log.endOffset <= log.startOffset) return null
  return formatLeaderEpochCheckpoint(
    log.marks.epochs().filter(({ startOffset }) => startOffset < log.endOffset),
  )
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
