import { systemEnvironment } from '../../base/environment.ts'
import { offsetOfName, parentOf } from '../file-names.ts'
import { type FileSystem, writeFully } from '../file-system.ts'
import { DEFAULT_LOG_CONFIG } from '../log-config.ts'
import { OpenFiles, UNLIMITED_SLOTS } from '../open-files.ts'
import { Segment } from '../segment.ts'
import type { Finding, Remedy } from './finding.ts'
import { baseName } from './inspection-target.ts'

const COPY_BYTES = 1048576
const SET_ASIDE_SUFFIX = '.torn'

/** What would be done, in the order in which it would, each thing once. */
export function remediesOf(findings: readonly Finding[]): Remedy[] {
  const seen = new Set<string>()
  const remedies: Remedy[] = []
  for (const remedy of findings.flatMap((finding) => finding.remedies)) {
    const key = `${remedy.action} ${remedy.path}`
    if (seen.has(key)) continue
    seen.add(key)
    remedies.push(remedy)
  }
  return remedies
}

/** Where the bytes that a remedy takes out of the log are kept; null where it takes none. */
export function keptAt(remedy: Remedy): string | null {
  if (remedy.action === 'cut')
    return `${remedy.path.slice(0, -'.log'.length)}.${remedy.position}${SET_ASIDE_SUFFIX}`
  return remedy.action === 'set-aside' ? `${remedy.path}${SET_ASIDE_SUFFIX}` : null
}

/**
 * Does it, durably; whoever calls holds the directory's lock. A crash on the way leaves a log that the same check finds
 * the same things in: bytes are cut only once their copy is on the disk.
 */
export async function applyRemedy(fileSystem: FileSystem, remedy: Remedy): Promise<void> {
  const directory = parentOf(remedy.path)
  switch (remedy.action) {
    case 'cut':
      await cutFile(fileSystem, directory, remedy.path, remedy.position, keptAt(remedy)!)
      break
    case 'set-aside':
      await fileSystem.rename(remedy.path, keptAt(remedy)!)
      break
    case 'rebuild-indexes':
      await rebuildIndexes(fileSystem, directory, remedy.path, remedy.position)
      break
    case 'remove':
      await fileSystem.unlink(remedy.path)
      break
  }
  await fileSystem.syncDirectory(directory)
}

async function cutFile(
  fileSystem: FileSystem,
  directory: string,
  path: string,
  position: number,
  kept: string,
): Promise<void> {
  const file = await fileSystem.open(path, 'update')
  try {
    const copy = await fileSystem.open(kept, 'append-or-create')
    try {
      await copy.truncate(0)
      const end = await file.byteLength()
      const chunk = Buffer.allocUnsafe(COPY_BYTES)
      for (let at = position; at < end; at += chunk.length) {
        const count = await file.read(chunk.subarray(0, Math.min(chunk.length, end - at)), at)
        await writeFully(copy, [chunk.subarray(0, count)], at - position)
      }
      await copy.sync()
    } finally {
      await copy.close()
    }
    await fileSystem.syncDirectory(directory)
    await file.truncate(position)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function rebuildIndexes(
  fileSystem: FileSystem,
  directory: string,
  path: string,
  position: number,
): Promise<void> {
  const segment = new Segment({
    fileSystem,
    openFiles: new OpenFiles(fileSystem, systemEnvironment, UNLIMITED_SLOTS),
    directory,
    baseOffset: offsetOfName(baseName(path), '.log')!,
    createdMs: 0,
    jitterMs: 0,
    isOnDisk: true,
  })
  try {
    await segment.rebuild(position, DEFAULT_LOG_CONFIG.indexIntervalBytes)
  } finally {
    segment.file.closeFile()
  }
}
