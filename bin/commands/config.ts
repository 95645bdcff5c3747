import { type Command, InvalidArgumentError } from 'commander'
import {
  alterConfigs,
  type ConfigChanges,
  type ConfigKind,
  type ConfigResource,
  describeConfigs,
} from '../../src/client/config-admin.ts'
import { changesText, jsonChanges } from '../config-changes.ts'
import { CliError, EXIT_NOT_FOUND, EXIT_OK, EXIT_USAGE } from '../exit-code.ts'
import { checkBroker } from '../known-broker.ts'
import { parsePairs } from '../parse.ts'
import type { Session } from '../session.ts'
import { renderTable } from '../table.ts'
import type { Wiring } from '../wiring.ts'

/** The name that stands for all brokers. */
const ALL_BROKERS = 'all'
const KINDS: readonly ConfigKind[] = ['topic', 'broker', 'group']

/** `config get`: entries of a resource; only those that are its own unless all, or some by name, are asked for. */
export async function configGet(
  session: Session,
  resource: ConfigResource,
  names: readonly string[],
  options: { all?: boolean },
): Promise<number> {
  const { io, json, cluster } = session
  checkResource(session, resource)
  const entries = await describeConfigs(cluster, resource, names.length > 0 ? names : null)
  const unknown = names.find((name) => !entries.some((entry) => entry.name === name))
  const shown = names.length > 0 || options.all === true ? entries : entries.filter((entry) => entry.own)
  if (json) {
    for (const { name, value, origin, readOnly, sensitive } of shown)
      await io.out(
        `${JSON.stringify({ ...spoken(resource), config: name, value, origin, readOnly, sensitive })}\n`,
      )
  } else if (shown.length === 0) {
    if (unknown === undefined) io.note('all defaults (--all shows them)')
  } else {
    const rows = shown.map(({ name, value, origin, sensitive }) => [
      name,
      sensitive ? '(hidden)' : (value ?? '-'),
      origin,
    ])
    const heading = [{ title: 'CONFIG', name: true }, { title: 'VALUE' }, { title: 'FROM' }]
    await io.out(renderTable(heading, rows, { columns: io.columns, colour: io.colourOut }))
  }
  if (unknown === undefined) return EXIT_OK
  throw new CliError(
    `there is no configuration entry ${unknown} of a ${resource.kind} (config get ${resource.kind} ${nameOf(resource)} --all shows all)`,
    EXIT_NOT_FOUND,
  )
}

/** `config set` and `config unset`: all changes or none. */
export async function configChange(
  session: Session,
  resource: ConfigResource,
  changes: ConfigChanges,
  options: { dryRun?: boolean },
): Promise<number> {
  const { io, json, cluster } = session
  const dryRun = options.dryRun === true
  checkResource(session, resource)
  await alterConfigs(cluster, resource, changes, { validateOnly: dryRun })
  if (json) {
    const configs = jsonChanges(changes)
    await io.out(`${JSON.stringify({ ...spoken(resource), configs, executed: !dryRun })}\n`)
    return EXIT_OK
  }
  const { kind, name } = resource
  const subject = kind === 'broker' && name === '' ? 'all brokers' : `${kind} ${name}`
  io.note(`${dryRun ? 'would change' : 'changed'} ${subject}: ${changesText(changes)}`)
  return EXIT_OK
}

function checkResource({ cluster }: Session, { kind, name }: ConfigResource): void {
  if (kind === 'broker' && name !== '') checkBroker(cluster, Number(name))
}

function spoken(resource: ConfigResource): Record<string, string> {
  return { [resource.kind]: nameOf(resource) }
}

function nameOf({ kind, name }: ConfigResource): string {
  return kind === 'broker' && name === '' ? ALL_BROKERS : name
}

function resourceOf(kind: ConfigKind, name: string): ConfigResource {
  if (kind !== 'broker') return { kind, name }
  if (name === ALL_BROKERS) return { kind, name: '' }
  if (/^\d{1,10}$/.test(name)) return { kind, name }
  throw new CliError(
    `a broker is named by its id, or all of them by '${ALL_BROKERS}': not '${name}'`,
    EXIT_USAGE,
  )
}

function parseKind(text: string): ConfigKind {
  const kind = KINDS.find((known) => known === text)
  if (kind === undefined) throw new InvalidArgumentError(`it must be ${KINDS.join(', ')}.`)
  return kind
}

const KIND_HELP = 'topic, broker or group'
const NAME_HELP = `its name; of a broker its id, or '${ALL_BROKERS}'`

/** The `config` group of commands. */
export function configCommands(program: Command, wiring: Wiring): void {
  const config = program
    .command('config')
    .description('show and change configurations of topics, brokers and groups')
  const get = config
    .command('get')
    .description('show entries: those that are set on it, or those named')
    .argument('<kind>', KIND_HELP, parseKind)
    .argument('<name>', NAME_HELP)
    .argument('[entry...]', 'names of entries')
    .option('-a, --all', 'also what is default or set elsewhere')
    .action((kind: ConfigKind, name: string, entries: string[], options: { all?: boolean }) =>
      wiring.client(get, (session) => configGet(session, resourceOf(kind, name), entries, options)),
    )
  wiring.example(get, 'millrace config get topic orders', 'millrace config get broker 1 --all')
  const set = config
    .command('set')
    .description('set entries, all or none')
    .argument('<kind>', KIND_HELP, parseKind)
    .argument('<name>', NAME_HELP)
    .argument('<entry=value...>', 'what to set')
    .option('--dry-run', 'let the broker check it, and change nothing')
    .action((kind: ConfigKind, name: string, pairs: string[], options: { dryRun?: boolean }) =>
      wiring.client(set, (session) => {
        const changes = new Map(checkedPairs(pairs))
        return configChange(session, resourceOf(kind, name), changes, options)
      }),
    )
  wiring.example(set, 'millrace config set topic orders retention.ms=86400000 max.message.bytes=2000000')
  const unset = config
    .command('unset')
    .description('take entries back, so that what holds without them holds again')
    .argument('<kind>', KIND_HELP, parseKind)
    .argument('<name>', NAME_HELP)
    .argument('<entry...>', 'names of entries')
    .option('--dry-run', 'let the broker check it, and change nothing')
    .action((kind: ConfigKind, name: string, entries: string[], options: { dryRun?: boolean }) =>
      wiring.client(unset, (session) => {
        const changes = new Map(entries.map((entry) => [entry, null] as const))
        return configChange(session, resourceOf(kind, name), changes, options)
      }),
    )
  wiring.example(unset, 'millrace config unset topic orders retention.ms')
}

function checkedPairs(pairs: readonly string[]): readonly (readonly [string, string])[] {
  try {
    return parsePairs(pairs)
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error
    throw new CliError('entries are given as NAME=VALUE', EXIT_USAGE)
  }
}
