import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { isKafkaError } from '../../src/client/client-error.ts'
import { commitOffsets, fetchCommitted } from '../../src/client/committed-offsets.ts'
import { describeGroup } from '../../src/client/group-admin.ts'
import { type OffsetQuestion, resolveOffsets } from '../../src/client/offsets.ts'
import { partitionKey, type TopicPartition } from '../../src/client/position.ts'
import { findTopic } from '../../src/client/topic-admin.ts'
import { CliError, EXIT_NOT_FOUND, EXIT_OK, EXIT_USAGE } from '../exit-code.ts'
import { isSelected, parseSelections, type TopicSelection } from '../names.ts'
import { type OffsetLine, parseOffsetLines } from '../offset-lines.ts'
import { collectNames, parseInteger, parseWhole } from '../parse.ts'
import type { Session } from '../session.ts'
import { renderTable } from '../table.ts'
import { parseStart } from '../time.ts'
import type { Wiring } from '../wiring.ts'

/** What `group reset-offsets` was told. */
export interface ResetOptions {
  readonly to?: string
  readonly shiftBy?: number
  readonly toGroup?: string
  readonly toFile?: string
  readonly topic?: readonly string[]
  readonly partition?: number
  readonly execute?: boolean
}

interface Reset extends TopicPartition {
  readonly before: number | null
  readonly after: number
  readonly end: number
}

/** `group reset-offsets`: shows where a group would go on in each partition; with `execute` it will. */
export async function groupResetOffsets(
  session: Session,
  groupId: string,
  options: ResetOptions,
): Promise<number> {
  const { to, shiftBy, toGroup, toFile } = options
  if ([to, shiftBy, toGroup, toFile].filter((value) => value !== undefined).length !== 1)
    throw new CliError(
      'say where to, in one way: --to POSITION, --shift-by N, --to-group NAME or --to-file PATH',
      EXIT_USAGE,
    )
  const selections = parseSelections(options.topic, options.partition)
  const executed = options.execute === true
  await refuseActive(session, groupId, selections !== null || toGroup !== undefined || toFile !== undefined)
  const resets = await planResets(session, groupId, options, selections)
  if (executed)
    await commitOffsets(
      session.cluster,
      groupId,
      resets.map(({ topic, partition, after }) => ({ topic, partition, offset: after })),
    )
  await tell(session, groupId, resets, executed)
  return EXIT_OK
}

async function tell(
  { io, json }: Session,
  groupId: string,
  resets: readonly Reset[],
  executed: boolean,
): Promise<void> {
  if (json) {
    for (const { topic, partition, before, after, end } of resets)
      await io.out(
        `${JSON.stringify({ group: groupId, topic, partition, before, after, end, lag: end - after, executed })}\n`,
      )
    return
  }
  const rows = resets.map(({ topic, partition, before, after, end }) => [
    topic,
    partition,
    before ?? '-',
    after,
    end,
    end - after,
  ])
  const heading = [
    { title: 'TOPIC', name: true },
    ...['PARTITION', 'COMMITTED', 'NEW', 'END', 'LAG'].map((title) => ({ title, numeric: true })),
  ]
  await io.out(renderTable(heading, rows, { columns: io.columns, colour: io.colourOut }))
  io.note(executed ? `reset the offsets of group ${groupId}` : 'nothing was changed: --execute does it')
}

/** A group with members commits by itself; one that is not there can only be given offsets of what is named. */
async function refuseActive({ cluster }: Session, groupId: string, mayBeNew: boolean): Promise<void> {
  try {
    const { members } = await describeGroup(cluster, groupId)
    if (members.length > 0)
      throw new CliError(
        `group ${groupId} has ${members.length} member${members.length === 1 ? '' : 's'}: stop its consumers first`,
      )
  } catch (error) {
    if (!isKafkaError(error, 'GROUP_ID_NOT_FOUND') || !mayBeNew) throw error
  }
}

async function planResets(
  session: Session,
  groupId: string,
  options: ResetOptions,
  selections: readonly TopicSelection[] | null,
): Promise<Reset[]> {
  const { cluster } = session
  const committed = await fetchCommitted(cluster, groupId)
  const before = new Map(
    committed.map(({ topic, partition, offset }) => [partitionKey(topic, partition), offset]),
  )
  const wanted = await wantedOffsets(session, groupId, options, selections, committed)
  const ask = (kind: 'earliest' | 'latest'): Promise<Map<string, number>> =>
    resolveOffsets(
      cluster,
      wanted.map(({ topic, partition }) => ({ topic, partition, start: { kind } })),
    )
  const [starts, ends] = await Promise.all([ask('earliest'), ask('latest')])
  return wanted.map(({ topic, partition, offset }) => {
    const key = partitionKey(topic, partition)
    const end = ends.get(key)!
    const after = Math.min(end, Math.max(starts.get(key)!, offset))
    return { topic, partition, before: before.get(key) ?? null, after, end }
  })
}

