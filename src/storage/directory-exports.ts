import type { Environment } from '../base/environment.ts'
import { Turn } from '../base/turn.ts'
import {
  formatLeaderEpochCheckpoint,
  formatOffsetCheckpoint,
  offsetCheckpointHead,
  offsetCheckpointLine,
  parseOffsetCheckpoint,
} from './checkpoint-files.ts'
import { partitionName } from './file-names.ts'
import {
  type FileContent,
  type FileSystem,
  type OpenFile,
  readWhole,
  replaceFile,
  writeFully,
  writeSynced,
} from './file-system.ts'
import { FormatError } from './format-error.ts'
import { inParallel } from './in-parallel.ts'
import type { Log } from './log.ts'

const CLEANER_NAME = 'cleaner-offset-checkpoint'
const PIECE_LINES = 500

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
  /** What the tables say, in pieces. */
  readonly #written = new Map<string, readonly string[]>()
  /** What the files of epochs say, of those that there are. */
  readonly #epochs = new WeakMap<Log, string>()
  #cleaned: string | null = null
  #writingCleaned: Promise<void> = Promise.resolve()
  #nextCleaned: Promise<void> | null = null

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
      const pieces = await tableOf(all, offsetOf, turn)
      if (isSame(this.#written.get(name), pieces)) continue
      await this.#replace(`${this.#path}/${name}`, (file) => writePieces(file, pieces))
      this.#written.set(name, pieces)
    }
    await inParallel(all, turn, (log) => this.#writeEpochs(log))
  }

  /** null: there is nothing to be said. */
  #writeEpochs(log: Log): Promise<void> | null {
    if (log.refusal() === 'failed') return null
    const before = this.#epochs.get(log)
    const text = epochsOf(log) ?? (before === undefined ? null : NO_EPOCHS)
    if (text === null || text === before) return null
    return this.#replaceUnsynced(`${log.path}/leader-epoch-checkpoint`, Buffer.from(text)).then(() => {
      this.#epochs.set(log, text)
    })
  }

  /** Not synced: that would be a sync for each log, and nobody has been promised the file. Cut from the power it may be empty. */
  async #replaceUnsynced(path: string, content: Buffer): Promise<void> {
    const file = await this.#fileSystem.open(`${path}.tmp`, 'append-or-create')
    try {
      await file.truncate(0)
      await writeFully(file, [content], 0)
    } finally {
      await file.close()
    }
    await this.#fileSystem.rename(`${path}.tmp`, path)
  }

  /**
   * The cleaner's: durable when this resolves, as it is now or later. No file where no log was ever compacted. Whoever asks
   * while it is being written shares the next with all others who do: a topic of thousands of partitions may be deleted at once.
   */
  writeCleaned(logs: Iterable<Log>): Promise<void> {
    this.#nextCleaned ??= this.#beginCleaned(logs, this.#writingCleaned)
    return this.#nextCleaned
  }

  async #beginCleaned(logs: Iterable<Log>, before: Promise<void>): Promise<void> {
    await before
    this.#nextCleaned = null
    const writing = this.#writeCleaned(logs)
    this.#writingCleaned = writing.catch(() => {})
    await writing
  }

  async #writeCleaned(logs: Iterable<Log>): Promise<void> {
    const entries: { topic: string; partition: number; offset: number }[] = []
    for (const { topic, partition, compaction } of logs)
      if (compaction.cleanedEnd !== null) entries.push({ topic, partition, offset: compaction.cleanedEnd })
    const text = formatOffsetCheckpoint(entries)
    if (this.#cleaned === text) return
    await replaceFile(this.#fileSystem, this.#path, CLEANER_NAME, Buffer.from(text))
    this.#cleaned = text
  }

  async #replace(path: string, content: FileContent): Promise<void> {
    await writeSynced(this.#fileSystem, `${path}.tmp`, content)
    await this.#fileSystem.rename(`${path}.tmp`, path)
  }
}

/** A table in pieces, each of which is made, compared and written in no time to speak of. */
async function tableOf(
  logs: readonly Log[],
  offsetOf: (log: Log) => number,
  turn: Turn,
): Promise<readonly string[]> {
  const pieces = [offsetCheckpointHead(logs.length)]
  for (let from = 0; from < logs.length; from += PIECE_LINES) {
    const lines = logs
      .slice(from, from + PIECE_LINES)
      .map((log) =>
        offsetCheckpointLine({ topic: log.topic, partition: log.partition, offset: offsetOf(log) }),
      )
    pieces.push(`${lines.join('\n')}\n`)
    if (turn.isOver) await turn.next()
  }
  return pieces
}

function isSame(one: readonly string[] | undefined, other: readonly string[]): boolean {
  return one?.length === other.length && other.every((piece, index) => piece === one[index])
}

async function writePieces(file: OpenFile, pieces: readonly string[]): Promise<void> {
  let position = 0
  for (const piece of pieces) {
    const bytes = Buffer.from(piece)
    await writeFully(file, [bytes], position)
    position += bytes.length
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
