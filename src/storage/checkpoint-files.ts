import { type Uuid, uuidFromString, uuidToString } from '../base/uuid.ts'
import { FormatError } from './format-error.ts'

/**
 * Kafka's small text files: their contents only. Parsing takes what Kafka and people write (carriage returns, blank
 * lines, more blanks than one) and throws FormatError on anything else.
 */

/** One line of recovery-point-, log-start-, replication- and cleaner-offset-checkpoint. */
export interface CheckpointOffset {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

/** One line of leader-epoch-checkpoint: the epoch's first offset. */
export interface EpochStart {
  readonly epoch: number
  readonly startOffset: number
}

/** Contents of meta.properties, version 1. */
export interface MetaProperties {
  readonly clusterId: string
  readonly nodeId: number
  /** null in directories of Kafka before 3.7. */
  readonly directoryId: string | null
}

const CHECKPOINT_VERSION = 0
const PARTITION_METADATA_VERSION = 0
const META_PROPERTIES_VERSION = 1

/** Entries of an offset checkpoint, in the order of the lines. */
export function parseOffsetCheckpoint(text: string): CheckpointOffset[] {
  return checkpointLines(text).map((line) => {
    const [topic, partition, offset, ...rest] = line.split(/\s+/)
    if (topic === undefined || rest.length > 0) throw badLine(line)
    return { topic, partition: wholeNumber(partition, line), offset: wholeNumber(offset, line) }
  })
}

export function formatOffsetCheckpoint(entries: readonly CheckpointOffset[]): string {
  return formatCheckpoint(entries.map(offsetCheckpointLine))
}

/** A line of an offset checkpoint. */
export function offsetCheckpointLine({ topic, partition, offset }: CheckpointOffset): string {
  return `${topic} ${partition} ${offset}`
}

/** Epochs in ascending order; their offsets never fall. */
export function parseLeaderEpochCheckpoint(text: string): EpochStart[] {
  const epochs = checkpointLines(text).map((line) => {
    const [epoch, startOffset, ...rest] = line.split(/\s+/)
    if (rest.length > 0) throw badLine(line)
    return { epoch: wholeNumber(epoch, line), startOffset: wholeNumber(startOffset, line) }
  })
  for (let index = 1; index < epochs.length; index++) {
    const before = epochs[index - 1]!
    const { epoch, startOffset } = epochs[index]!
    if (epoch <= before.epoch || startOffset < before.startOffset)
      throw new FormatError(
        'bad-entry',
        `epoch ${epoch} at ${startOffset} behind ${before.epoch} at ${before.startOffset}`,
      )
  }
  return epochs
}

export function formatLeaderEpochCheckpoint(epochs: readonly EpochStart[]): string {
  return formatCheckpoint(epochs.map(({ epoch, startOffset }) => `${epoch} ${startOffset}`))
}

/** The topic id out of partition.metadata. */
export function parsePartitionMetadata(text: string): Uuid {
  const properties = parseProperties(text)
  requireVersion(properties, PARTITION_METADATA_VERSION)
  const topicId = uuidFromString(properties.get('topic_id') ?? '')
  if (topicId === null) throw new FormatError('bad-entry', 'partition.metadata without a topic id')
  return topicId
}

export function formatPartitionMetadata(topicId: Uuid): string {
  return `version: ${PARTITION_METADATA_VERSION}\ntopic_id: ${uuidToString(topicId)}`
}

/** Reads `meta.properties`. Throws FormatError. */
export function parseMetaProperties(text: string): MetaProperties {
  const properties = parseProperties(text)
  requireVersion(properties, META_PROPERTIES_VERSION)
  const clusterId = properties.get('cluster.id') ?? ''
  if (clusterId === '') throw new FormatError('bad-entry', 'meta.properties without a cluster id')
  const nodeId = properties.get('node.id')
  return {
    clusterId,
    nodeId: wholeNumber(nodeId, `node.id=${nodeId ?? ''}`),
    directoryId: properties.get('directory.id') ?? null,
  }
}

/** `writtenMs` goes to a comment, as Java's properties have it. */
export function formatMetaProperties(properties: MetaProperties, writtenMs: number): string {
  const lines = ['#', `#${javaDate(writtenMs)}`, `cluster.id=${escapeProperty(properties.clusterId)}`]
  if (properties.directoryId !== null) lines.push(`directory.id=${escapeProperty(properties.directoryId)}`)
  lines.push(`node.id=${properties.nodeId}`, `version=${META_PROPERTIES_VERSION}`)
  return `${lines.join('\n')}\n`
}

/** Lines of a checkpoint behind its version and its count, which must hold. */
function checkpointLines(text: string): string[] {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const [version, count, ...entries] = lines
  if (version === undefined || count === undefined)
    throw new FormatError('truncated', 'a checkpoint without a head')
  if (wholeNumber(version, version) !== CHECKPOINT_VERSION)
    throw new FormatError('bad-version', `a checkpoint of version ${version}`)
  if (wholeNumber(count, count) !== entries.length)
    throw new FormatError('bad-count', `a checkpoint of ${entries.length} lines that says ${count}`)
  return entries
}

/** What an offset checkpoint of so many lines begins with. */
export function offsetCheckpointHead(count: number): string {
  return `${CHECKPOINT_VERSION}\n${count}\n`
}

function formatCheckpoint(lines: readonly string[]): string {
  return `${[CHECKPOINT_VERSION, lines.length, ...lines].join('\n')}\n`
}

/** A number ≥ 0 that is exact. */
function wholeNumber(text: string | undefined, line: string): number {
  const value = text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : -1
  if (!Number.isSafeInteger(value) || value < 0) throw badLine(line)
  return value
}

function badLine(line: string): FormatError {
  return new FormatError('bad-line', `unexpected ${JSON.stringify(line.slice(0, 100))}`)
}

function requireVersion(properties: ReadonlyMap<string, string>, version: number): void {
  const found = properties.get('version')
  if (found === undefined) throw new FormatError('truncated', 'no version')
  if (found !== String(version)) throw new FormatError('bad-version', `version ${found}`)
}

/** Java properties: `key=value`, `key: value` or `key value`, comments by # or !, backslash escapes on one line. */
function parseProperties(text: string): Map<string, string> {
  const properties = new Map<string, string>()
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#') || line.startsWith('!')) continue
    const match = /^((?:\\.|[^\\=:\s])+)\s*[=:\s]\s*(.*)$/.exec(line)
    if (match === null) throw badLine(line)
    properties.set(unescapeProperty(match[1]!), unescapeProperty(match[2]!))
  }
  return properties
}

function unescapeProperty(text: string): string {
  return text.replace(/\\(.)/g, '$1')
}

function escapeProperty(text: string): string {
  return text.replace(/[\\=:#!]/g, '\\$&')
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `Tue Nov 24 05:58:11 UTC 2026`. */
function javaDate(ms: number): string {
  const date = new Date(ms)
  const day = String(date.getUTCDate()).padStart(2, '0')
  const time = date.toISOString().slice(11, 19)
  return `${WEEKDAYS[date.getUTCDay()]} ${MONTHS[date.getUTCMonth()]} ${day} ${time} UTC ${date.getUTCFullYear()}`
}
