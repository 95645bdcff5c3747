import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { packageRoot } from '../test/support/package-root.ts'
import { holdMemory } from './held-memory.ts'
import { kafkajsLoad } from './load/kafkajs.ts'
import type { LoadGenerator } from './load/load-generator.ts'
import { rdkafkaPerformance } from './load/rdkafka-performance.ts'
import { machineFacts } from './machine-facts.ts'
import { benchCache, kafka, prepareKafka } from './peers/kafka.ts'
import { prepareRdkafkaPerformance } from './peers/librdkafka.ts'
import { millrace } from './peers/millrace.ts'
import type { Contender } from './peers/peer.ts'
import { chartSvg } from './report/chart.ts'
import { benchmarkPage, chartFile, partsByHeading } from './report/page.ts'
import type { SuiteResult } from './report/result.ts'
import { ResultStore } from './report/result-store.ts'
import { sectionCells, textTable } from './report/table.ts'
import { countVerdicts } from './report/verdict.ts'
import { codecsSuite } from './suites/codecs.ts'
import { consumeSuite } from './suites/consume.ts'
import { flatSuite } from './suites/flat.ts'
import { groupsSuite } from './suites/groups.ts'
import { latencySuite } from './suites/latency.ts'
import { limitSuite } from './suites/limit.ts'
import { produceSuite } from './suites/produce.ts'
import { recordsSuite } from './suites/records.ts'
import { recoverySuite } from './suites/recovery.ts'
import { sizeSuite } from './suites/size.ts'
import { smallRequestsSuite } from './suites/small-requests.ts'
import type { Plan, Suite } from './suites/suite.ts'

const SUITES: readonly Suite[] = [
  produceSuite,
  consumeSuite,
  latencySuite,
  sizeSuite,
  flatSuite,
  recoverySuite,
  groupsSuite,
  limitSuite,
  smallRequestsSuite,
  codecsSuite,
  recordsSuite,
]
const NAMES = SUITES.map(({ name }) => name)

const USAGE = `npm run bench -- [options]
  --only SUITES    some of ${NAMES.join(',')} (all)
  --runs N         how often each contender is measured (5)
  --scale F        less than 1 measures less: a trial of whether it works, not of how fast it is (1)
  --directory DIR  where the brokers' data go while they are measured (the system's temporary directory)
  --results DIR    where results are kept, a file for each suite (~/.cache/millrace-bench/results, or trials)
  --hold-memory G  takes so many GiB while it measures: files are then written to memory that is in use, which a virtual
                   machine need not get from its host first
  --without-kafka  measures Millrace alone
  --tables         measures nothing, and prints the tables of the results that are kept
  --write          puts the results that are kept into docs/benchmarks.md, with their charts
  --page FILE      puts them there instead
`

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: NAMES.join(',') },
    runs: { type: 'string', default: '5' },
    scale: { type: 'string', default: '1' },
    directory: { type: 'string', default: tmpdir() },
    results: { type: 'string' },
    'hold-memory': { type: 'string', default: '0' },
    'without-kafka': { type: 'boolean', default: false },
    tables: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    page: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

async function main(args: readonly string[]): Promise<void> {
  const scale = Number(values.scale)
  const store = new ResultStore(values.results ?? join(benchCache, scale < 1 ? 'trials' : 'results'))
  if (!values.tables) await measure(store, chosenSuites(), scale, args)
  const results = await store.load(NAMES)
  if (values.tables) for (const result of results) printTables(result)
  const { all, met, unknown } = countVerdicts(results)
  console.log(`of ${all} bars of the results that are kept, ${met} are met, ${unknown} could not be measured`)
  const page = values.page ?? (values.write ? join(packageRoot, 'docs/benchmarks.md') : null)
  if (page === null) return
  if (values.write && results.some((result) => result.scale < 1))
    throw new Error('these are trials: name a --page')
  await writePage(page, results)
}

function chosenSuites(): Suite[] {
  return values.only.split(',').map((name) => {
    const suite = SUITES.find((candidate) => candidate.name === name)
    if (suite === undefined) throw new Error(`there is no suite ${name}: ${NAMES.join(', ')}`)
    return suite
  })
}

/** Runs the suites one after the other. One that fails is said, and the others go on. */
async function measure(
  store: ResultStore,
  suites: readonly Suite[],
  scale: number,
  args: readonly string[],
): Promise<void> {
  const load = await chooseLoad()
  const kafkaContender = values['without-kafka'] ? null : await chooseKafka()
  const directory = await mkdtemp(join(values.directory, 'millrace-bench-'))
  const plan: Plan = {
    runs: Number(values.runs),
    scale,
    load,
    ours: millrace(),
    kafka: kafkaContender,
    directory,
    log: console.error,
  }
  const held = await holdMemory(Number(values['hold-memory']), directory)
  try {
    const facts = await machineFacts(load.name, directory)
    for (const { name, title, run } of suites) {
      const startMs = performance.now()
      try {
        const { sections, curves = [] } = await run(plan)
        const result: SuiteResult = {
          suite: name,
          title,
          command: ['npm run bench --', ...args].join(' '),
          date: new Date().toISOString().slice(0, 10),
          runs: plan.runs,
          scale,
          seconds: (performance.now() - startMs) / 1000,
          facts,
          sections,
          curves,
        }
        await store.save(result)
        printTables(result)
      } catch (error) {
        process.exitCode = 1
        console.error(`${name} failed: ${error instanceof Error ? error.stack : String(error)}`)
      }
    }
  } finally {
    await held.end()
    await rm(directory, { recursive: true, force: true })
  }
}

async function chooseLoad(): Promise<LoadGenerator> {
  const prepared = await prepareRdkafkaPerformance()
  if ('program' in prepared) return rdkafkaPerformance(prepared.program)
  console.error(`load by kafkajs, which is slower than the brokers: ${prepared.missing}`)
  return kafkajsLoad()
}

async function chooseKafka(): Promise<Contender | null> {
  const missing = await prepareKafka()
  if (missing === null) return kafka()
  console.error(`without Kafka: ${missing}`)
  return null
}

function printTables(result: SuiteResult): void {
  console.log(`\n${result.title}, ${result.runs} runs, ${Math.round(result.seconds)} s`)
  for (const section of result.sections)
    console.log(`\n${section.title}\n${textTable(sectionCells(section))}`)
  console.log('')
}

async function writePage(page: string, results: readonly SuiteResult[]): Promise<void> {
  const explanations = join(packageRoot, 'bench/where-the-time-goes.md')
  const parts = existsSync(explanations) ? partsByHeading(await readFile(explanations, 'utf8')) : new Map()
  for (const curve of results.flatMap(({ curves }) => curves))
    await writeFile(join(dirname(page), chartFile(curve)), chartSvg(curve))
  await writeFile(page, benchmarkPage(results, parts))
}

if (values.help) console.log(USAGE)
else await main(process.argv.slice(2))
