import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { packageRoot } from '../support/package-root.ts'
import { WireClient } from '../support/wire-client.ts'
import { ABUSES, type Abuse } from './abuses.ts'
import { type Waits, waitsOfNeighbour } from './neighbour.ts'

/**
 * What a client with manners waits while another one has none: alone, and beside each abuse; and how much time of the
 * processor one turn of the broker's event loop took at most.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(`npm run hostile -- [--seconds 5] [--rounds 3] [--only TEXT] [--write]

Measures a well-behaved client beside each abuse. Of the rounds of each the median counts. --only takes the abuses whose
name has the text; --write puts the table into docs/reliability.md.`)
  process.exit(0)
}

interface Costs {
  readonly turnMs: number
  readonly residentBytes: number
}

interface Result {
  readonly name: string
  readonly alone: Waits
  readonly beside: Waits
  readonly costs: Costs
}

const TOPIC = 'neighbour'
const MIB = 1024 * 1024
const BEGIN = '<!-- hostile: begin -->'
const END = '<!-- hostile: end -->'

async function said<T>(child: ChildProcess): Promise<T> {
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`a process ended with ${code}`)
    }),
  ])) as [T]
  return message
}

function start(file: string, args: readonly string[]): ChildProcess {
  return fork(join(packageRoot, 'dist/test/hostile', file), args)
}

async function measure(abuse: Abuse, forMs: number): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-hostile-'))
  const broker = start('broker-main.js', [directory, 'log.cleaner.backoff.ms=200'])
  const { port } = await said<{ port: number }>(broker)
  const costs = async (): Promise<Costs> => {
    broker.send('costs')
    return await said<Costs>(broker)
  }
  try {
    const client = await WireClient.open(port)
    await client.call('CreateTopics', 5, {
      timeoutMs: 10_000,
      validateOnly: false,
      topics: [{ name: TOPIC, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
    })
    await waitsOfNeighbour(client, TOPIC, 1000)
    const alone = await waitsOfNeighbour(client, TOPIC, forMs)
    const abuser = start('abuser-main.js', [abuse.name, String(port)])
    await said(abuser)
    await costs()
    const beside = await waitsOfNeighbour(client, TOPIC, forMs)
    const during = await costs()
    const rounds = said<{ rounds: number }>(abuser)
    abuser.send('stop')
    if ((await rounds).rounds === 0) console.error(`${abuse.name}: no round came to its end`)
    client.close()
    return { name: abuse.name, alone, beside, costs: during }
  } finally {
    broker.send('stop')
    await once(broker, 'exit')
    await rm(directory, { recursive: true, force: true })
  }
}

function median(all: readonly number[]): number {
  const sorted = [...all].sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)]!
}

function rowOf(results: readonly Result[]): string {
  const ms = (of: (result: Result) => number): string => median(results.map(of)).toFixed(1)
  const ratio = (of: (waits: Waits) => number): string =>
    (median(results.map(({ beside }) => of(beside))) / median(results.map(({ alone }) => of(alone)))).toFixed(
      1,
    )
  const cells = [
    results[0]!.name,
    ms(({ alone }) => alone.produceP99Ms),
    ms(({ beside }) => beside.produceP99Ms),
    ratio(({ produceP99Ms }) => produceP99Ms),
    ms(({ alone }) => alone.fetchP99Ms),
    ms(({ beside }) => beside.fetchP99Ms),
    ratio(({ fetchP99Ms }) => fetchP99Ms),
    ms(({ costs }) => costs.turnMs),
    median(results.map(({ costs }) => costs.residentBytes / MIB)).toFixed(0),
  ]
  return `| ${cells.join(' | ')} |`
}

const HEAD = `| a client does this                                  | produce p99 alone, ms | beside, ms | ratio | fetch p99 alone, ms | beside, ms | ratio | longest turn, ms | RSS, MiB |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |`

const rows: string[] = []
for (const abuse of ABUSES.filter(({ name }) => name.includes(values.only))) {
  const results: Result[] = []
  for (let round = 0; round < Number(values.rounds); round++)
    results.push(await measure(abuse, Number(values.seconds) * 1000))
  rows.push(rowOf(results))
  console.log(rows.at(-1))
}
console.log(`\n${[HEAD, ...rows].join('\n')}`)
if (values.write) {
  const path = join(packageRoot, 'docs/reliability.md')
  const text = await readFile(path, 'utf8')
  const [before, after] = [text.indexOf(BEGIN), text.indexOf(END)]
  if (before < 0 || after < before) throw new Error('docs/reliability.md has no place for the table')
  const table = `${BEGIN}\n\n${[HEAD, ...rows].join('\n')}\n\n`
  await writeFile(path, text.slice(0, before) + table + text.slice(after))
}
