import type { Environment } from '../base/environment.ts'
import { type Uuid, uuidFromRandom, uuidFromString, uuidToString } from '../base/uuid.ts'
import { formatMetaProperties, type MetaProperties, parseMetaProperties } from './checkpoint-files.ts'
import { type FileSystem, readWhole, replaceFile } from './file-system.ts'
import { FormatError } from './format-error.ts'
import { StorageError } from './storage-error.ts'

const META_NAME = 'meta.properties'

/** Whose directory it is. */
export interface DirectoryMeta {
  readonly clusterId: string
  readonly directoryId: Uuid
}

/**
 * Reads meta.properties, and writes it where it is missing or has no directory id yet. `mismatch` where the directory
 * belongs to another node or cluster.
 */
export async function loadMeta(options: {
  readonly path: string
  readonly fileSystem: FileSystem
  readonly environment: Environment
  readonly nodeId: number
  readonly clusterId: string | null
}): Promise<DirectoryMeta> {
  const { fileSystem, environment, path, nodeId } = options
  const metaPath = `${path}/${META_NAME}`
  const found = await readMeta(fileSystem, metaPath)
  if (found !== null) {
    if (found.nodeId !== nodeId) {
      throw new StorageError('mismatch', metaPath, `belongs to node ${found.nodeId}, this is node ${nodeId}`)
    }
    if (options.clusterId !== null && found.clusterId !== options.clusterId) {
      throw new StorageError(
        'mismatch',
        metaPath,
        `belongs to cluster ${found.clusterId}, not ${options.clusterId}`,
      )
    }
    const directoryId = found.directoryId === null ? null : uuidFromString(found.directoryId)
    if (directoryId !== null) return { clusterId: found.clusterId, directoryId }
  }
  const newUuid = (): Uuid => uuidFromRandom(environment.randomBytes(16))
  const clusterId = found?.clusterId ?? options.clusterId ?? uuidToString(newUuid())
  const directoryId = newUuid()
  const text = formatMetaProperties(
    { clusterId, nodeId, directoryId: uuidToString(directoryId) },
    environment.wallMs(),
  )
  await replaceFile(fileSystem, path, META_NAME, Buffer.from(text))
  return { clusterId, directoryId }
}

async function readMeta(fileSystem: FileSystem, path: string): Promise<MetaProperties | null> {
  const bytes = await readWhole(fileSystem, path)
  if (bytes === null) return null
  try {
    return parseMetaProperties(bytes.toString('utf8'))
  } catch (error) {
    if (error instanceof FormatError) throw new StorageError('corrupt', path, error.message, { cause: error })
    throw error
  }
}
