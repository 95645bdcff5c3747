import { type Command, InvalidArgumentError } from 'commander'
import { Consumer } from '../../src/client/consumer.ts'
import { GroupConsumer } from '../../src/client/group-consumer.ts'
import { type IsolationLevel, resolveOffsets } from '../../src/client/offsets.ts'
import { noSuchPartition } from '../../src/client/partition-range.ts'
import { partitionKey, type StartPosition, type TopicPartition } from '../../src/client/position.ts'
import type { ConsumedRecord } from '../../src/client/record.ts'
import { findTopic } from '../../src/client/topic-admin.ts'
import { CliError, EXIT_OK, EXIT_USAGE } from '../exit-code.ts'
import { namedTopics, REGEX_HELP } from '../named.ts'
import { collectPairs, collectWholes, parseCount } from '../parse.ts'
import { Progress } from '../progress.ts'
import { recordFilter } from '../record-filter.ts'
import { compileFormat, jsonRecord } from '../record-format.ts'
import type { Session } from '../session.ts'
import { parseStart, splitRange } from '../time.ts'
import type { Wiring } from '../wiring.ts'

/** What `consume` was told. */
export interface ConsumeOptions {
  readonly from: string
  readonly group?: string
  readonly count?: number
  readonly partition?: readonly number[]
  readonly regex?: boolean
  readonly exitAtEnd?: boolean
  readonly until?: string
  readonly format: string
  readonly base64?: boolean
  readonly readUncommitted?: boolean
  readonly key?: string
  readonly value?: string
  readonly header?: readonly (readonly [string, string])[]
}

const POLL_MS = 500

type Position = TopicPartition & { offset: number }

/** What both ways of reading have in common. */
interface Source {
  poll(timeoutMs: number): Promise<ConsumedRecord[]>
  positions(): Position[]
  /** `done` says how far the printing got in the partition of the last poll. */
  close(done: readonly Position[]): Promise<void>
}

/** `consume`: prints records until it is interrupted, has printed enough or has reached the end. */
export async function consume(
  session: Session,
  words: readonly string[],
  options: ConsumeOptions,
): Promise<number> {
  const { io, json } = session
  const nowMs = io.environment.wallMs()
  const { start, until } = rangeOf(options, nowMs)
  if (options.group !== undefined && options.partition !== undefined)
    throw new CliError(
      '--partition cannot be given with --group: the group shares out the partitions',
      EXIT_USAGE,
    )
  const filter = recordFilter(options)
  const print = json ? jsonPrinter(options.base64 === true) : compileFormat(options.format)
  const isolationLevel: IsolationLevel = options.readUncommitted === true ? 0 : 1
  const topics = await namedTopics(session, words, options)
  const partitions = await partitionsOf(session, topics, options.partition)
  const stop = until ?? (options.exitAtEnd === true ? ({ kind: 'latest' } as const) : null)
  const ends = stop === null ? null : await endsOf(session, partitions, stop, isolationLevel)
  const source =
    options.group === undefined
      ? await directSource(session, partitions, start, isolationLevel, until === null ? null : ends)
      : groupSource(session, options.group, topics, start, isolationLevel)
  if (source === null) return EXIT_OK
  const countMax = options.count ?? Number.POSITIVE_INFINITY
  return printAll(session, source, { print, filter, countMax, ends })
}

/** Where reading begins, and before what it ends; null: it does not end there. */
function rangeOf(
  { from, until, exitAtEnd }: ConsumeOptions,
  nowMs: number,
): { start: StartPosition; until: StartPosition | null } {
  const range = splitRange(from)
  const ends = [range !== null, until !== undefined, exitAtEnd === true].filter(Boolean).length
  if (ends > 1)
    throw new CliError('say the end in one way: --until, --exit-at-end or a range in --from', EXIT_USAGE)
  const [first, last] = range ?? [from, until]
  const start = parseStart(first, nowMs)
  const end = last === undefined ? null : parseStart(last, nowMs, range === null ? '--until' : '--from')
  if (start.kind === 'offset' && end?.kind === 'offset' && end.offset <= start.offset)
    throw new CliError(`there is nothing from ${start.offset} to before ${end.offset}`, EXIT_USAGE)
  return { start, until: end }
}

