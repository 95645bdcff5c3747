import { parseMetaProperties, parseOffsetCheckpoint } from '../checkpoint-files.ts'
import { partitionName } from '../file-names.ts'
import { type FileSystem, readWhole } from '../file-system.ts'
import { FormatError } from '../format-error.ts'
import { JOURNAL_NAME, type LoadedJournal, loadJournal } from '../journal-loader.ts'
import type { JournalGroup } from '../journal-record.ts'
import { StorageError } from '../storage-error.ts'
import { type Finding, Findings } from './finding.ts'
import { type InspectionTarget, inspectionTarget } from './inspection-target.ts'
import { type CheckTally, checkPartition } from './partition-check.ts'

/** What a check found. */
export interface CheckReport extends Readonly<CheckTally> {
  readonly directory: string | null
  readonly partitions: number
  readonly findings: readonly Finding[]
}

/** How a check goes about it. */
export interface CheckOptions {
  /** Also every record of every batch, decompressed. */
  readonly readsRecords: boolean
  onProgress?(doneBytes: number, totalBytes: number): void
}

const CHECKPOINTS = [
  'recovery-point-offset-checkpoint',
  'replication-offset-checkpoint',
  'log-start-offset-checkpoint',
  'cleaner-offset-checkpoint',
]

/**
 * Checks all that lies under a path (a data directory, a partition's directory, a `.log` file) and changes nothing. No
 * other process may be writing there: see lockOf. Damage is in the report; throws StorageError where the disk fails, or
 * where the path is none of these.
 */
export async function checkLog(
  fileSystem: FileSystem,
  path: string,
  options: CheckOptions,
): Promise<CheckReport> {
  const target = await inspectionTarget(fileSystem, path)
  const findings = new Findings()
  const tally: CheckTally = { segments: 0, batches: 0, records: 0, bytes: 0 }
  const journal = await readJournal(fileSystem, target, findings)
  const groups = new Map<string, JournalGroup>()
  for (const group of journal?.groups.values() ?? [])
    groups.set(partitionName(group.topic, group.partition), group)
  if (target.isWholeDirectory) await checkDirectoryFiles(fileSystem, target, groups, journal, findings)
  const totalBytes = await logBytes(fileSystem, target)
  let doneBytes = 0
  for (const partition of target.partitions) {
    const group = groups.get(partitionName(partition.topic, partition.partition)) ?? null
    await checkPartition(partition, {
      fileSystem,
      findings,
      tally,
      group,
      wasClosed: journal?.wasClosed === true,
      readsRecords: options.readsRecords,
      onBytes(byteCount) {
        doneBytes += byteCount
        options.onProgress?.(doneBytes, totalBytes)
      },
    })
  }
  return {
    directory: target.directory,
    partitions: target.partitions.length,
    ...tally,
    findings: findings.list,
  }
}

/** null: there is none, or it can't be believed. */
async function readJournal(
  fileSystem: FileSystem,
  { directory, isWholeDirectory }: InspectionTarget,
  findings: Findings,
): Promise<LoadedJournal | null> {
  if (directory === null) return null
  const names = await fileSystem.list(directory)
  if (!names.includes(JOURNAL_NAME)) {
    if (isWholeDirectory)
      findings.add(
        'note',
        directory,
        'there is no journal: a copy of a Kafka directory, to be adopted at the next start',
      )
    return null
  }
  try {
    const journal = await loadJournal(fileSystem, directory)
    if (journal.hasTornEnd && isWholeDirectory)
      findings.add(
        'torn',
        `${directory}/${JOURNAL_NAME}`,
        'a write that did not finish; the next start cuts it',
        {
          position: journal.end,
        },
      )
    return journal
  } catch (error) {
    if (!(error instanceof StorageError) || error.fault !== 'corrupt') throw error
    const position = error.position === null ? {} : { position: error.position }
    findings.add('damaged', error.path, withoutPlace(error), position)
    return null
  }
}

/** The message of a StorageError begins with its place, which a finding has apart. */
function withoutPlace(error: StorageError): string {
  const place = error.position === null ? `${error.path}: ` : `${error.path} at ${error.position}: `
  return error.message.startsWith(place) ? error.message.slice(place.length) : error.message
}

async function checkDirectoryFiles(
  fileSystem: FileSystem,
  target: InspectionTarget,
  groups: ReadonlyMap<string, JournalGroup>,
  journal: LoadedJournal | null,
  findings: Findings,
): Promise<void> {
  const directory = target.directory!
  await checkFormat(fileSystem, `${directory}/meta.properties`, 'damaged', parseMetaProperties, findings)
  for (const name of CHECKPOINTS)
    await checkFormat(fileSystem, `${directory}/${name}`, 'stale', parseOffsetCheckpoint, findings)
  const present = new Set(target.partitions.map(({ topic, partition }) => partitionName(topic, partition)))
  for (const [name, group] of groups)
    if (!present.has(name))
      findings.add(
        (group.claim?.offset ?? 0) > group.startOffset ? 'damaged' : 'note',
        `${directory}/${name}`,
        'the journal knows this partition, and its directory is not there',
      )
  if (journal === null) return
  for (const name of present)
    if (!groups.has(name))
      findings.add(
        'note',
        `${directory}/${name}`,
        'the journal does not know it: it is adopted at the next start',
      )
}

async function checkFormat(
  fileSystem: FileSystem,
  path: string,
  kind: 'damaged' | 'stale',
  parse: (text: string) => unknown,
  findings: Findings,
): Promise<void> {
  const bytes = await readWhole(fileSystem, path)
  if (bytes === null) return
  try {
    parse(bytes.toString('utf8'))
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    const remedies = kind === 'stale' ? [{ action: 'remove' as const, path }] : []
    findings.add(kind, path, error.message, { remedies })
  }
}

async function logBytes(fileSystem: FileSystem, target: InspectionTarget): Promise<number> {
  let total = 0
  for (const { path } of target.partitions)
    for (const name of await fileSystem.list(path))
      if (name.endsWith('.log')) total += (await fileSystem.stat(`${path}/${name}`))?.byteLength ?? 0
  return total
}
