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

/** What Kafka's own small files say of logs that the journal does not know. */
export class Adoption {
  readonly #fileSystem: FileSystem
  readonly #path: string
  readonly #startOffsets: ReadonlyMap<string, number>

  constructor(fileSystem: FileSystem, path: string, startOffsets: ReadonlyMap<string, number>) {
    this.#fileSystem = fileSystem
    this.#path = path
    this.#startOffsets = startOffsets
  }

  startOffsetOf(topic: string, partition: number): number | null {
    return this.#startOffsets.get(partitionName(topic, partition)) ?? null
  }

  /** The topic id of a partition's directory, null where it has none. */
  async topicIdOf(name: string): Promise<Uuid | null> {
    const path = `${this.#path}/${name}/partition.metadata`
    const bytes = await readWhole(this.#fileSystem, path)
    if (bytes === null) return null
    return parsed(path, () => parsePartitionMetadata(bytes.toString('utf8')))
  }

  /** The leader epochs of a partition, as far as its directory says. */
  async epochsOf(name: string): Promise<readonly EpochStart[]> {
    const path = `${this.#path}/${name}/leader-epoch-checkpoint`
    const bytes = await readWhole(this.#fileSystem, path)
    if (bytes === null || bytes.length === 0) return []
    return parsed(path, () => parseLeaderEpochCheckpoint(bytes.toString('utf8')))
  }
}

/** Reads the log starts that Kafka keeps for the whole directory. */
export async function loadAdoption(fileSystem: FileSystem, path: string): Promise<Adoption> {
  const startsPath = `${path}/log-start-offset-checkpoint`
  const bytes = await readWhole(fileSystem, startsPath)
  const starts = new Map<string, number>()
  if (bytes !== null && bytes.length > 0) {
    for (const { topic, partition, offset } of parsed(startsPath, () =>
      parseOffsetCheckpoint(bytes.toString('utf8')),
    )) {
      starts.set(partitionName(topic, partition), offset)
    }
  }
  return new Adoption(fileSystem, path, starts)
}

function parsed<T>(path: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (error instanceof FormatError) throw new StorageError('corrupt', path, error.message, { cause: error })
    throw error
  }
}
