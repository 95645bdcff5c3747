import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findPythonWith } from '../support/clients.ts'
import { runCrashRounds } from './harness.ts'
import { kafkaServer, ownServer } from './servers.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    server: { type: 'string', default: 'millrace' },
    keep: { type: 'boolean', default: false },
  },
})
const directory = await mkdtemp(join(tmpdir(), 'millrace-crash-'))
const server = values.server === 'kafka' ? await kafkaServer(directory) : ownServer(directory)
const python = findPythonWith('confluent_kafka', 'python3-confluent-kafka')
console.log(`seed ${values.seed}, data in ${directory}`)
if (python.command === null) console.log(`without librdkafka: ${python.title}`)
const report = await runCrashRounds({
  server,
  rounds: Number(values.rounds),
  seed: Number(values.seed),
  python: python.command,
  log: console.log,
})
const { rounds, acknowledged, consumed, commits, violations } = report
console.log(`${rounds} kills; ${acknowledged} records acknowledged, ${consumed} consumed, ${commits} commits`)
for (const { rule, detail } of violations) console.log(`${rule}: ${detail}`)
console.log(violations.length === 0 ? 'everything that was acknowledged is kept' : 'promises were broken')
if (violations.length === 0 && !values.keep) await rm(directory, { recursive: true, force: true })
process.exit(violations.length === 0 ? 0 : 1)
