import type { Command } from 'commander'
import { isKafkaError } from '../../src/client/client-error.ts'
import {
  createTopic,
  deleteTopic,
  describeTopic,
  listTopics,
  type TopicDescription,
  type TopicSpecification,
} from '../../src/client/topic-admin.ts'
import { EXIT_NOT_FOUND, EXIT_OK } from '../exit-code.ts'
import { collectPair, parseCount } from '../parse.ts'
import { report, type Session } from '../session.ts'
import { renderTable } from '../table.ts'
import type { Wiring } from '../wiring.ts'
import { topicChangeCommands } from './topic-change.ts'

/** `topic create`: one topic. */
export async function topicCreate(session: Session, specification: TopicSpecification): Promise<number> {
  const created = await createTopic(session.cluster, specification)
  const { name, partitions, replicationFactor } = created
  if (session.json)
    await session.io.out(`${JSON.stringify({ topic: name, partitions, replicationFactor })}\n`)
  else session.io.note(`created topic ${name}${shapeOf(partitions, replicationFactor)}`)
  return EXIT_OK
}

function shapeOf(partitions: number, replicationFactor: number): string {
  if (partitions < 0) return ''
  return `: ${count(partitions, 'partition')}, ${count(replicationFactor, 'replica')} of each`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** `topic list`: names, partitions and replicas. */
export async function topicList(session: Session, options: { internal: boolean }): Promise<number> {
  const { io } = session
  const topics = (await listTopics(session.cluster)).filter(({ internal }) => options.internal || !internal)
  if (session.json) {
    for (const { name, partitions, internal } of topics)
      await io.out(
        `${JSON.stringify({ topic: name, partitions: partitions.length, replicationFactor: partitions[0]?.replicas.length ?? 0, internal })}\n`,
      )
    return EXIT_OK
  }
  if (topics.length === 0) {
    io.note('no topics')
    return EXIT_OK
  }
  const rows = topics.map(({ name, partitions }) => [
    name,
    partitions.length,
    partitions[0]?.replicas.length ?? 0,
  ])
  const heading = [
    { title: 'TOPIC' },
    { title: 'PARTITIONS', numeric: true },
    { title: 'REPLICAS', numeric: true },
  ]
  await io.out(renderTable(heading, rows, { columns: io.columns, colour: io.colourOut }))
  return EXIT_OK
}

/** `topic describe`: the named topics, or all that are not internal. Goes on past one that is not there. */
export async function topicDescribe(session: Session, names: readonly string[]): Promise<number> {
  const wanted = names.length > 0 ? names : await ownTopics(session)
  let exitCode = EXIT_OK
  for (const [index, name] of wanted.entries()) {
    try {
      const topic = await describeTopic(session.cluster, name)
      if (session.json) await session.io.out(`${JSON.stringify(jsonTopic(topic))}\n`)
      else await session.io.out(`${index > 0 ? '\n' : ''}${topicText(session, topic)}`)
    } catch (error) {
      if (!isKafkaError(error)) throw error
      exitCode = report(session.io, session.json, error)
    }
  }
  return exitCode
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

/** `topic delete`: each of the named topics. Goes on past one that is not there. */
export async function topicDelete(session: Session, names: readonly string[]): Promise<number> {
  let exitCode = EXIT_OK
  for (const name of names) {
    try {
      await deleteTopic(session.cluster, name)
      if (session.json) await session.io.out(`${JSON.stringify({ topic: name, deleted: true })}\n`)
      else session.io.note(`deleted topic ${name}`)
    } catch (error) {
      if (!isKafkaError(error)) throw error
      const failed = report(session.io, session.json, error)
      if (exitCode === EXIT_OK || failed !== EXIT_NOT_FOUND) exitCode = failed
    }
  }
  return exitCode
}

/** The `topic` group of commands. */
export function topicCommands(program: Command, wiring: Wiring): void {
  const topic = program.command('topic').description('create, list, describe, change and delete topics')
  const create = topic
    .command('create <name>')
    .description('create a topic')
    .option('--partitions <count>', 'how many partitions (default: as the broker is set)', parseCount)
    .option(
      '--replication-factor <count>',
      'how many replicas of each (default: as the broker is set)',
      parseCount,
    )
    .option('--config <name=value>', 'a configuration entry of the topic; repeatable', collectPair)
    .action(
      (
        name: string,
        options: { partitions?: number; replicationFactor?: number; config?: Record<string, string> },
      ) =>
        wiring.client(create, (session) => {
          const { partitions, replicationFactor, config } = options
          return topicCreate(session, {
            name,
            configs: config ?? {},
            ...(partitions === undefined ? {} : { partitions }),
            ...(replicationFactor === undefined ? {} : { replicationFactor }),
          })
        }),
    )
  wiring.example(create, 'millrace topic create orders --partitions 6 --config cleanup.policy=compact')
  const list = topic
    .command('list')
    .description('list topics')
    .option('--internal', 'internal topics too', false)
    .action((options: { internal: boolean }) => wiring.client(list, (session) => topicList(session, options)))
  wiring.example(list, 'millrace topic list --internal')
  const describe = topic
    .command('describe [name...]')
    .description(
      'show partitions, leaders, offsets and the configuration that is not default (of all topics unless named)',
    )
    .action((names: string[]) => wiring.client(describe, (session) => topicDescribe(session, names)))
  wiring.example(describe, 'millrace topic describe orders')
  topicChangeCommands(topic, wiring)
  const remove = topic
    .command('delete <name...>')
    .description('delete topics and all that is in them')
    .action((names: string[]) => wiring.client(remove, (session) => topicDelete(session, names)))
  wiring.example(remove, 'millrace topic delete orders')
}
