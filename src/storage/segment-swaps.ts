import { batchNextOffset } from '../protocol/record-batch.ts'
import { walkHeaders } from './batch-walk.ts'
import { CLEANED_SUFFIX, offsetName, SWAP_SUFFIX } from './file-names.ts'
import type { FileSystem } from './file-system.ts'
import { isUnreadable } from './storage-error.ts'

const SWAP_NAME = /^(\d{20})\.log\.swap$/
const SEGMENT_NAME = /^(\d{20})\.(log|index|timeindex|txnindex)$/

/**
 * How compaction replaces segments, so that a crash leaves the old ones or the new one. The new one is written and
 * synced as `<base>.log.cleaned`; its name becomes `.log.swap`, which decides it; the old files go; the name becomes
 * `.log`. A swap that is found at a start is gone through with: it replaces the segments that begin among its offsets.
 * Names are Kafka's, and so is what they mean. `names` are those in the directory; resolves to those that are there then.
 */
export async function completeSwaps(
  fileSystem: FileSystem,
  directory: string,
  names: readonly string[],
): Promise<readonly string[]> {
  if (!names.some((name) => SWAP_NAME.test(name))) return names
  for (const name of names) {
    const match = SWAP_NAME.exec(name)
    if (match === null) continue
    const baseOffset = Number(match[1])
    const endOffset = await endOf(fileSystem, `${directory}/${name}`, baseOffset)
    for (const other of await fileSystem.list(directory)) {
      const segment = SEGMENT_NAME.exec(other)
      if (segment === null) continue
      const offset = Number(segment[1])
      const isIndex = segment[2] === 'index' || segment[2] === 'timeindex'
      const goes = offset === baseOffset ? isIndex : offset > baseOffset && offset < endOffset
      if (goes) await fileSystem.unlink(`${directory}/${other}`)
    }
    // The old indexes are gone for good before there is a log file that they don't belong to.
    await fileSystem.syncDirectory(directory)
    await finishSwap(fileSystem, directory, baseOffset)
  }
  return fileSystem.list(directory)
}

/** Behind the last batch of the file, as far as it is readable: what is damaged is found when the log is checked. */
async function endOf(fileSystem: FileSystem, path: string, baseOffset: number): Promise<number> {
  let endOffset = baseOffset
  const file = await fileSystem.open(path, 'read')
  try {
    await walkHeaders(file, path, 0, await file.byteLength(), (buffer, at) => {
      endOffset = batchNextOffset(buffer, at)
      return true
    })
  } catch (error) {
    if (!isUnreadable(error)) throw error
  } finally {
    await file.close()
  }
  return endOffset
}

/** From here on a start goes through with it. */
export async function decideSwap(
  fileSystem: FileSystem,
  directory: string,
  baseOffset: number,
): Promise<void> {
  const path = `${directory}/${offsetName(baseOffset)}.log`
  await fileSystem.rename(`${path}${CLEANED_SUFFIX}`, `${path}${SWAP_SUFFIX}`)
  await fileSystem.syncDirectory(directory)
}

/** The old files are gone: the new one takes its name. */
export async function finishSwap(
  fileSystem: FileSystem,
  directory: string,
  baseOffset: number,
): Promise<void> {
  const path = `${directory}/${offsetName(baseOffset)}.log`
  await fileSystem.rename(`${path}${SWAP_SUFFIX}`, path)
  await fileSystem.syncDirectory(directory)
}
