import { DELETED_SUFFIX } from './file-names.ts'
import type { FileSystem } from './file-system.ts'

const SUFFIXES = ['.log', '.index', '.timeindex', '.txnindex'] as const
/** What another segment of the same base offset has anew. */
const REPLACED_SUFFIXES = ['.log', '.index', '.timeindex'] as const

/** Renames the files of the segment at `path` for deletion; of one that was replaced, those that are no longer true. */
export async function markSegmentDeleted(
  fileSystem: FileSystem,
  path: string,
  isReplaced: boolean,
): Promise<void> {
  for (const suffix of isReplaced ? REPLACED_SUFFIXES : SUFFIXES) {
    const from = `${path}${suffix}`
    if ((await fileSystem.stat(from)) === null) continue
    await fileSystem.rename(from, `${from}${DELETED_SUFFIX}`)
  }
}

/** Removes what was renamed. */
export async function unlinkDeletedSegment(fileSystem: FileSystem, path: string): Promise<void> {
  for (const suffix of SUFFIXES) {
    const deleted = `${path}${suffix}${DELETED_SUFFIX}`
    if ((await fileSystem.stat(deleted)) !== null) await fileSystem.unlink(deleted)
  }
}
