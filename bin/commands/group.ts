import type { Command } from 'commander'
import { describeGroup, type GroupDescription, listGroups } from '../../src/client/group-admin.ts'
import { CliError, EXIT_OK, EXIT_USAGE } from '../exit-code.ts'
import { forEachName, REGEX_HELP } from '../named.ts'
import { matchingNames } from '../names.ts'
import { offsetLines } from '../offset-lines.ts'
import { collectNames } from '../parse.ts'
import type { Session } from '../session.ts'
import { renderTable } from '../table.ts'
import type { Wiring } from '../wiring.ts'
import { groupChangeCommands } from './group-change.ts'

/** `group list`: names, states and types; of all, or of those in a state. */
export async function groupList(session: Session, options: { state?: readonly string[] }): Promise<number> {
  const { io } = session
  const states = options.state?.map((state) => state.toLowerCase())
  for (const state of options.state ?? []) checkState(state)
  const groups = (await listGroups(session.cluster)).filter(
    ({ state }) => states === undefined || states.includes(state.toLowerCase()),
  )
  if (session.json) {
    for (const { groupId, state, type, protocolType } of groups)
      await io.out(`${JSON.stringify({ group: groupId, state, type, protocol: protocolType })}\n`)
    return EXIT_OK
  }
  if (groups.length === 0) {
    io.note('no groups')
    return EXIT_OK
  }
  const rows = groups.map(({ groupId, state, type, protocolType }) => [groupId, state, type, protocolType])
  const heading = [
    { title: 'GROUP', name: true },
    { title: 'STATE' },
    { title: 'TYPE' },
    { title: 'PROTOCOL' },
  ]
  await io.out(renderTable(heading, rows, { columns: io.columns, colour: io.colourOut }))
  return EXIT_OK
}

/** What `group describe` was told. */
export interface GroupDescribeOptions {
  readonly regex?: boolean
  readonly summary?: boolean
  readonly byTopic?: boolean
  readonly commits?: boolean
}

/** Of groups of all kinds, as Kafka names them. */
const STATES = [
  'Stable',
  'Empty',
  'PreparingRebalance',
  'CompletingRebalance',
  'Assigning',
  'Reconciling',
  'NotReady',
  'Dead',
]

function checkState(asked: string): void {
  if (!STATES.some((state) => state.toLowerCase() === asked.toLowerCase()))
    throw new CliError(`no group has a state '${asked}': there are ${STATES.join(', ')}`, EXIT_USAGE)
}

/** `group describe`: state, members and how far groups are, named or all. Goes on past one that is not there. */
export async function groupDescribe(
  session: Session,
  words: readonly string[],
  options: GroupDescribeOptions,
): Promise<number> {
  const { io, json, cluster } = session
  const views = [options.summary, options.byTopic, options.commits].filter((view) => view === true).length
  if (views > 1)
    throw new CliError('--summary, --by-topic and --commits cannot be given together', EXIT_USAGE)
  const names = await namedGroups(session, words, options)
  if (options.commits === true && names.length !== 1)
    throw new CliError('--commits is of one group: its lines do not name it', EXIT_USAGE)
  const groups: GroupDescription[] = []
  const exitCode = await forEachName(session, names, async (name) => {
    const group = await describeGroup(cluster, name)
    groups.push(group)
    if (json) await io.out(`${JSON.stringify(jsonGroup(group))}\n`)
    else if (options.commits === true) await io.out(commitLines(group))
    else if (views === 0) await io.out(`${groups.length === 1 ? '' : '\n'}${groupText(session, group)}`)
  })
  if (names.length === 0 && !json) io.note('no groups')
  if (json || groups.length === 0) return exitCode
  if (options.summary === true) await io.out(summaryTable(session, groups))
  if (options.byTopic === true) await io.out(topicTable(session, groups))
  return exitCode
}

async function namedGroups(
  { cluster }: Session,
  words: readonly string[],
  options: GroupDescribeOptions,
): Promise<readonly string[]> {
  if (words.length > 0 && options.regex !== true) return words
  const known = (await listGroups(cluster)).map(({ groupId }) => groupId)
  return words.length === 0 ? known : matchingNames(words, known, 'group')
}

function commitLines({ progress }: GroupDescription): string {
  return offsetLines(
    progress.flatMap(({ topic, partition, committed }) =>
      committed === null ? [] : [{ topic, partition, offset: committed }],
    ),
  )
}

