import type { Command } from 'commander'
import { resolveOffsets } from '../../src/client/offsets.ts'
import { deleteRecords } from '../../src/client/partition-admin.ts'
import { noSuchPartition } from '../../src/client/partition-range.ts'
import { partitionKey } from '../../src/client/position.ts'
import { findTopic } from '../../src/client/topic-admin.ts'
import { CliError, EXIT_OK, EXIT_USAGE } from '../exit-code.ts'
import { parseWhole } from '../parse.ts'
import type { Session } from '../session.ts'
import { renderTable } from '../table.ts'
import { parseStart } from '../time.ts'
import type { Wiring } from '../wiring.ts'

/** What `records delete` was told. */
export interface RecordsDeleteOptions {
  readonly before: string
  readonly partition?: number
  readonly execute?: boolean
}

/** `records delete`: shows what would go from each partition; with `execute` it goes. */
export async function recordsDelete(
  session: Session,
  topic: string,
  options: RecordsDeleteOptions,
): Promise<number> {
  const { io, json, cluster } = session
  const before = parseStart(options.before, io.environment.wallMs(), '--before')
  if (before.kind === 'earliest')
    throw new CliError(
      'there is nothing before the beginning: --before takes end, an offset or a time',
      EXIT_USAGE,
    )
  const { partitions: all } = await findTopic(cluster, topic)
  const partitions = all.filter(({ index }) => options.partition === undefined || index === options.partition)
  if (options.partition !== undefined && partitions.length === 0)
    throw new CliError(noSuchPartition(topic, all.length, options.partition), EXIT_USAGE)
  const ask = (start: Parameters<typeof resolveOffsets>[1][number]['start']): Promise<Map<string, number>> =>
    resolveOffsets(
      cluster,
      partitions.map(({ index }) => ({ topic, partition: index, start })),
    )
  const [starts, targets, ends] = await Promise.all([
    ask({ kind: 'earliest' }),
    ask(before),
    ask({ kind: 'latest' }),
  ])
  const plan = partitions.map(({ index }) => {
    const key = partitionKey(topic, index)
    const start = starts.get(key)!
    const end = ends.get(key)!
    return { partition: index, start, newStart: Math.min(end, Math.max(start, targets.get(key)!)), end }
  })
  const wanted = plan.filter(({ start, newStart }) => newStart > start)
  if (options.execute === true)
    await deleteRecords(
      cluster,
      wanted.map(({ partition, newStart }) => ({ topic, partition, offset: newStart })),
    )
  const executed = options.execute === true
  if (json) {
    for (const { partition, start, newStart, end } of plan)
      await io.out(`${JSON.stringify({ topic, partition, start, newStart, end, executed })}\n`)
    return EXIT_OK
  }
  const heading = ['PARTITION', 'START', 'NEW START', 'END', 'DELETED'].map((title) => ({
    title,
    numeric: true,
  }))
  const rows = plan.map(({ partition, start, newStart, end }) => [
    partition,
    start,
    newStart,
    end,
    newStart - start,
  ])
  await io.out(renderTable(heading, rows, { columns: io.columns, colour: io.colourOut }))
  io.note(executed ? `deleted from ${topic}` : 'nothing was deleted: --execute does it, for good')
  return EXIT_OK
}

/** The `records` group of commands. */
export function recordsCommands(program: Command, wiring: Wiring): void {
  const records = program.command('records').description('delete records from the beginning of partitions')
  const remove = records
    .command('delete <topic>')
    .alias('trim-prefix')
    .description('delete the records before a place, for good; without --execute only show what would go')
    .requiredOption(
      '-o, --before <position>',
      'end, an offset, a duration back from now (7d), a time (2026-01-31T12:00:00Z) or @MILLISECONDS',
    )
    .option('-p, --partition <number>', 'this partition only (default: all)', parseWhole)
    .option('--execute', 'do it')
    .action((topic: string, options: RecordsDeleteOptions) =>
      wiring.client(remove, (session) => recordsDelete(session, topic, options)),
    )
  wiring.example(
    remove,
    'millrace records delete orders --before 7d',
    'millrace records delete orders --before 1000 --partition 0 --execute',
  )
}