/** Where each partition is to go on, not yet held within its log. */
async function wantedOffsets(
  session: Session,
  groupId: string,
  options: ResetOptions,
  selections: readonly TopicSelection[] | null,
  committed: readonly OffsetLine[],
): Promise<OffsetLine[]> {
  const { to, shiftBy, toGroup, toFile } = options
  if (toGroup !== undefined || toFile !== undefined) {
    const all = toFile === undefined ? await fetchCommitted(session.cluster, toGroup!) : readOffsets(toFile)
    const found = all.filter(({ topic, partition }) => isSelected(selections, topic, partition))
    if (found.length > 0) return found
    const ofWhat = selections === null ? '' : ' of what --topic names'
    throw new CliError(`${toFile ?? `group ${toGroup}`} has no offsets${ofWhat}`, EXIT_NOT_FOUND)
  }
  const partitions = await selectedPartitions(session, groupId, selections, committed)
  if (shiftBy !== undefined) {
    const known = new Set(partitions.map(({ topic, partition }) => partitionKey(topic, partition)))
    return committed
      .filter(({ topic, partition }) => known.has(partitionKey(topic, partition)))
      .map(({ topic, partition, offset }) => ({ topic, partition, offset: offset + shiftBy }))
  }
  const start = parseStart(to!, session.io.environment.wallMs(), '--to')
  const questions = partitions.map((entry): OffsetQuestion => ({ ...entry, start }))
  const offsets = await resolveOffsets(session.cluster, questions)
  return partitions.map(({ topic, partition }) => {
    return { topic, partition, offset: offsets.get(partitionKey(topic, partition))! }
  })
}

/** Those of the topics that are selected; without selections of all that the group has committed. */
async function selectedPartitions(
  { cluster }: Session,
  groupId: string,
  selections: readonly TopicSelection[] | null,
  committed: readonly OffsetLine[],
): Promise<TopicPartition[]> {
  const topics = new Set((selections ?? committed).map(({ topic }) => topic))
  if (topics.size === 0)
    throw new CliError(`group ${groupId} has no offsets: name topics with --topic`, EXIT_NOT_FOUND)
  const selected: TopicPartition[] = []
  for (const topic of [...topics].sort()) {
    const { partitions } = await findTopic(cluster, topic)
    const asked = (selections ?? []).flatMap((one) => (one.topic === topic ? (one.partitions ?? []) : []))
    const missing = asked.find((partition) => partition >= partitions.length)
    if (missing !== undefined) throw new CliError(`topic ${topic} has no partition ${missing}`, EXIT_USAGE)
    for (const { index } of partitions)
      if (isSelected(selections, topic, index)) selected.push({ topic, partition: index })
  }
  return selected
}

function readOffsets(path: string): OffsetLine[] {
  try {
    return parseOffsetLines(readFileSync(path, 'utf8'), path)
  } catch (error) {
    if (error instanceof CliError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    throw new CliError(code === 'ENOENT' ? `there is no file ${path}` : `cannot read ${path}: ${message}`)
  }
}

/** The `group reset-offsets` command. */
export function groupResetCommand(group: Command, wiring: Wiring): void {
  const reset = group
    .command('reset-offsets <group>')
    .alias('seek')
    .description('set where a group goes on; without --execute only show what would be')
    .option(
      '--to <position>',
      'beginning, end, an offset, -5 (so many before the end), a duration back from now (1h), a time (2026-01-31T12:00:00Z) or @MILLISECONDS',
    )
    .option('--shift-by <number>', 'so many offsets on from what is committed, or back (-100)', parseInteger)
    .option('--to-group <name>', 'to what another group has committed')
    .option('--to-file <path>', 'to what a file says, one TOPIC PARTITION OFFSET a line')
    .option(
      '-t, --topic <name>',
      'of this topic, or of NAME:PARTITION,PARTITION (default: of all that the group has committed); repeatable',
      collectNames,
    )
    .option('-p, --partition <number>', 'this partition of the topic only', parseWhole)
    .option('--execute', 'do it')
    .action((name: string, options: ResetOptions) =>
      wiring.client(reset, (session) => groupResetOffsets(session, name, options)),
    )
  wiring.example(
    reset,
    'millrace group reset-offsets billing --to 2h',
    'millrace group reset-offsets billing --topic orders --shift-by -100 --execute',
    'millrace group reset-offsets billing-2 --to-group billing --execute',
  )
}
