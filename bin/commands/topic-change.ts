import type { Command } from 'commander'
import { alterConfigs, type ConfigChange } from '../../src/client/config-admin.ts'
import { addPartitions } from '../../src/client/partition-admin.ts'
import { findTopic } from '../../src/client/topic-admin.ts'
import { changesText, jsonChanges } from '../config-changes.ts'
import { CliError, EXIT_USAGE } from '../exit-code.ts'
import { forEachName } from '../named.ts'
import { collectNames, collectPair, parseCount } from '../parse.ts'
import type { Session } from '../session.ts'
import type { Wiring } from '../wiring.ts'

/** What `topic alter` was told. */
export interface TopicAlterOptions {
  readonly set?: Readonly<Record<string, string>>
  readonly unset?: readonly string[]
  readonly append?: Readonly<Record<string, string>>
  readonly subtract?: Readonly<Record<string, string>>
  readonly dryRun?: boolean
}

/** `topic alter`: changes configuration entries of topics, of each all or none. Goes on past one that refuses. */
export async function topicAlter(
  session: Session,
  names: readonly string[],
  options: TopicAlterOptions,
): Promise<number> {
  const { io, json, cluster } = session
  const changes = changesOf(options)
  const dryRun = options.dryRun === true
  return forEachName(session, names, async (name) => {
    await alterConfigs(cluster, { kind: 'topic', name }, changes, { validateOnly: dryRun })
    if (json)
      await io.out(`${JSON.stringify({ topic: name, configs: jsonChanges(changes), executed: !dryRun })}\n`)
    else io.note(`${dryRun ? 'would change' : 'changed'} topic ${name}: ${changesText(changes)}`)
  })
}

function changesOf(options: TopicAlterOptions): Map<string, ConfigChange> {
  const changes = new Map<string, ConfigChange>()
  const add = (name: string, change: ConfigChange): void => {
    if (changes.has(name)) throw new CliError(`${name} cannot be changed twice at once`, EXIT_USAGE)
    changes.set(name, change)
  }
  for (const [name, value] of Object.entries(options.set ?? {})) add(name, value)
  for (const name of options.unset ?? []) add(name, null)
  for (const [name, append] of Object.entries(options.append ?? {})) add(name, { append })
  for (const [name, subtract] of Object.entries(options.subtract ?? {})) add(name, { subtract })
  if (changes.size > 0) return changes
  throw new CliError('say what to change: --set NAME=VALUE or --unset NAME', EXIT_USAGE)
}

/** What `topic add-partitions` was told. */
export interface AddPartitionsOptions {
  readonly to?: number
  readonly num?: number
  readonly dryRun?: boolean
}

/** `topic add-partitions`: grows topics to a number of partitions, or by one. Goes on past one that refuses. */
export async function topicAddPartitions(
  session: Session,
  names: readonly string[],
  options: AddPartitionsOptions,
): Promise<number> {
  const { io, json, cluster } = session
  const { to, num } = options
  if ((to === undefined) === (num === undefined))
    throw new CliError('say how many: --to N in all, or --num N more', EXIT_USAGE)
  const dryRun = options.dryRun === true
  return forEachName(session, names, async (name) => {
    const before = (await findTopic(cluster, name)).partitions.length
    const partitions = to ?? before + num!
    await addPartitions(cluster, name, partitions, { validateOnly: dryRun })
    if (json) await io.out(`${JSON.stringify({ topic: name, before, partitions, executed: !dryRun })}\n`)
    else
      io.note(
        `${dryRun ? 'would grow' : 'grew'} topic ${name} from ${before} to ${partitions} partitions (keys may now go to others than before)`,
      )
  })
}

/** The commands of the `topic` group that change one. */
export function topicChangeCommands(topic: Command, wiring: Wiring): void {
  const alter = topic
    .command('alter <name...>')
    .alias('alter-config')
    .description('change the configuration of topics')
    .option('-s, --set <name=value>', 'set an entry; repeatable', collectPair)
    .option('--unset <name>', 'let an entry be as the broker is set; repeatable', collectNames)
    .option('--append <name=value>', 'put elements to an entry that is a list; repeatable', collectPair)
    .option(
      '--subtract <name=value>',
      'take elements out of an entry that is a list; repeatable',
      collectPair,
    )
    .option('--dry-run', 'let the broker check it, and change nothing')
    .action((names: string[], options: TopicAlterOptions) =>
      wiring.client(alter, (session) => topicAlter(session, names, options)),
    )
  wiring.example(
    alter,
    'millrace topic alter orders --set retention.ms=86400000 --unset cleanup.policy',
    'millrace topic alter orders payments --append cleanup.policy=compact',
  )
  const grow = topic
    .command('add-partitions <name...>')
    .description('grow topics; partitions cannot be taken away again')
    .option('--to <count>', 'how many partitions each is to have in all', parseCount)
    .option('-n, --num <count>', 'how many more each is to have', parseCount)
    .option('--dry-run', 'let the broker check it, and change nothing')
    .action((names: string[], options: AddPartitionsOptions) =>
      wiring.client(grow, (session) => topicAddPartitions(session, names, options)),
    )
  wiring.example(grow, 'millrace topic add-partitions orders --to 12')
}
