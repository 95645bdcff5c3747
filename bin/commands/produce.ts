import { createReadStream } from 'node:fs'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { isKafkaError } from '../../src/client/client-error.ts'
import { Producer, type ProducerOptions } from '../../src/client/producer.ts'
import type { OutgoingRecord, Receipt, RecordHeader } from '../../src/client/record.ts'
import { findTopic, requestTopic } from '../../src/client/topic-admin.ts'
import { COMPRESSIONS, type Compression } from '../../src/protocol/record-batch.ts'
import { CliError, EXIT_NOT_FOUND, EXIT_OK, EXIT_USAGE } from '../exit-code.ts'
import { recordOfJson } from '../json-record.ts'
import { compileLineFormat } from '../line-format.ts'
import { LINE_BYTES_MAX, linesOf } from '../lines.ts'
import { nearNames } from '../near-names.ts'
import { Pacer } from '../pacer.ts'
import { collectNames, collectPairs, parseCount, parseWhole } from '../parse.ts'
import { Progress } from '../progress.ts'
import { report, type Session } from '../session.ts'
import type { Wiring } from '../wiring.ts'

/** What `produce` was told. */
export interface ProduceOptions {
  readonly keySeparator?: string
  readonly emptyAsNull?: boolean
  readonly header?: readonly (readonly [string, string])[]
  readonly partition?: number
  readonly acks: -1 | 0 | 1
  readonly compression: Compression
  readonly idempotent?: boolean
  /** The key of every record. */
  readonly key?: string
  /** Each line is a record as `consume --json` prints it. */
  readonly fromJson?: boolean
  /** How a line is a record. */
  readonly format?: string
  /** All of the input, or each file, is the value of one record. */
  readonly whole?: boolean
  /** Records a second. */
  readonly rate?: number
  /** Lines come from these files instead of the input. */
  readonly file?: readonly string[]
}

/** Records that may wait for their answers before reading on. */
const UNSETTLED_MAX = 20_000

/** `produce`: every line of the input is a record. Stops at the first that is refused; what was sent before is told. */
export async function produce(session: Session, topic: string, options: ProduceOptions): Promise<number> {
  const { io, cluster, json } = session
  checkOptions(options)
  const opening = new TopicOpening(session, topic)
  await opening.look()
  const producer = new Producer(cluster, producerOptions(options))
  const tally = new Tally(session, topic)
  const headers = (options.header ?? []).map(
    ([key, value]): RecordHeader => ({ key, value: Buffer.from(value) }),
  )
  const recordOf = recordReader(options, headers)
  if (io.inputIsTyped && options.file === undefined) {
    opening.tellMissing()
    io.note('type one record a line; Ctrl-D ends')
  }
  let stop = (): void => {}
  const givenUp = new Promise<void>((resolve) => {
    stop = io.onInterrupt(() => {
      if (tally.isStopped) {
        tally.giveUp()
        resolve()
      }
      tally.stop()
    })
  })
  const pacer = options.rate === undefined ? null : new Pacer(io.environment, options.rate)
  const progress = new Progress(io, 'producing')
  try {
    let line = 0
    for await (const bytes of tally.untilStopped(valuesOf(session, options))) {
      line++
      const record = recordOf(bytes, line)
      if (line === 1) await opening.open()
      if (pacer !== null) await pacer.turn()
      if (!io.inputIsTyped || options.file !== undefined) progress.show(line, null, `${line} records`)
      tally.follow(producer.send(topic, record))
      if (tally.unsettled >= UNSETTLED_MAX) await Promise.race([producer.flush(), givenUp])
      await tally.drain()
    }
  } catch (error) {
    tally.fail(error)
  }
  tally.stop()
  await Promise.race([producer.close(), givenUp])
  stop()
  progress.end()
  await tally.drain()
  const isWritten = tally.total > 0
  const told = isWritten || tally.failure !== null ? tally.summary() : [opening.nothingWritten]
  if (!json) for (const text of told) io.note(text)
  return tally.failure === null ? EXIT_OK : report(io, json, tally.failure)
}

