import { offsetName, offsetOfName, SNAPSHOT_SUFFIX } from './file-names.ts'
import { type FileSystem, readWhole, replaceFile } from './file-system.ts'
import type { TakenSnapshot } from './log-context.ts'

/** How many of the newest snapshots stay besides those that a segment starts with. */
const KEPT_SNAPSHOTS = 2

/** Offsets that `<offset>.snapshot` files are there for, ascending. */
export async function listSnapshots(fileSystem: FileSystem, directory: string): Promise<number[]> {
  return snapshotsAmong(await fileSystem.list(directory))
}

/** Of the sorted names in a directory, the offsets that there is a snapshot for. */
export function snapshotsAmong(names: readonly string[]): number[] {
  return names.map((name) => offsetOfName(name, SNAPSHOT_SUFFIX)).filter((offset) => offset !== null)
}

/** Bytes of a snapshot, or null. */
export function readSnapshot(
  fileSystem: FileSystem,
  directory: string,
  offset: number,
): Promise<Buffer | null> {
  return readWhole(fileSystem, `${directory}/${offsetName(offset)}${SNAPSHOT_SUFFIX}`)
}

/** Writes one so that it is whole or not there. */
export function writeSnapshot(
  fileSystem: FileSystem,
  directory: string,
  offset: number,
  snapshot: TakenSnapshot,
): Promise<void> {
  const name = `${offsetName(offset)}${SNAPSHOT_SUFFIX}`
  return replaceFile(fileSystem, directory, name, (file) => snapshot.writeTo(file))
}

/** Removes the snapshots of offsets beyond the end of the log; `offsets` are those that there are, if that is known. */
export async function removeSnapshotsBeyond(
  fileSystem: FileSystem,
  directory: string,
  endOffset: number,
  offsets?: readonly number[],
): Promise<void> {
  for (const offset of offsets ?? (await listSnapshots(fileSystem, directory))) {
    if (offset > endOffset) await remove(fileSystem, directory, offset)
  }
}

/** Keeps those that a segment starts with and the newest ones. */
export async function pruneSnapshots(
  fileSystem: FileSystem,
  directory: string,
  segmentOffsets: ReadonlySet<number>,
): Promise<void> {
  const offsets = await listSnapshots(fileSystem, directory)
  for (const offset of offsets.slice(0, -KEPT_SNAPSHOTS)) {
    if (!segmentOffsets.has(offset)) await remove(fileSystem, directory, offset)
  }
}

function remove(fileSystem: FileSystem, directory: string, offset: number): Promise<void> {
  return fileSystem.unlink(`${directory}/${offsetName(offset)}${SNAPSHOT_SUFFIX}`)
}
