import type { Command } from 'commander'
import { findTopic } from '../../src/client/topic-admin.ts'
import {
  abortHanging,
  describeProducers,
  describeTransaction,
  fenceProducer,
  listTransactions,
} from '../../src/client/transaction-admin.ts'
import { CliError, EXIT_OK, EXIT_USAGE } from '../exit-code.ts'
import { collectNames, parseOffset, parseWhole } from '../parse.ts'
import type { Session } from '../session.ts'
import { renderTable } from '../table.ts'
import { formatDuration, parseDuration } from '../time.ts'
import type { Wiring } from '../wiring.ts'

/** What `transaction list` was told. */
export interface TransactionListOptions {
  readonly state?: readonly string[]
  readonly openFor?: string
}

/** `transaction list`: transactional ids, their producers and states. */
export async function transactionList(session: Session, options: TransactionListOptions): Promise<number> {
  const { io, json, cluster } = session
  const openLongerThanMs = options.openFor === undefined ? null : parseDuration(options.openFor)
  if (options.openFor !== undefined && openLongerThanMs === null)
    throw new CliError(`--open-for takes a duration such as 15m: not '${options.openFor}'`, EXIT_USAGE)
  const transactions = await listTransactions(cluster, {
    states: options.state ?? [],
    ...(openLongerThanMs === null ? {} : { openLongerThanMs }),
  })
  if (json) {
    for (const { transactionalId, producerId, state, coordinatorId } of transactions)
      await io.out(
        `${JSON.stringify({ transaction: transactionalId, producerId, state, coordinator: coordinatorId })}\n`,
      )
    return EXIT_OK
  }
  if (transactions.length === 0) {
    io.note('no transactions')
    return EXIT_OK
  }
  const rows = transactions.map(({ transactionalId, producerId, state, coordinatorId }) => [
    transactionalId,
    state,
    producerId,
    coordinatorId,
  ])
  const heading = [
    { title: 'TRANSACTION', name: true },
    { title: 'STATE' },
    { title: 'PRODUCER', numeric: true },
    { title: 'COORDINATOR', numeric: true },
  ]
  await io.out(renderTable(heading, rows, { columns: io.columns, colour: io.colourOut }))
  return EXIT_OK
}

/** `transaction describe`: one transactional id in full. */
export async function transactionDescribe(session: Session, transactionalId: string): Promise<number> {
  const { io, json, cluster } = session
  const found = await describeTransaction(cluster, transactionalId)
  const { state, producerId, producerEpoch, coordinatorId, timeoutMs, startMs, partitions } = found
  if (json) {
    await io.out(
      `${JSON.stringify({ transaction: transactionalId, state, producerId, producerEpoch, coordinator: coordinatorId, timeoutMs, startMs, partitions })}\n`,
    )
    return EXIT_OK
  }
  const name = io.colourOut ? `\x1b[1m${transactionalId}\x1b[22m` : transactionalId
  const open =
    startMs === null
      ? 'not open'
      : `open since ${new Date(startMs).toISOString()} (${formatDuration(Math.max(0, io.environment.wallMs() - startMs))})`
  await io.out(
    `${name}  ${state}, ${open}\nproducer ${producerId}, epoch ${producerEpoch}, coordinator ${coordinatorId}, timeout ${formatDuration(timeoutMs)}\n`,
  )
  if (partitions.length === 0) return EXIT_OK
  const rows = partitions.map(({ topic, partition }) => [topic, partition])
  const heading = [{ title: 'TOPIC' }, { title: 'PARTITION', numeric: true }]
  await io.out(`\n${renderTable(heading, rows, { columns: io.columns, colour: io.colourOut })}`)
  return EXIT_OK
}

/** `transaction producers`: who has written to a topic, and from where on a transaction is open. */
export async function transactionProducers(
  session: Session,
  topic: string,
  options: { partition?: number; open?: boolean },
): Promise<number> {
  const { io, json, cluster } = session
  const { partitions } = await findTopic(cluster, topic)
  const wanted = partitions.filter(
    ({ index }) => options.partition === undefined || index === options.partition,
  )
  if (wanted.length === 0)
    throw new CliError(`topic ${topic} has no partition ${options.partition}`, EXIT_USAGE)
  const found = await Promise.all(
    wanted.map(async ({ index: partition }) =>
      (await describeProducers(cluster, { topic, partition })).map((producer) => ({
        partition,
        ...producer,
      })),
    ),
  )
  const producers = found
    .flat()
    .filter(({ transactionStart }) => options.open !== true || transactionStart !== null)
  if (json) {
    for (const producer of producers) await io.out(`${JSON.stringify({ topic, ...producer })}\n`)
    return EXIT_OK
  }
  if (producers.length === 0) {
    io.note('no producers')
    return EXIT_OK
  }
  const heading = [
    ...['PARTITION', 'PRODUCER', 'EPOCH', 'SEQUENCE', 'OPEN FROM'].map((title) => ({ title, numeric: true })),
    { title: 'LAST WRITE' },
  ]
  const rows = producers.map((producer) => [
    producer.partition,
    producer.producerId,
    producer.producerEpoch,
    producer.lastSequence,
    producer.transactionStart ?? '-',
    producer.lastTimestampMs < 0 ? '-' : new Date(producer.lastTimestampMs).toISOString(),
  ])
  await io.out(renderTable(heading, rows, { columns: io.columns, colour: io.colourOut }))
  return EXIT_OK
}

