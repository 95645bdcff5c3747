import type { Command } from 'commander'
import { alterConfigs } from '../../src/client/config-admin.ts'
import { addPartitions } from '../../src/client/partition-admin.ts'
import { findTopic } from '../../src/client/topic-admin.ts'
import { CliError, EXIT_OK, EXIT_USAGE } from '../exit-code.ts'
import { collectNames, collectPair, parseCount } from '../parse.ts'
import type { Session } from '../session.ts'
import type { Wiring } from '../wiring.ts'

/** What `topic alter` was told. */
export interface TopicAlterOptions {
  readonly set?: Readonly<Record<string, string>>
  readonly unset?: readonly string[]
  readonly dryRun?: boolean
}

/** `topic alter`: changes configuration entries of a topic, all or none. */
export async function topicAlter(
  session: Session,
  name: string,
  options: TopicAlterOptions,
): Promise<number> {
  const { io, json, cluster } = session
  const changes = new Map<string, string | null>(Object.entries(options.set ?? {}))
  for (const unset of options.unset ?? []) {
    if (changes.has(unset)) throw new CliError(`${unset} cannot be set and unset at once`, EXIT_USAGE)
    changes.set(unset, null)
  }
  if (changes.size === 0)
    throw new CliError('say what to change: --set NAME=VALUE or --unset NAME', EXIT_USAGE)
  const dryRun = options.dryRun === true
  await alterConfigs(cluster, { kind: 'topic', name }, changes, { validateOnly: dryRun })
  if (json) {
    await io.out(
      `${JSON.stringify({ topic: name, configs: Object.fromEntries(changes), executed: !dryRun })}\n`,
    )
    return EXIT_OK
  }
  const said = [...changes].map(([key, value]) => (value === null ? `${key} unset` : `${key}=${value}`))
  io.note(`${dryRun ? 'would change' : 'changed'} topic ${name}: ${said.join(', ')}`)
  return EXIT_OK
}

/** `topic add-partitions`: grows a topic to a number of partitions. */
export async function topicAddPartitions(
  session: Session,
  name: string,
  options: { to: number; dryRun?: boolean },
): Promise<number> {
  const { io, json, cluster } = session
  const dryRun = options.dryRun === true
  const before = (await findTopic(cluster, name)).partitions.length
  await addPartitions(cluster, name, options.to, { validateOnly: dryRun })
  if (json)
    await io.out(`${JSON.stringify({ topic: name, before, partitions: options.to, executed: !dryRun })}\n`)
  else
    io.note(
      `${dryRun ? 'would grow' : 'grew'} topic ${name} from ${before} to ${options.to} partitions (keys may now go to others than before)`,
    )
  return EXIT_OK
}

/** The commands of the `topic` group that change one. */
export function topicChangeCommands(topic: Command, wiring: Wiring): void {
  const alter = topic
    .command('alter <name>')
    .description('change the configuration of a topic')
    .option('--set <name=value>', 'set an entry; repeatable', collectPair)
    .option('--unset <name>', 'let an entry be as the broker is set; repeatable', collectNames)
    .option('--dry-run', 'let the broker check it, and change nothing')
    .action((name: string, options: TopicAlterOptions) =>
      wiring.client(alter, (session) => topicAlter(session, name, options)),
    )
  wiring.example(alter, 'millrace topic alter orders --set retention.ms=86400000 --unset cleanup.policy')
  const grow = topic
    .command('add-partitions <name>')
    .description('grow a topic; partitions cannot be taken away again')
    .requiredOption('--to <count>', 'how many partitions it is to have in all', parseCount)
    .option('--dry-run', 'let the broker check it, and change nothing')
    .action((name: string, options: { to: number; dryRun?: boolean }) =>
      wiring.client(grow, (session) => topicAddPartitions(session, name, options)),
    )
  wiring.example(grow, 'millrace topic add-partitions orders --to 12')
}