/** What becomes of records, and where that stops. */
interface Printing {
  readonly print: (record: ConsumedRecord) => Buffer
  readonly filter: ((record: ConsumedRecord) => boolean) | null
  readonly countMax: number
  readonly ends: ReadonlyMap<string, number> | null
}

async function printAll(session: Session, source: Source, printing: Printing): Promise<number> {
  const { io } = session
  const { print, filter, countMax, ends } = printing
  const progress = new Progress(io, 'reading')
  let seen = 0
  let stopped = false
  const unsubscribe = io.onInterrupt(() => {
    stopped = true
  })
  let left = countMax
  let done: Position[] = []
  try {
    while (!stopped && left > 0 && !(ends !== null && hasReached(source, ends))) {
      const polled = beforeEnds(await source.poll(POLL_MS), ends)
      const records = (filter === null ? polled : polled.filter(filter)).slice(0, left)
      const last = records.at(-1)
      seen += polled.length
      // Where the records themselves go to a terminal, they show how far it is.
      if (io.columns === null) progress.show(seen, null, `${seen} records`)
      done =
        last === undefined ? [] : [{ topic: last.topic, partition: last.partition, offset: last.offset + 1 }]
      if (last === undefined) continue
      await io.out(Buffer.concat(records.map(print)))
      left -= records.length
    }
  } finally {
    unsubscribe()
    progress.end()
    await source.close(left > 0 ? [] : done)
  }
  return EXIT_OK
}

/** With an end, later records belong to whoever reads next. */
function beforeEnds(records: ConsumedRecord[], ends: ReadonlyMap<string, number> | null): ConsumedRecord[] {
  if (ends === null) return records
  return records.filter(
    ({ topic, partition, offset }) => offset < (ends.get(partitionKey(topic, partition)) ?? 0),
  )
}

function hasReached(source: Source, ends: ReadonlyMap<string, number>): boolean {
  const positions = source.positions()
  return (
    positions.length > 0 &&
    positions.every(
      ({ topic, partition, offset }) => offset >= (ends.get(partitionKey(topic, partition)) ?? 0),
    )
  )
}

function jsonPrinter(base64: boolean): (record: ConsumedRecord) => Buffer {
  return (record) => Buffer.from(`${JSON.stringify(jsonRecord(record, base64))}\n`)
}

async function partitionsOf(
  { cluster }: Session,
  topics: readonly string[],
  only: readonly number[] | undefined,
): Promise<TopicPartition[]> {
  const partitions: TopicPartition[] = []
  for (const topic of topics) {
    const found = await findTopic(cluster, topic)
    const missing = only?.find((index) => found.partitions[index] === undefined)
    if (missing !== undefined)
      throw new CliError(noSuchPartition(topic, found.partitions.length, missing), EXIT_USAGE)
    for (const { index } of found.partitions)
      if (only === undefined || only.includes(index)) partitions.push({ topic, partition: index })
  }
  return partitions
}

/** Before what each partition is read; where that is an offset that is not there yet, to what is there. */
async function endsOf(
  { cluster }: Session,
  partitions: readonly TopicPartition[],
  stop: StartPosition,
  isolationLevel: IsolationLevel,
): Promise<Map<string, number>> {
  const ask = (start: StartPosition): Promise<Map<string, number>> =>
    resolveOffsets(
      cluster,
      partitions.map((partition) => ({ ...partition, start })),
      isolationLevel,
    )
  if (stop.kind !== 'offset') return ask(stop)
  const ends = await ask({ kind: 'latest' })
  for (const [key, end] of ends) ends.set(key, Math.min(end, stop.offset))
  return ends
}