/** What `transaction abort` was told. */
export interface TransactionAbortOptions {
  readonly topic?: string
  readonly partition?: number
  readonly startOffset?: number
}

/**
 * `transaction abort`: fences the producer of an id, which aborts what it has open; or ends by hand a transaction that
 * no coordinator knows any more, in one partition.
 */
export async function transactionAbort(
  session: Session,
  transactionalId: string | undefined,
  options: TransactionAbortOptions,
): Promise<number> {
  const { topic, partition, startOffset } = options
  const places = [topic, partition, startOffset].filter((value) => value !== undefined).length
  if ((transactionalId === undefined) === (places === 0) || (places !== 0 && places !== 3))
    throw new CliError(
      'name a transactional id, or a place with --topic, --partition and --start-offset',
      EXIT_USAGE,
    )
  if (transactionalId !== undefined) return abortById(session, transactionalId)
  const { io, json, cluster } = session
  const place = { topic: topic!, partition: partition!, startOffset: startOffset! }
  const { producerId, producerEpoch } = await abortHanging(cluster, place)
  if (json) await io.out(`${JSON.stringify({ ...place, producerId, producerEpoch, aborted: true })}\n`)
  else
    io.note(
      `aborted what producer ${producerId} had open in ${topic} [${partition}] from offset ${startOffset}`,
    )
  return EXIT_OK
}

async function abortById({ io, json, cluster }: Session, transactionalId: string): Promise<number> {
  const { state } = await describeTransaction(cluster, transactionalId)
  const isOpen = state === 'Ongoing'
  if (isOpen) await fenceProducer(cluster, transactionalId)
  if (json) await io.out(`${JSON.stringify({ transaction: transactionalId, state, aborted: isOpen })}\n`)
  else
    io.note(
      isOpen
        ? `aborted transaction ${transactionalId}; its producer is fenced off and must begin anew`
        : `nothing to abort: transaction ${transactionalId} is not open (${state})`,
    )
  return EXIT_OK
}

/** The `transaction` group of commands. */
export function transactionCommands(program: Command, wiring: Wiring): void {
  const transaction = program
    .command('transaction')
    .alias('txn')
    .description('list, describe and abort transactions')
  const list = transaction
    .command('list')
    .alias('ls')
    .description('list transactional ids')
    .option(
      '-s, --state <state>',
      'only those in this state (Ongoing, CompleteCommit, ...); repeatable',
      collectNames,
    )
    .option('--open-for <duration>', 'only those that have been open for longer (15m)')
    .action((options: TransactionListOptions) =>
      wiring.client(list, (session) => transactionList(session, options)),
    )
  wiring.example(list, 'millrace transaction list --state Ongoing --open-for 15m')
  const describe = transaction
    .command('describe <id>')
    .description('show a transactional id: state, producer and partitions')
    .action((id: string) => wiring.client(describe, (session) => transactionDescribe(session, id)))
  wiring.example(describe, 'millrace transaction describe billing-1')
  const producers = transaction
    .command('producers <topic>')
    .alias('describe-producers')
    .description('show who has written to a topic, and from which offset on a transaction is open')
    .option('-p, --partition <number>', 'this partition only (default: all)', parseWhole)
    .option('--open', 'only those that have a transaction open')
    .action((topic: string, options: { partition?: number; open?: boolean }) =>
      wiring.client(producers, (session) => transactionProducers(session, topic, options)),
    )
  wiring.example(producers, 'millrace transaction producers orders --open')
  const abort = transaction
    .command('abort [id]')
    .description('abort the open transaction of an id, or one that hangs in a partition')
    .option('-t, --topic <name>', 'where a transaction hangs that no coordinator ends')
    .option('-p, --partition <number>', 'its partition', parseWhole)
    .option('--start-offset <offset>', 'the offset at which it began', parseOffset)
    .action((id: string | undefined, options: TransactionAbortOptions) =>
      wiring.client(abort, (session) => transactionAbort(session, id, options)),
    )
  wiring.example(
    abort,
    'millrace transaction abort billing-1',
    'millrace transaction abort --topic orders --partition 2 --start-offset 1507',
  )
}
