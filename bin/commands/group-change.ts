import type { Command } from 'commander'
import { isKafkaError } from '../../src/client/client-error.ts'
import { commitOffsets, deleteOffsets, fetchCommitted } from '../../src/client/committed-offsets.ts'
import { deleteGroup, describeGroup } from '../../src/client/group-admin.ts'
import { resolveOffsets } from '../../src/client/offsets.ts'
import { partitionKey, type TopicPartition } from '../../src/client/position.ts'
import { findTopic } from '../../src/client/topic-admin.ts'
import { CliError, EXIT_NOT_FOUND, EXIT_OK, EXIT_USAGE } from '../exit-code.ts'
import { collectNames, parseInteger, parseWhole } from '../parse.ts'
import { report, type Session } from '../session.ts'
import { renderTable } from '../table.ts'
import { parseStart } from '../time.ts'
import type { Wiring } from '../wiring.ts'

/** What `group reset-offsets` was told. */
export interface ResetOptions {
  readonly to?: string
  readonly shiftBy?: number
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
  if ((options.to === undefined) === (options.shiftBy === undefined))
    throw new CliError('say where to: --to POSITION, or --shift-by N', EXIT_USAGE)
  if (options.partition !== undefined && options.topic?.length !== 1)
    throw new CliError('--partition needs exactly one --topic', EXIT_USAGE)
  const executed = options.execute === true
  await refuseActive(session, groupId, options)
  const resets = await planResets(session, groupId, options)
  if (executed)
    await commitOffsets(
      session.cluster,
      groupId,
      resets.map(({ topic, partition, after }) => ({ topic, partition, offset: after })),
    )
  const { io, json } = session
  if (json) {
    for (const { topic, partition, before, after, end } of resets)
      await io.out(
        `${JSON.stringify({ group: groupId, topic, partition, before, after, end, lag: end - after, executed })}\n`,
      )
    return EXIT_OK
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
    { title: 'TOPIC' },
    ...['PARTITION', 'COMMITTED', 'NEW', 'END', 'LAG'].map((title) => ({ title, numeric: true })),
  ]
  await io.out(renderTable(heading, rows, { columns: io.columns, colour: io.colourOut }))
  io.note(executed ? `reset the offsets of group ${groupId}` : 'nothing was changed: --execute does it')
  return EXIT_OK
}

/** A group with members commits by itself; one that is not there can only be given offsets of topics by name. */
async function refuseActive({ cluster }: Session, groupId: string, options: ResetOptions): Promise<void> {
  try {
    const { members } = await describeGroup(cluster, groupId)
    if (members.length > 0)
      throw new CliError(
        `group ${groupId} has ${members.length} member${members.length === 1 ? '' : 's'}: stop its consumers first`,
      )
  } catch (error) {
    if (!isKafkaError(error, 'GROUP_ID_NOT_FOUND')) throw error
    if (options.topic === undefined) throw error
  }
}

async function planResets(session: Session, groupId: string, options: ResetOptions): Promise<Reset[]> {
  const { cluster, io } = session
  const committed = new Map<string, number>()
  const partitions: TopicPartition[] = []
  const offsets = await fetchCommitted(cluster, groupId)
  for (const { topic, partition, offset } of offsets) committed.set(partitionKey(topic, partition), offset)
  const topics = options.topic ?? [...new Set(offsets.map(({ topic }) => topic))].sort()
  for (const topic of topics)
    for (const { index } of (await findTopic(cluster, topic)).partitions)
      if (options.partition === undefined || index === options.partition)
        partitions.push({ topic, partition: index })
  if (partitions.length === 0)
    throw new CliError(
      topics.length === 0
        ? `group ${groupId} has no offsets: name topics with --topic`
        : `topic ${topics[0]} has no partition ${options.partition}`,
      topics.length === 0 ? EXIT_NOT_FOUND : EXIT_USAGE,
    )
  const ask = (start: Parameters<typeof resolveOffsets>[1][number]['start']): Promise<Map<string, number>> =>
    resolveOffsets(
      cluster,
      partitions.map((entry) => ({ ...entry, start })),
    )
  const target = options.to === undefined ? null : parseStart(options.to, io.environment.wallMs(), '--to')
  const [starts, ends, targets] = await Promise.all([
    ask({ kind: 'earliest' }),
    ask({ kind: 'latest' }),
    target === null ? null : ask(target),
  ])
  const resets: Reset[] = []
  for (const { topic, partition } of partitions) {
    const key = partitionKey(topic, partition)
    const before = committed.get(key) ?? null
    if (targets === null && before === null) continue
    const wanted = targets === null ? before! + options.shiftBy! : targets.get(key)!
    const end = ends.get(key)!
    resets.push({ topic, partition, before, after: Math.min(end, Math.max(starts.get(key)!, wanted)), end })
  }
  return resets
}

