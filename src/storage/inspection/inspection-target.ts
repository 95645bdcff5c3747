import { offsetOfName, parentOf, parsePartitionName } from '../file-names.ts'
import type { FileSystem } from '../file-system.ts'
import { JOURNAL_NAME, SNAPSHOT_NAME } from '../journal-loader.ts'
import { StorageError } from '../storage-error.ts'

/** A partition's directory. `onlySegment`: of this segment alone. */
export interface PartitionTarget {
  readonly path: string
  readonly topic: string
  readonly partition: number
  readonly onlySegment: number | null
}

/** What a path means. */
export interface InspectionTarget {
  /** The data directory that it is, or lies in; null where there is none around it. */
  readonly directory: string | null
  /** Whether the directory's own files are meant too. */
  readonly isWholeDirectory: boolean
  readonly partitions: readonly PartitionTarget[]
}

const DIRECTORY_MARKS = ['meta.properties', JOURNAL_NAME, SNAPSHOT_NAME, '.lock']

/**
 * Finds out what is to be inspected: a data directory, a partition's directory in one or alone, or a `.log` file.
 * Throws StorageError: `missing`, and `mismatch` for what is none of these.
 */
export async function inspectionTarget(fileSystem: FileSystem, path: string): Promise<InspectionTarget> {
  const clean = path.length > 1 ? path.replace(/\/+$/, '') : path
  const stat = await fileSystem.stat(clean)
  if (stat === null) throw new StorageError('missing', clean, 'there is nothing of this name')
  if (!stat.isDirectory) return ofSegment(fileSystem, clean)
  const names = await fileSystem.list(clean)
  const asPartition = parsePartitionName(baseName(clean))
  if (asPartition !== null && names.some((name) => name.endsWith('.log')))
    return ofPartition(fileSystem, clean, asPartition, null)
  const partitions: PartitionTarget[] = []
  for (const name of names) {
    const parsed = parsePartitionName(name)
    if (parsed === null || (await fileSystem.stat(`${clean}/${name}`))?.isDirectory !== true) continue
    partitions.push({ path: `${clean}/${name}`, ...parsed, onlySegment: null })
  }
  if (partitions.length === 0 && !names.some((name) => DIRECTORY_MARKS.includes(name)))
    throw new StorageError('mismatch', clean, 'is neither a data directory nor a partition of one')
  return { directory: clean, isWholeDirectory: true, partitions }
}

async function ofSegment(fileSystem: FileSystem, path: string): Promise<InspectionTarget> {
  const baseOffset = offsetOfName(baseName(path), '.log')
  if (baseOffset === null)
    throw new StorageError('mismatch', path, 'is not a log file: those are named <20 digits>.log')
  const directory = parentOf(path)
  const parsed = parsePartitionName(baseName(directory)) ?? { topic: baseName(directory), partition: 0 }
  return ofPartition(fileSystem, directory, parsed, baseOffset)
}

async function ofPartition(
  fileSystem: FileSystem,
  path: string,
  parsed: { topic: string; partition: number },
  onlySegment: number | null,
): Promise<InspectionTarget> {
  const around = parentOf(path)
  const names = await fileSystem.list(around).catch((): string[] => [])
  const isIn = names.includes(JOURNAL_NAME) || names.includes('meta.properties')
  return {
    directory: isIn ? around : null,
    isWholeDirectory: false,
    partitions: [{ path, ...parsed, onlySegment }],
  }
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
