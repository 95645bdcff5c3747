import type { Uuid } from '../base/uuid.ts'
import {
  type EpochStart,
  parseLeaderEpochCheckpoint,
  parseOffsetCheckpoint,
  parsePartitionMetadata,
} from './checkpoint-files.ts'
import { partitionName } from './file-names.ts'
import { type FileSystem, readWhole } from './file-system.ts'
import { FormatError } from './format-error.ts'
import { StorageError } from './storage-error.ts'

/** What Kafka's own small files say of logs that the journal does not know. Read only when there is such a log. */
export class Adoption {
  readonly #fileSystem: FileSystem
  readonly #path: string
  #startOffsets: Promise<ReadonlyMap<string, number>> | null = null

  constructor(fileSystem: FileSystem, path: string) {
    this.#fileSystem = fileSystem
    this.#path = path
  }

  /** Where the log starts, null where nothing says so. */
  async startOffsetOf(topic: string, partition: number): Promise<number | null> {
    this.#startOffsets ??= this.#loadStartOffsets()
    return (await this.#startOffsets).get(partitionName(topic, partition)) ?? null
  }

  async #loadStartOffsets(): Promise<ReadonlyMap<string, number>> {
    const path = `${this.#path}/log-start-offset-checkpoint`
    const bytes = await readWhole(this.#fileSystem, path)
    const starts = new Map<string, number>()
    if (bytes === null || bytes.length === 0) return starts
    for (const entry of parsed(path, () => parseOffsetCheckpoint(bytes.toString('utf8')))) {
      starts.set(partitionName(entry.topic, entry.partition), entry.offset)
    }
    return starts
  }

  /** The topic id of a partition's directory, null where it has none. */
  async topicIdOf(name: string): Promise<Uuid | null> {
    const path = `${this.#path}/${name}/partition.metadata`
    const bytes = await readWhole(this.#fileSystem, path)
    if (bytes === null) return null
    return parsed(path, () => parsePartitionMetadata(bytes.toString('utf8')))
  }

  /** The leader epochs of a partition, as far as its directory says; the batches say the rest. */
  async epochsOf(name: string): Promise<readonly EpochStart[]> {
    const path = `${this.#path}/${name}/leader-epoch-checkpoint`
    const bytes = await readWhole(this.#fileSystem, path)
    if (bytes === null || bytes.length === 0) return []
    return parsed(path, () => parseLeaderEpochCheckpoint(bytes.toString('utf8')))
  }
}

function parsed<T>(path: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (error instanceof FormatError) throw new StorageError('corrupt', path, error.message, { cause: error })
    throw error
  }
}
