import { type Command, Option } from 'commander'
import { describeLogDirectories, type LogDirectory } from '../../src/client/cluster-admin.ts'
import { CliError, EXIT_NOT_FOUND, EXIT_OK } from '../exit-code.ts'
import { checkBroker } from '../known-broker.ts'
import { nearNames } from '../near-names.ts'
import { collectNames, parseWhole } from '../parse.ts'
import { formatBytes } from '../progress.ts'
import type { Session } from '../session.ts'
import { type Column, renderTable } from '../table.ts'
import type { Wiring } from '../wiring.ts'

const LEVELS = ['broker', 'directory', 'topic', 'partition'] as const
export type LogDirsLevel = (typeof LEVELS)[number]

/** What `cluster logdirs` was told. */
export interface LogDirsOptions {
  readonly broker?: number
  readonly topic?: readonly string[]
  readonly by: LogDirsLevel
}

/** The logs that are told of in one line. */
interface Line {
  readonly broker: number
  readonly directory: string
  readonly topic: string
  readonly partition: number
  bytes: number
  partitions: number
}

/** `cluster logdirs`: how large logs are, the largest first, and how much room is left. */
export async function clusterLogDirs(session: Session, options: LogDirsOptions): Promise<number> {
  const { io, json, cluster } = session
  if (options.broker !== undefined) checkBroker(cluster, options.broker)
  const directories = await describeLogDirectories(cluster, options.broker ?? null)
  const lines = linesOf(directories, options)
  const missing = options.topic?.find((topic) => !holds(directories, topic))
  if (json) for (const line of lines) await io.out(`${JSON.stringify(jsonLine(line, options.by))}\n`)
  else {
    for (const directory of directories) await io.out(`${directoryText(directory)}\n`)
    if (lines.length > 0) await io.out(`\n${tableOf(session, lines, options.by, directories.length)}`)
  }
  if (missing === undefined) return EXIT_OK
  const near = await nearNames(cluster, { kind: 'topic', name: missing })
  throw new CliError(
    `no broker has logs of topic ${missing}${near === null ? '' : `: ${near}`}`,
    EXIT_NOT_FOUND,
  )
}

function holds(directories: readonly LogDirectory[], topic: string): boolean {
  return directories.some(({ logs }) => logs.some((log) => log.topic === topic))
}

function linesOf(directories: readonly LogDirectory[], { topic: topics, by }: LogDirsOptions): Line[] {
  const level = LEVELS.indexOf(by)
  const lines = new Map<string, Line>()
  for (const { brokerId: broker, path: directory, logs } of directories)
    for (const { topic, partition, bytes } of logs) {
      if (topics !== undefined && !topics.includes(topic)) continue
      const key = [broker, directory, topic, partition].slice(0, level + 1).join('\u0000')
      const line = lines.get(key)
      if (line === undefined) lines.set(key, { broker, directory, topic, partition, bytes, partitions: 1 })
      else {
        line.bytes += bytes
        line.partitions++
      }
    }
  return [...lines.values()].sort((a, b) => b.bytes - a.bytes || (a.topic < b.topic ? -1 : 1))
}

function jsonLine({ bytes, partitions, ...line }: Line, by: LogDirsLevel): object {
  const named = LEVELS.slice(0, LEVELS.indexOf(by) + 1).map((level) => [level, line[level]])
  return { ...Object.fromEntries(named), ...(by === 'partition' ? {} : { partitions }), bytes }
}

function directoryText({ brokerId, path, totalBytes, usableBytes, logs }: LogDirectory): string {
  const bytes = logs.reduce((sum, log) => sum + log.bytes, 0)
  const room =
    totalBytes === null || usableBytes === null
      ? ''
      : `, ${formatBytes(usableBytes)} of ${formatBytes(totalBytes)} free`
  return `broker ${brokerId}  ${path}: ${logs.length} partitions, ${formatBytes(bytes)}${room}`
}

function tableOf({ io }: Session, lines: readonly Line[], by: LogDirsLevel, directoryCount: number): string {
  const columns: readonly (Column & { value: (line: Line) => string | number })[] = [
    { title: 'BROKER', numeric: true, value: ({ broker }) => broker },
    { title: 'DIRECTORY', value: ({ directory }) => directory },
    { title: 'TOPIC', name: true, value: ({ topic }) => topic },
    { title: 'PARTITION', numeric: true, value: ({ partition }) => partition },
  ]
  // A directory that is the only one is named above.
  const level = LEVELS.indexOf(by)
  const isOnly = level >= LEVELS.indexOf('topic') && directoryCount === 1
  const shown = columns.slice(isOnly ? LEVELS.indexOf('topic') : 0, level + 1)
  const counted = by === 'partition' ? [] : [{ title: 'PARTITIONS', numeric: true }]
  return renderTable(
    [...shown, ...counted, { title: 'SIZE', numeric: true }],
    lines.map((line) => [
      ...shown.map(({ value }) => value(line)),
      ...(by === 'partition' ? [] : [line.partitions]),
      formatBytes(line.bytes),
    ]),
    { columns: io.columns, colour: io.colourOut },
  )
}

/** The `cluster logdirs` command. */
export function clusterLogDirsCommand(cluster: Command, wiring: Wiring): void {
  const logdirs = cluster
    .command('logdirs')
    .description('show how large logs are, the largest first, and how much room is left')
    .option('--broker <id>', 'of this broker only', parseWhole)
    .option('-t, --topic <name>', 'of this topic only; repeatable', collectNames)
    .addOption(
      new Option('--by <what>', 'what has a line of its own').choices(LEVELS).default('topic' as const),
    )
    .action((options: LogDirsOptions) =>
      wiring.client(logdirs, (session) => clusterLogDirs(session, options)),
    )
  wiring.example(
    logdirs,
    'millrace cluster logdirs',
    'millrace cluster logdirs --topic orders --by partition',
  )
}
