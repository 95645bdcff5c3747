import { uuidToString } from '../../base/uuid.ts'
import { parseLeaderEpochCheckpoint, parsePartitionMetadata } from '../checkpoint-files.ts'
import { offsetOfName, SNAPSHOT_SUFFIX } from '../file-names.ts'
import { type FileSystem, readWhole } from '../file-system.ts'
import { FormatError } from '../format-error.ts'
import type { JournalGroup } from '../journal-record.ts'
import { readProducerSnapshot } from '../producer-snapshot.ts'
import { decodeAborted, encodeAborted, TRANSACTION_INDEX_SUFFIX } from '../transaction-index.ts'
import type { Findings } from './finding.ts'

const INDEX_NAME = /\.(?:index|timeindex)$/

/** A partition's directory, and what its log files came to. */
export interface SideFiles {
  readonly fileSystem: FileSystem
  readonly findings: Findings
  readonly path: string
  readonly group: JournalGroup | null
  readonly endOffset: number
  /** Whether the log files are not whole: then their end says nothing about the files beside them. */
  readonly hasFault: boolean
}

/** Checks what lies beside the log files: snapshots, transaction indexes, epochs, the topic's id. */
export async function checkSideFiles(side: SideFiles): Promise<void> {
  const names = await side.fileSystem.list(side.path)
  const logs = new Set(names.filter((name) => name.endsWith('.log')))
  const isLast = (offset: number): boolean =>
    [...logs].every((name) => (offsetOfName(name, '.log') ?? -1) <= offset)
  for (const name of names) {
    const path = `${side.path}/${name}`
    if (INDEX_NAME.test(name) && !logs.has(name.replace(INDEX_NAME, '.log')))
      side.findings.add('stale', path, 'the log file that it belongs to is not there', {
        remedies: [{ action: 'remove', path }],
      })
    const snapshotOffset = offsetOfName(name, SNAPSHOT_SUFFIX)
    if (snapshotOffset !== null) await checkSnapshot(side, path, snapshotOffset)
    const indexOffset = offsetOfName(name, TRANSACTION_INDEX_SUFFIX)
    if (indexOffset !== null) await checkTransactionIndex(side, path, indexOffset, isLast(indexOffset))
  }
  if (names.includes('leader-epoch-checkpoint'))
    await checkText(side, 'leader-epoch-checkpoint', 'stale', (text) => checkEpochs(side, text))
  if (names.includes('partition.metadata'))
    await checkText(side, 'partition.metadata', 'damaged', (text) => checkTopicId(side, text))
}

async function checkSnapshot(side: SideFiles, path: string, offset: number): Promise<void> {
  const remedies = [{ action: 'remove' as const, path }]
  if (!side.hasFault && offset > side.endOffset) {
    const what = `it is of offset ${offset}, the log ends at ${side.endOffset}`
    side.findings.add('stale', path, what, { remedies })
    return
  }
  const snapshot = readProducerSnapshot((await readWhole(side.fileSystem, path)) ?? Buffer.alloc(0), offset)
  if (!Array.isArray(snapshot))
    side.findings.add('stale', path, `no producer snapshot: ${snapshot.fault}`, { remedies })
}

/** Only the index of the last segment is written to behind what it has: where that was not finished, the log tells the rest. */
async function checkTransactionIndex(
  side: SideFiles,
  path: string,
  baseOffset: number,
  isLast: boolean,
): Promise<void> {
  const bytes = (await readWhole(side.fileSystem, path)) ?? Buffer.alloc(0)
  const position = encodeAborted(decodeAborted(bytes, baseOffset)).length
  if (position < bytes.length)
    side.findings.add(isLast ? 'torn' : 'damaged', path, 'an aborted transaction that makes no sense', {
      position,
    })
}

async function checkText(
  side: SideFiles,
  name: string,
  kind: 'stale' | 'damaged',
  check: (text: string) => void,
): Promise<void> {
  const path = `${side.path}/${name}`
  try {
    check(((await readWhole(side.fileSystem, path)) ?? Buffer.alloc(0)).toString('utf8'))
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    const remedies = kind === 'stale' ? [{ action: 'remove' as const, path }] : []
    side.findings.add(kind, path, error.message, { remedies })
  }
}

/** Epochs that begin behind the end of the log are those of a cut that the file has not heard of. */
function checkEpochs(side: SideFiles, text: string): void {
  const last = parseLeaderEpochCheckpoint(text).at(-1)
  if (last === undefined || side.hasFault || last.startOffset <= side.endOffset) return
  const path = `${side.path}/leader-epoch-checkpoint`
  side.findings.add(
    'stale',
    path,
    `epoch ${last.epoch} begins at offset ${last.startOffset}, the log ends at ${side.endOffset}`,
    { remedies: [{ action: 'remove', path }] },
  )
}

function checkTopicId(side: SideFiles, text: string): void {
  const topicId = parsePartitionMetadata(text)
  if (side.group === null || side.group.topicId === topicId) return
  side.findings.add(
    'damaged',
    `${side.path}/partition.metadata`,
    `it is of topic ${uuidToString(topicId)}, the journal says ${uuidToString(side.group.topicId)}`,
  )
}