function checkOptions({ fromJson, key, keySeparator, format, whole }: ProduceOptions): void {
  if (key !== undefined && keySeparator !== undefined)
    throw new CliError('--key and --key-separator cannot be given both', EXIT_USAGE)
  if (fromJson === true && (key !== undefined || keySeparator !== undefined))
    throw new CliError(
      'with --from-json the keys are in the lines: leave out --key and --key-separator',
      EXIT_USAGE,
    )
  if (format !== undefined && (fromJson === true || keySeparator !== undefined))
    throw new CliError(
      '--format says what is in a line: leave out --from-json and --key-separator',
      EXIT_USAGE,
    )
  if (whole === true && (fromJson === true || keySeparator !== undefined || format !== undefined))
    throw new CliError(
      'with --whole there are no lines: leave out --from-json, --format and --key-separator',
      EXIT_USAGE,
    )
}

/** The lines of the input or of files, one after the other; or each whole. */
async function* valuesOf({ io }: Session, { file, whole }: ProduceOptions): AsyncGenerator<Buffer> {
  for (const input of file === undefined ? [io.input()] : file.map(fileChunks)) {
    if (whole === true) yield await wholeOf(input)
    else yield* linesOf(input)
  }
}

async function wholeOf(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = []
  let byteCount = 0
  for await (const chunk of chunks) {
    parts.push(chunk)
    byteCount += chunk.length
    if (byteCount > LINE_BYTES_MAX)
      throw new CliError(`the input is longer than ${LINE_BYTES_MAX} bytes: too long for one record`)
  }
  return Buffer.concat(parts)
}

function producerOptions(options: ProduceOptions): ProducerOptions {
  const { acks, compression } = options
  return { acks, compression, idempotent: options.idempotent === true }
}

/** The topic that is written to: where it is not there, the first record has the broker create it, if that does so. */
class TopicOpening {
  readonly #session: Session
  readonly #topic: string
  /** What is said of a topic that is not there; null: it is. */
  #missing: { readonly near: string | null } | null = null

  constructor(session: Session, topic: string) {
    this.#session = session
    this.#topic = topic
  }