function summaryTable({ io }: Session, groups: readonly GroupDescription[]): string {
  const rows = groups.map(({ groupId, state, type, members, progress }) => [
    groupId,
    state,
    type,
    members.length,
    new Set(progress.map(({ topic }) => topic)).size,
    lagOf(progress),
  ])
  const heading = [
    { title: 'GROUP', name: true },
    { title: 'STATE' },
    { title: 'TYPE' },
    ...['MEMBERS', 'TOPICS', 'LAG'].map((title) => ({ title, numeric: true })),
  ]
  return renderTable(heading, rows, { columns: io.columns, colour: io.colourOut })
}

function topicTable({ io }: Session, groups: readonly GroupDescription[]): string {
  const rows = groups.flatMap(({ groupId, progress }) =>
    [...new Set(progress.map(({ topic }) => topic))].map((topic) => {
      const own = progress.filter((entry) => entry.topic === topic)
      return [groupId, topic, own.length, lagOf(own)]
    }),
  )
  const heading = [
    { title: 'GROUP', name: true },
    { title: 'TOPIC', name: true },
    ...['PARTITIONS', 'LAG'].map((title) => ({ title, numeric: true })),
  ]
  return renderTable(heading, rows, { columns: io.columns, colour: io.colourOut })
}

function lagOf(progress: GroupDescription['progress']): number {
  return progress.reduce((sum, { lag }) => sum + (lag ?? 0), 0)
}

function jsonGroup({ groupId, ...rest }: GroupDescription): object {
  return { group: groupId, ...rest }
}

function groupText(session: Session, group: GroupDescription): string {
  const { columns, colourOut: colour } = session.io
  const name = colour ? `\x1b[1m${group.groupId}\x1b[22m` : group.groupId
  const assignor = group.assignor === '' ? '' : `, assignor ${group.assignor}`
  const lag = lagOf(group.progress)
  const isStatic = group.members.some(({ instanceId }) => instanceId !== null)
  let text = `${name}  ${group.state}, ${group.type}${assignor}, members ${group.members.length}, lag ${lag}\n`
  if (group.members.length > 0)
    text += `\n${renderTable(
      [
        { title: 'MEMBER' },
        ...(isStatic ? [{ title: 'INSTANCE', name: true }] : []),
        { title: 'CLIENT' },
        { title: 'HOST' },
        { title: 'PARTITIONS', numeric: true },
      ],
      group.members.map((member) => [
        member.memberId,
        ...(isStatic ? [member.instanceId ?? '-'] : []),
        member.clientId,
        member.clientHost,
        member.assignment.length,
      ]),
      { columns, colour },
    )}`
  if (group.progress.length > 0)
    text += `\n${renderTable(
      [
        { title: 'TOPIC', name: true },
        { title: 'PARTITION', numeric: true },
        { title: 'COMMITTED', numeric: true },
        { title: 'END', numeric: true },
        { title: 'LAG', numeric: true },
        { title: 'MEMBER' },
      ],
      group.progress.map(({ topic, partition, committed, end, lag: behind, memberId }) => [
        topic,
        partition,
        committed ?? '-',
        end ?? '-',
        behind ?? '-',
        memberId ?? '-',
      ]),
      { columns, colour },
    )}`
  return text
}

/** The `group` group of commands. */
export function groupCommands(program: Command, wiring: Wiring): void {
  const group = program.command('group').description('list, describe, reset and delete consumer groups')
  const list = group
    .command('list')
    .alias('ls')
    .description('list groups')
    .option('-s, --state <state>', 'only those in this state (Stable, Empty, ...); repeatable', collectNames)
    .action((options: { state?: readonly string[] }) =>
      wiring.client(list, (session) => groupList(session, options)),
    )
  wiring.example(list, 'millrace group list', 'millrace group list --state Empty')
  const describe = group
    .command('describe [name...]')
    .description('show the state and members of groups, and how far they are (of all groups unless named)')
    .option('-r, --regex', REGEX_HELP)
    .option('-s, --summary', 'one line a group: state, members, lag')
    .option('-t, --by-topic', 'one line a topic: the lag of all its partitions')
    .option('-c, --commits', 'of one group only what it has committed, as reset-offsets --to-file reads it')
    .action((words: string[], options: GroupDescribeOptions) =>
      wiring.client(describe, (session) => groupDescribe(session, words, options)),
    )
  wiring.example(
    describe,
    'millrace group describe billing',
    'millrace group describe --summary',
    'millrace group describe billing --commits > billing.offsets',
  )
  groupChangeCommands(group, wiring)
}
