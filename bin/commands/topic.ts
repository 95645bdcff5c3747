import type { Command } from 'commander'
import { isKafkaError } from '../../src/client/client-error.ts'
import type { TopicMetadata } from '../../src/client/metadata-cache.ts'
import {
  createTopic,
  deleteTopic,
  describeTopic,
  findTopic,
  listTopics,
  type TopicDescription,
  type TopicSpecification,
} from '../../src/client/topic-admin.ts'
import { EXIT_OK } from '../exit-code.ts'
import type { Io } from '../io.ts'
import { forEachName, namedTopics, REGEX_HELP } from '../named.ts'
import { collectPair, parseCount } from '../parse.ts'
import type { Session } from '../session.ts'
import { renderTable } from '../table.ts'
import type { Wiring } from '../wiring.ts'
import { topicChangeCommands } from './topic-change.ts'

/** What `topic create` was told. */
export interface TopicCreateOptions {
  readonly partitions?: number
  readonly replicationFactor?: number
  readonly config?: Readonly<Record<string, string>>
  readonly ifNotExists?: boolean
  readonly dryRun?: boolean
}

/** `topic create`: topics of one shape. Goes on past one that cannot be created. */
export async function topicCreate(
  session: Session,
  names: readonly string[],
  options: TopicCreateOptions,
): Promise<number> {
  const { partitions, replicationFactor, config } = options
  return forEachName(session, names, (name) =>
    createOne(
      session,
      {
        name,
        configs: config ?? {},
        ...(partitions === undefined ? {} : { partitions }),
        ...(replicationFactor === undefined ? {} : { replicationFactor }),
      },
      options,
    ),
  )
}

async function createOne(
  { io, json, cluster }: Session,
  specification: TopicSpecification,
  { ifNotExists, dryRun }: TopicCreateOptions,
): Promise<void> {
  const { name } = specification
  const validateOnly = dryRun === true
  try {
    const { partitions, replicationFactor } = await createTopic(cluster, specification, { validateOnly })
    if (json)
      await io.out(
        `${JSON.stringify({ topic: name, partitions, replicationFactor, created: !validateOnly })}\n`,
      )
    else
      io.note(
        `${validateOnly ? 'would create' : 'created'} topic ${name}${shapeOf(partitions, replicationFactor)}`,
      )
  } catch (error) {
    if (ifNotExists !== true || !isKafkaError(error, 'TOPIC_ALREADY_EXISTS')) throw error
    const { partitions } = await findTopic(cluster, name)
    const replicationFactor = partitions[0]?.replicas.length ?? 0
    if (json)
      await io.out(
        `${JSON.stringify({ topic: name, partitions: partitions.length, replicationFactor, created: false })}\n`,
      )
    else io.note(`topic ${name} is there already${shapeOf(partitions.length, replicationFactor)}`)
  }
}

