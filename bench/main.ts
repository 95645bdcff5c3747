import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { run } from '../test/support/child.ts'
import { packageRoot } from '../test/support/package-root.ts'
import { kafkajsLoad } from './load/kafkajs.ts'
import type { LoadGenerator } from './load/load-generator.ts'
import { rdkafkaPerformance } from './load/rdkafka-performance.ts'
import type { Sample } from './macro/measures.ts'
import { measureRound } from './macro/round.ts'
import { kafka, prepareKafka } from './peers/kafka.ts'
import { prepareRdkafkaPerformance } from './peers/librdkafka.ts'
import { millrace } from './peers/millrace.ts'
import type { Contender } from './peers/peer.ts'
import { type Facts, markdownPage, reportRows, textTable } from './report.ts'

const USAGE = `npm run bench -- [options]
  --runs N        how often each contender is measured (5)
  --megabytes N   how much is written and read for each record size in each run (300)
  --only NAMES    contenders, of which the last is what the others are compared with (millrace,cached,kafka)
  --write         put the table into docs/benchmarks.md
`

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    megabytes: { type: 'string', default: '300' },
    only: { type: 'string', default: 'millrace,cached,kafka' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
async function main(args: readonly string[]): Promise<void> {
  const load = await chooseLoad()
  const contenders = await chooseContenders(values.only.split(','))
  const series = contenders.map(({ name }) => ({ name, samples: [] as Sample[] }))
  const runs = Number(values.runs)
  const plan = {
    load,
    loadBytes: Number(values.megabytes) * 1e6,
    latencySeconds: 10,
    log: console.error,
  }
  for (let turn = 1; turn <= runs; turn++) {
    for (const [index, contender] of contenders.entries()) {
      console.error(`run ${turn} of ${runs}: ${contender.name}`)
      series[index]!.samples.push(await measureRound(contender, plan))
    }
  }
  const rows = reportRows(series)
  console.log(textTable(rows))
  if (!values.write) return
  const facts = await machineFacts(['npm run bench --', ...args].join(' '), load.name, runs)
  await writeFile(join(packageRoot, 'docs/benchmarks.md'), markdownPage(rows, facts, NOTES))
}

const NOTES = [
  'Load: one client process with acks=all and its defaults otherwise, 4 partitions, no compression; produced first, then read ' +
    'back by a group of one. MB are 10^6 bytes of record values. Broker CPU is user and system time of all its threads. ' +
    'Latencies are from the send to the answer, 1 partition, no linger. Start to first ack is a restart on the data of the run. ' +
    'Memory is the resident set.',
  'millrace answers acks=all when the records are on disk (fsync); Kafka, as it comes, when they are in the page cache. ' +
    '`millrace, cached` is this broker with durability=cached, which promises what Kafka does.',
]

async function chooseLoad(): Promise<LoadGenerator> {
  const prepared = await prepareRdkafkaPerformance()
  if ('program' in prepared) return rdkafkaPerformance(prepared.program)
  console.error(`load by kafkajs, which is slower than the brokers: ${prepared.missing}`)
  return kafkajsLoad()
}

async function chooseContenders(names: readonly string[]): Promise<Contender[]> {
  const contenders: Contender[] = []
  for (const name of names) {
    if (name === 'millrace') contenders.push(millrace())
    else if (name === 'cached') contenders.push(millrace('millrace, cached', { durability: 'cached' }))
    else if (name === 'kafka') {
      const missing = await prepareKafka()
      if (missing === null) contenders.push(kafka())
      else console.error(`without Kafka: ${missing}`)
    } else throw new Error(`there is no contender ${name}`)
  }
  return contenders
}

async function machineFacts(command: string, loadName: string, runs: number): Promise<Facts> {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    version: string
  }
  const java = await run('java', ['-version']).then(
    ({ stderr }) => /version "([^"]+)"/.exec(stderr)?.[1] ?? 'unknown',
    () => 'none',
  )
  return [
    ['command', `\`${command}\``],
    ['runs of each', String(runs)],
    ['load', loadName],
    ['date', new Date().toISOString().slice(0, 10)],
    ['millrace', version],
    ['CPU', `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores`],
    ['memory', `${Math.round(totalmem() / 1024 ** 3)} GiB`],
    ['kernel', release()],
    ['Node', process.version],
    ['Java', java],
  ]
}

if (values.help) console.log(USAGE)
else await main(process.argv.slice(2))