/** Without partitions that have nothing before their end; null: none has anything. */
async function directSource(
  { cluster }: Session,
  partitions: readonly TopicPartition[],
  start: StartPosition,
  isolationLevel: IsolationLevel,
  ends: ReadonlyMap<string, number> | null,
): Promise<Source | null> {
  const offsets = await resolveOffsets(
    cluster,
    partitions.map((entry) => ({ ...entry, start })),
    isolationLevel,
  )
  const wanted = partitions.filter(({ topic, partition }) => {
    const key = partitionKey(topic, partition)
    return ends === null || offsets.get(key)! < ends.get(key)!
  })
  if (wanted.length === 0) return null
  const consumer = new Consumer(cluster, {
    isolationLevel,
    whenOutOfRange: start.kind === 'offset' && ends === null ? 'fail' : 'earliest',
  })
  consumer.assign(
    wanted.map(({ topic, partition }) => ({
      topic,
      partition,
      offset: offsets.get(partitionKey(topic, partition))!,
    })),
  )
  return {
    poll: (timeoutMs) => consumer.poll(timeoutMs),
    positions: () => consumer.positions(),
    close: async () => consumer.close(),
  }
}

function groupSource(
  { cluster, io }: Session,
  groupId: string,
  topics: readonly string[],
  start: StartPosition,
  isolationLevel: IsolationLevel,
): Source {
  return new GroupConsumer(cluster, {
    groupId,
    topics,
    start,
    reading: { isolationLevel },
    onAssigned: (partitions) =>
      io.note(
        partitions.length === 0
          ? `group ${groupId}: no partition for this member`
          : `group ${groupId}: reading ${partitions.map(({ topic, partition }) => `${topic} [${partition}]`).join(', ')}`,
      ),
  })
}

function parseFormat(text: string): string {
  try {
    compileFormat(text)
    return text
  } catch (error) {
    if (error instanceof CliError) throw new InvalidArgumentError(error.message)
    throw error
  }
}

/** The `consume` command. */
export function consumeCommand(program: Command, wiring: Wiring): void {
  const command = program
    .command('consume <topic...>')
    .description('print the records of topics')
    .option(
      '-o, --from <position>',
      'beginning, end, an offset, -5 (so many before the end), a duration back from now (1h), a time (2026-01-31T12:00:00Z) or @MILLISECONDS; or a range of them: 10-20, :end, @2h:1h',
      'beginning',
    )
    .option('-g, --group <name>', 'read as a member of a group: go on where it left off, and commit')
    .option(
      '-p, --partition <number>',
      'read this partition only, or these with commas; repeatable',
      collectWholes,
    )
    .option('-r, --regex', REGEX_HELP)
    .option('-n, --count <number>', 'stop after so many records', parseCount)
    .option('--key <text>', 'only records whose key holds this text, or matches /this expression/')
    .option('--value <text>', 'only records whose value holds this text, or matches /this expression/')
    .option(
      '--header <name=text>',
      'only records with a header that holds this text, or matches /this expression/; repeatable',
      collectPairs,
    )
    .option('-e, --exit-at-end', 'stop at what is the end at the start, instead of waiting for more')
    .option('--until <position>', 'stop before this position, as --from takes it')
    .option('-f, --format <text>', 'how a record is printed (see below)', parseFormat, '%v\\n')
    .option('--base64', 'with --json: keys, values and header values always in base64')
    .option('--read-uncommitted', 'also what transactions wrote that were given up or are still open')
    .addHelpText(
      'after',
      '\nIn --format: %t topic, %p partition, %o offset, %k key, %v value, %h headers, %T timestamp in ms, %d the same as a\ntime, %i how many so far, %K and %S the bytes of key and value (-1: null), %% a percent sign; %k{hex} %v{base64};\n\\n \\r \\t \\0 \\\\ \\xHH.',
    )
    .action((topics: string[], options: ConsumeOptions) =>
      wiring.client(command, (session) => consume(session, topics, options)),
    )
  wiring.example(
    command,
    'millrace consume orders --from 1h --format "%p:%o %k=%v\\n"',
    'millrace consume orders -o -10 -e',
    'millrace consume orders payments --group billing --json',
    'millrace consume orders --exit-at-end --key customer-17 --value "/error|failed/i"',
  )
}
