import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runCampaign } from './campaign.ts'
import { startCoverage } from './coverage.ts'

const HELP = `npm run fuzz -- [options]
  --minutes N      how long (default 1)
  --seed N         the same seed tries the same (default: by the clock)
  --keep DIRECTORY where inputs that broke something are kept (default: under the system's temporary directory)
  --target NAME    only this one
  --iteration N    with --target and --seed: only this try of it
  --untimed        slowness and memory are no findings: for a machine that others load too
  --coverage       count the blocks of src/ that were run (slower)
  --outcomes       print every outcome with its count`

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    keep: { type: 'string', default: join(tmpdir(), 'millrace-fuzz') },
    target: { type: 'string' },
    iteration: { type: 'string' },
    untimed: { type: 'boolean', default: false },
    coverage: { type: 'boolean', default: false },
    outcomes: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(HELP)
  process.exit(0)
}
const seed = Number(values.seed)
const endMs = performance.now() + Number(values.minutes) * 60_000
const iteration = values.iteration === undefined ? null : Number(values.iteration)
console.log(`seed ${seed}, findings go to ${values.keep}`)
const coverage = values.coverage ? await startCoverage() : null
const report = await runCampaign({
  seed,
  isOver: () => performance.now() >= endMs,
  keep: values.keep,
  log: console.log,
  isTimed: !values.untimed,
  ...(values.target === undefined ? {} : { only: { target: values.target, iteration } }),
})
if (values.outcomes)
  for (const [outcome, count] of [...report.outcomes].sort()) console.log(`${count}\t${outcome}`)
console.log(
  `${report.executions} executions with ${report.outcomes.size} outcomes; at most ` +
    `${Math.round(report.residentBytesMax / 1048576)} MiB resident, the loop stood still for at most ` +
    `${Math.round(report.delayMsMax)} ms`,
)
if (coverage !== null) for (const line of await coverage()) console.log(line)
for (const { target, iteration: at, error } of report.findings)
  console.log(`${target} --iteration ${at}: ${error.split('\n')[0]}`)
console.log(report.findings.length === 0 ? 'nothing was found' : `${report.findings.length} findings`)
process.exit(report.findings.length === 0 ? 0 : 1)