/** `group delete`: groups and their offsets. Goes on past one that cannot be deleted. */
export async function groupDelete(session: Session, names: readonly string[]): Promise<number> {
  let exitCode = EXIT_OK
  for (const name of names) {
    try {
      await deleteGroup(session.cluster, name)
      if (session.json) await session.io.out(`${JSON.stringify({ group: name, deleted: true })}\n`)
      else session.io.note(`deleted group ${name}`)
    } catch (error) {
      if (!isKafkaError(error)) throw error
      const failed = report(session.io, session.json, error)
      if (exitCode === EXIT_OK || failed !== EXIT_NOT_FOUND) exitCode = failed
    }
  }
  return exitCode
}

/** What `group delete-offsets` was told. */
export interface DeleteOffsetsOptions {
  readonly topic: readonly string[]
  readonly partition?: number
}

/** `group delete-offsets`: what a group has committed of topics. */
export async function groupDeleteOffsets(
  session: Session,
  groupId: string,
  options: DeleteOffsetsOptions,
): Promise<number> {
  const { io, json, cluster } = session
  if (options.partition !== undefined && options.topic.length !== 1)
    throw new CliError('--partition needs exactly one --topic', EXIT_USAGE)
  // Says so where there is no such group.
  await describeGroup(cluster, groupId)
  const wanted = new Set(options.topic)
  const found = (await fetchCommitted(cluster, groupId)).filter(
    ({ topic, partition }) =>
      wanted.has(topic) && (options.partition === undefined || partition === options.partition),
  )
  if (found.length === 0)
    throw new CliError(`group ${groupId} has committed nothing of ${[...wanted].join(', ')}`, EXIT_NOT_FOUND)
  await deleteOffsets(cluster, groupId, found)
  for (const { topic, partition, offset } of found)
    if (json)
      await io.out(`${JSON.stringify({ group: groupId, topic, partition, before: offset, deleted: true })}\n`)
    else io.note(`deleted the offset ${offset} of group ${groupId} in ${topic} [${partition}]`)
  return EXIT_OK
}

/** The commands of the `group` group that change one. */
export function groupChangeCommands(group: Command, wiring: Wiring): void {
  const reset = group
    .command('reset-offsets <group>')
    .description('set where a group goes on; without --execute only show what would be')
    .option(
      '--to <position>',
      'beginning, end, an offset, a duration back from now (1h), a time (2026-01-31T12:00:00Z) or @MILLISECONDS',
    )
    .option('--shift-by <number>', 'so many offsets on from what is committed, or back (-100)', parseInteger)
    .option(
      '--topic <name>',
      'of this topic (default: of all that the group has committed); repeatable',
      collectNames,
    )
    .option('--partition <number>', 'this partition of the topic only', parseWhole)
    .option('--execute', 'do it')
    .action((name: string, options: ResetOptions) =>
      wiring.client(reset, (session) => groupResetOffsets(session, name, options)),
    )
  wiring.example(
    reset,
    'millrace group reset-offsets billing --to 2h',
    'millrace group reset-offsets billing --topic orders --shift-by -100 --execute',
  )
  const remove = group
    .command('delete <name...>')
    .description('delete groups without members, and their offsets')
    .action((names: string[]) => wiring.client(remove, (session) => groupDelete(session, names)))
  wiring.example(remove, 'millrace group delete billing')
  const forget = group
    .command('delete-offsets <group>')
    .description('delete what a group has committed of topics that it does not read')
    .requiredOption('--topic <name>', 'of this topic; repeatable', collectNames)
    .option('--partition <number>', 'of this partition of the topic only', parseWhole)
    .action((name: string, options: DeleteOffsetsOptions) =>
      wiring.client(forget, (session) => groupDeleteOffsets(session, name, options)),
    )
  wiring.example(forget, 'millrace group delete-offsets billing --topic orders')
}