  /** Looks whether it is there, and changes nothing. */
  async look(): Promise<void> {
    const { cluster } = this.#session
    try {
      await findTopic(cluster, this.#topic)
    } catch (error) {
      if (!isKafkaError(error)) throw error
      if (error.name === 'UNKNOWN_TOPIC_OR_PARTITION')
        this.#missing = { near: await nearNames(cluster, { kind: 'topic', name: this.#topic }) }
      else if (!error.retriable) throw error
    }
  }

  /** Tells somebody who types, before the first record is typed. */
  tellMissing(): void {
    if (this.#missing === null) return
    const { near } = this.#missing
    this.#session.io.note(`there is no topic ${this.#topic} yet${near === null ? '' : ` (${near})`}`)
  }

  /** Before the first record. Throws CliError where the broker creates no topic. */
  async open(): Promise<void> {
    const { cluster, io, json } = this.#session
    const topic = this.#topic
    try {
      const policy = { timeoutMs: 5_000, backoffMs: 50, backoffMsMax: 500 }
      const { partitions } = await cluster.retrying(
        { topics: [topic] },
        () => requestTopic(cluster, topic),
        policy,
      )
      if (this.#missing === null) return
      const { near } = this.#missing
      if (json) io.note(JSON.stringify({ topic, partitions: partitions.length, created: true }))
      else
        io.note(
          `topic ${topic} was not there, and was created: ${partitions.length} partition${partitions.length === 1 ? '' : 's'}${near === null ? '' : ` (${near})`}`,
        )
    } catch (error) {
      if (!isKafkaError(error, 'UNKNOWN_TOPIC_OR_PARTITION')) throw error
      const near = this.#missing?.near ?? null
      throw new CliError(
        `there is no topic ${topic}, and the broker does not create topics on demand: ${near ?? `create it with 'millrace topic create ${topic}'`}`,
        EXIT_NOT_FOUND,
      )
    }
  }

  /** What is to be said when no record came. */
  get nothingWritten(): string {
    const still = this.#missing === null ? '' : `: there is still no topic ${this.#topic}`
    return `no record came, nothing was written${still}`
  }
}

/** Makes a record of each line, the lines being counted from 1. */
function recordReader(
  options: ProduceOptions,
  headers: readonly RecordHeader[],
): (line: Buffer, number: number) => OutgoingRecord {
  const { keySeparator, partition, emptyAsNull, fromJson, format } = options
  const key = options.key === undefined ? null : Buffer.from(options.key)
  const read = lineReader(format, fromJson, keySeparator)
  return (line, number) => {
    const record = read(line, number)
    const isEmpty = fromJson !== true && record.value?.length === 0
    return {
      ...record,
      key: record.key ?? key,
      value: isEmpty && emptyAsNull === true ? null : (record.value ?? null),
      headers: [...headers, ...(record.headers ?? [])],
      ...(partition === undefined ? {} : { partition }),
    }
  }
}

function lineReader(
  format: string | undefined,
  fromJson: boolean | undefined,
  keySeparator: string | undefined,
): (line: Buffer, number: number) => OutgoingRecord {
  if (format !== undefined) return compileLineFormat(format)
  if (fromJson === true) return recordOfJson
  if (keySeparator === undefined) return (line) => ({ key: null, value: line })
  return (line, number) => {
    const end = line.indexOf(keySeparator)
    if (end < 0) throw new CliError(`line ${number} has no '${keySeparator}' to end its key`)
    return { key: line.subarray(0, end), value: line.subarray(end + Buffer.byteLength(keySeparator)) }
  }
}

async function* fileChunks(path: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of createReadStream(path)) yield chunk as Buffer
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new CliError(code === 'ENOENT' ? `there is no file ${path}` : `cannot read ${path}: ${message}`)
  }
}

/** Counts what became of the records, and prints it. */
class Tally {
  readonly #session: Session
  readonly #topic: string
  readonly #ranges = new Map<number, { count: number; first: number; last: number }>()
  readonly #lines: string[] = []
  #wake: (() => void) | null = null
  #stopped = false
  unsettled = 0
  /** The first error; reading stops at it. */
  failure: unknown = null

  constructor(session: Session, topic: string) {
    this.#session = session
    this.#topic = topic
  }

  follow(sent: Promise<Receipt>): void {
    this.unsettled++
    sent.then(
      (receipt) => this.#stored(receipt),
      (error: unknown) => {
        this.unsettled--
        this.fail(error)
      },
    )
  }

  fail(error: unknown): void {
    this.failure ??= error
    this.stop()
  }

  /** Counts what has no answer as failed. */
  giveUp(): void {
    const { unsettled } = this
    if (unsettled === 0) return
    const [records, they] = unsettled === 1 ? ['1 record was', 'it'] : [`${unsettled} records were`, 'they']
    this.fail(new CliError(`ended before ${records} acknowledged: ${they} may be stored or not`))
  }

  get isStopped(): boolean {
    return this.#stopped
  }