function shapeOf(partitions: number, replicationFactor: number): string {
  if (partitions < 0) return ''
  return `: ${count(partitions, 'partition')}, ${count(replicationFactor, 'replica')} of each`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** What `topic list` was told. */
export interface TopicListOptions {
  readonly internal?: boolean
  readonly regex?: boolean
}

/** `topic list`: names, partitions and replicas; of all, or of those named. */
export async function topicList(
  session: Session,
  words: readonly string[],
  options: TopicListOptions,
): Promise<number> {
  const { io } = session
  const all = await listTopics(session.cluster)
  const wanted =
    words.length === 0
      ? all.filter(({ internal }) => options.internal === true || !internal).map(({ name }) => name)
      : await namedTopics(session, words, options)
  const topics = all.filter(({ name }) => wanted.includes(name))
  const missing = wanted.find((word) => !all.some(({ name }) => name === word))
  if (session.json) {
    for (const { name, partitions, internal } of topics)
      await io.out(
        `${JSON.stringify({ topic: name, partitions: partitions.length, replicationFactor: partitions[0]?.replicas.length ?? 0, internal })}\n`,
      )
  } else if (topics.length > 0) await io.out(topicTable(io, topics))
  else if (missing === undefined) io.note('no topics')
  if (missing !== undefined) await findTopic(session.cluster, missing)
  return EXIT_OK
}

function topicTable({ columns, colourOut }: Io, topics: readonly TopicMetadata[]): string {
  const rows = topics.map(({ name, partitions }) => [
    name,
    partitions.length,
    partitions[0]?.replicas.length ?? 0,
  ])
  const heading = [
    { title: 'TOPIC', name: true },
    { title: 'PARTITIONS', numeric: true },
    { title: 'REPLICAS', numeric: true },
  ]
  return renderTable(heading, rows, { columns, colour: colourOut })
}

/** `topic describe`: the named topics, or all that are not internal. Goes on past one that is not there. */
export async function topicDescribe(
  session: Session,
  words: readonly string[],
  options: { regex?: boolean },
): Promise<number> {
  const wanted = words.length > 0 ? await namedTopics(session, words, options) : await ownTopics(session)
  if (wanted.length === 0) session.io.note('no topics')
  return forEachName(session, wanted, async (name, index) => {
    const topic = await describeTopic(session.cluster, name)
    if (session.json) await session.io.out(`${JSON.stringify(jsonTopic(topic))}\n`)
    else await session.io.out(`${index > 0 ? '\n' : ''}${topicText(session, topic)}`)
  })
}

async function ownTopics(session: Session): Promise<string[]> {
  return (await listTopics(session.cluster)).filter(({ internal }) => !internal).map(({ name }) => name)
}

function jsonTopic(topic: TopicDescription): object {
  return {
    topic: topic.name,
    id: topic.id,
    internal: topic.internal,
    configs: topic.configs,
    partitions: topic.partitions.map(
      ({ partition, leaderId, leaderEpoch, replicas, inSync, start, end }) => ({
        partition,
        leader: leaderId,
        leaderEpoch,
        replicas,
        inSync,
        start,
        end,
      }),
    ),
  }
}

function topicText(session: Session, topic: TopicDescription): string {
  const { io } = session
  const configs = Object.entries(topic.configs).map(([name, value]) => `${name}=${value ?? '(hidden)'}`)
  const name = io.colourOut ? `\x1b[1m${topic.name}\x1b[22m` : topic.name
  const table = renderTable(
    [
      { title: 'PARTITION', numeric: true },
      { title: 'LEADER', numeric: true },
      { title: 'START', numeric: true },
      { title: 'END', numeric: true },
      { title: 'REPLICAS' },
      { title: 'IN SYNC' },
    ],
    topic.partitions.map(({ partition, leaderId, replicas, inSync, start, end }) => [
      partition,
      leaderId < 0 ? 'none' : leaderId,
      start ?? '-',
      end ?? '-',
      replicas.join(','),
      inSync.join(','),
    ]),
    { columns: io.columns, colour: io.colourOut },
  )
  const own = configs.length === 0 ? 'configuration: all defaults' : `configuration: ${configs.join(' ')}`
  return `${name}  id ${topic.id}${topic.internal ? '  internal' : ''}\n${own}\n${table}`
}

/** What `topic delete` was told. */
export interface TopicDeleteOptions {
  readonly regex?: boolean
  readonly execute?: boolean
}

/** `topic delete`: the named topics; those that an expression matches only with `execute`. Goes on past one that is not there. */
export async function topicDelete(
  session: Session,
  words: readonly string[],
  options: TopicDeleteOptions,
): Promise<number> {
  const { io, json, cluster } = session
  const executed = options.regex !== true || options.execute === true
  const names = await namedTopics(session, words, options)
  const exitCode = await forEachName(session, names, async (name) => {
    if (executed) await deleteTopic(cluster, name)
    if (json) await io.out(`${JSON.stringify({ topic: name, deleted: executed })}\n`)
    else if (executed) io.note(`deleted topic ${name}`)
    else await io.out(`${name}\n`)
  })
  if (!executed && !json)
    io.note(`nothing was deleted: --execute deletes ${count(names.length, 'topic')}, for good`)
  return exitCode
}

/** The `topic` group of commands. */
export function topicCommands(program: Command, wiring: Wiring): void {
  const topic = program.command('topic').description('create, list, describe, change and delete topics')
  topicCreateCommand(topic, wiring)
  const list = topic
    .command('list [name...]')
    .alias('ls')
    .description('list topics: all, or those named')
    .option('-i, --internal', 'internal topics too')
    .option('-r, --regex', REGEX_HELP)
    .action((words: string[], options: TopicListOptions) =>
      wiring.client(list, (session) => topicList(session, words, options)),
    )
  wiring.example(list, 'millrace topic list --internal', "millrace topic list --regex 'orders-.*'")
  const describe = topic
    .command('describe [name...]')
    .description(
      'show partitions, leaders, offsets and the configuration that is not default (of all topics unless named)',
    )
    .option('-r, --regex', REGEX_HELP)
    .action((words: string[], options: { regex?: boolean }) =>
      wiring.client(describe, (session) => topicDescribe(session, words, options)),
    )
  wiring.example(describe, 'millrace topic describe orders')
  topicChangeCommands(topic, wiring)
  const remove = topic
    .command('delete <name...>')
    .description('delete topics and all that is in them')
    .option('-r, --regex', `${REGEX_HELP}; without --execute only show what would go`)
    .option('--execute', 'with --regex: do it')
    .action((words: string[], options: TopicDeleteOptions) =>
      wiring.client(remove, (session) => topicDelete(session, words, options)),
    )
  wiring.example(remove, 'millrace topic delete orders', "millrace topic delete --regex 'test-.*' --execute")
}

function topicCreateCommand(topic: Command, wiring: Wiring): void {
  const create = topic
    .command('create <name...>')
    .description('create topics')
    .option('-p, --partitions <count>', 'how many partitions (default: as the broker is set)', parseCount)
    .option(
      '-r, --replication-factor <count>',
      'how many replicas of each (default: as the broker is set)',
      parseCount,
    )
    .option('-c, --config <name=value>', 'a configuration entry of the topics; repeatable', collectPair)
    .option('--if-not-exists', 'a topic that is there already is left as it is, and no failure')
    .option('-d, --dry-run', 'let the broker check it, and create nothing')
    .action((names: string[], options: TopicCreateOptions) =>
      wiring.client(create, (session) => topicCreate(session, names, options)),
    )
  wiring.example(
    create,
    'millrace topic create orders --partitions 6 --config cleanup.policy=compact',
    'millrace topic create orders payments -p 6 --if-not-exists',
  )
}
