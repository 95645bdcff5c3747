import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findPythonWith } from '../support/clients.ts'
import { COPY_SETTINGS, type CopyPlan, runCopyRounds } from './exactly-once/rounds.ts'
import { runCrashRounds } from './harness.ts'
import { kafkaServer, ownServer } from './servers.ts'
import type { Violation } from './violations.ts'

const HELP = `npm run crash -- [options]
  --rounds N               how many kills (default 100)
  --seed N                 the same seed kills at the same moments (default: by the clock)
  --workload NAME          records: producers and a committing consumer, the broker is killed (default)
                           exactly-once: consume-transform-produce, the broker and the copiers are killed
  --server millrace|kafka  which broker (default millrace)
  --spare-broker           exactly-once: only the copiers are killed
  --careless               exactly-once with offsets beside the transactions: it has to be found out
  --keep                   leave the data in place`

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    workload: { type: 'string', default: 'records' },
    server: { type: 'string', default: 'millrace' },
    'spare-broker': { type: 'boolean', default: false },
    careless: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const workloads = { records, 'exactly-once': exactlyOnce }
const workload = Object.entries(workloads).find(([name]) => name === values.workload)?.[1]
if (values.help || workload === undefined) {
  console.log(HELP)
  process.exit(values.help ? 0 : 2)
}
const directory = await mkdtemp(join(tmpdir(), 'millrace-crash-'))
const python = findPythonWith('confluent_kafka', 'python3-confluent-kafka')
console.log(`seed ${values.seed}, data in ${directory}`)
if (python.command === null) console.log(`without librdkafka: ${python.title}`)
const settings = values.workload === 'exactly-once' ? COPY_SETTINGS : {}
const violations = await workload({
  server: values.server === 'kafka' ? await kafkaServer(directory, settings) : ownServer(directory, settings),
  rounds: Number(values.rounds),
  seed: Number(values.seed),
  python: python.command,
  careless: values.careless,
  sparesBroker: values['spare-broker'],
  log: console.log,
})
for (const { rule, detail } of violations) console.log(`${rule}: ${detail}`)
if (violations.length === 0 && !values.keep) await rm(directory, { recursive: true, force: true })
process.exit(violations.length === 0 ? 0 : 1)

async function records(plan: CopyPlan): Promise<readonly Violation[]> {
  const report = await runCrashRounds(plan)
  const { rounds, acknowledged, consumed, commits } = report
  console.log(
    `${rounds} kills; ${acknowledged} records acknowledged, ${consumed} consumed, ${commits} commits`,
  )
  const isKept = report.violations.length === 0
  console.log(isKept ? 'everything that was acknowledged is kept' : 'promises were broken')
  return report.violations
}

async function exactlyOnce(plan: CopyPlan): Promise<readonly Violation[]> {
  const report = await runCopyRounds(plan)
  const { brokerKills, copierKills, stalls, acknowledged, transactions } = report
  for (const [reason, count] of report.endings) console.log(`${count} times a copier ended, ${reason}`)
  const counts = [...transactions].map(([name, count]) => `${count} of ${name}`)
  console.log(
    `${brokerKills} kills of the broker, ${copierKills} of copiers, ${stalls} copiers halted and replaced; ` +
      `${acknowledged} records acknowledged; transactions: ${counts.join(', ')}`,
  )
  const isKept = report.violations.length === 0
  console.log(isKept ? 'every record was copied exactly once' : 'promises were broken')
  return report.violations
}