  /** Prints what has been gathered for the output. */
  async drain(): Promise<void> {
    if (this.#lines.length > 0) await this.#session.io.out(this.#lines.splice(0).join(''))
  }

  stop(): void {
    this.#stopped = true
    this.#wake?.()
  }

  /** The lines until `stop`: a read that waits is left waiting then. */
  async *untilStopped(lines: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
    while (!this.#stopped) {
      const next = await new Promise<IteratorResult<Buffer> | null>((resolve, reject) => {
        this.#wake = () => resolve(null)
        lines.next().then(resolve, reject)
      })
      if (next === null || next.done === true) return
      yield next.value
    }
  }

  /** Records that were stored. */
  get total(): number {
    return [...this.#ranges.values()].reduce((sum, { count }) => sum + count, 0)
  }

  summary(): string[] {
    const { total } = this
    const lines = [`${total} record${total === 1 ? '' : 's'} to ${this.#topic}`]
    for (const [partition, { count, first, last }] of [...this.#ranges].sort(([a], [b]) => a - b)) {
      const offsets =
        first < 0 ? 'offsets not known' : first === last ? `offset ${first}` : `offsets ${first} to ${last}`
      lines.push(`  partition ${partition}: ${count} (${offsets})`)
    }
    return lines
  }

  #stored({ topic, partition, offset, timestampMs }: Receipt): void {
    this.unsettled--
    if (this.#session.json)
      this.#lines.push(`${JSON.stringify({ topic, partition, offset, timestamp: timestampMs })}\n`)
    const range = this.#ranges.get(partition)
    if (range === undefined) this.#ranges.set(partition, { count: 1, first: offset, last: offset })
    else {
      range.count++
      range.first = Math.min(range.first, offset)
      range.last = Math.max(range.last, offset)
    }
  }
}

function parseFormat(text: string): string {
  try {
    compileLineFormat(text)
    return text
  } catch (error) {
    if (error instanceof CliError) throw new InvalidArgumentError(error.message)
    throw error
  }
}

/** The option that `produce` and `bench` have. */
export function acksOption(description: string): Option {
  return new Option('--acks <all|1|0>', description).argParser(parseAcks).default(-1, 'all')
}

function parseAcks(text: string): -1 | 0 | 1 {
  if (text === 'all' || text === '-1') return -1
  if (text === '0') return 0
  if (text === '1') return 1
  throw new InvalidArgumentError('it must be all, 1 or 0.')
}

/** The `produce` command. */
export function produceCommand(program: Command, wiring: Wiring): void {
  const command = program
    .command('produce <topic>')
    .description('write each line of the input as a record')
    .option('-K, --key-separator <text>', 'what ends the key of a line; without it records have no key')
    .option('-k, --key <text>', 'the key of every record')
    .option(
      '--from-json',
      'each line is a record as consume --json prints it: value, key, headers, partition, timestamp',
    )
    .option('-f, --format <text>', 'how a line is a record, with %k %v %p %T %h (see below)', parseFormat)
    .option('-H, --header <name=value>', 'a header of every record; repeatable', collectPairs)
    .option(
      '-p, --partition <number>',
      'the partition of every record (default: by key, or as batches fill)',
      parseWhole,
    )
    .addOption(acksOption('whose storing is waited for: all in-sync replicas, the leader, nobody'))
    .addOption(
      new Option('-z, --compression <codec>', 'how batches are compressed')
        .choices(COMPRESSIONS)
        .default('none'),
    )
    .option('--idempotent', 'let the broker drop what a retry sends twice')
    .option('-Z, --empty-as-null', 'an empty value is null: it deletes its key from a compacted topic')
    .option('--rate <number>', 'at most so many records a second', parseCount)
    .option('--file <path>', 'read the lines of a file instead of the input; repeatable', collectNames)
    .option('--whole', 'all of the input, or each file, is the value of one record')
    .addHelpText(
      'after',
      '\nIn --format: %k key, %v value, %p partition, %T timestamp in ms, %h headers as name=value,name=value, each up to the\ntext that follows it and the last to the end of the line; %% a percent sign; %k{hex} %v{base64}; \\t \\xHH.',
    )
    .action((topic: string, options: ProduceOptions) =>
      wiring.client(command, (session) => produce(session, topic, options)),
    )
  wiring.example(
    command,
    'echo hello | millrace produce greetings',
    'millrace produce orders --key-separator : --compression zstd --file orders.txt',
    "millrace produce orders --format '%k %v'",
    'millrace consume orders --exit-at-end --json | millrace produce orders-copy --from-json',
  )
}
