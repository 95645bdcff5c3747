import { parseArgs } from 'node:util'
import { seededRandom } from '../crash/moments.ts'
import { randomLife, type Step, WHOLE_LIFE } from './life.ts'
import { ENDINGS, FAULTS, sweep } from './sweep.ts'

const HELP = `npm run faults -- [options]
  --seeds N   how many lives by chance, beside the one that has everything (default 20)
  --seed N    the first of their seeds (default 1)
  --steps N   how long such a life is (default 20)`

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    steps: { type: 'string', default: '20' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(HELP)
  process.exit(0)
}
let faultCount = 0
let brokenCount = 0
await tryLife('the life that has everything', WHOLE_LIFE)
const first = Number(values.seed)
for (let seed = first; seed < first + Number(values.seeds); seed++)
  await tryLife(`seed ${seed}`, randomLife(seededRandom(seed), Number(values.steps)))
const outcome = brokenCount === 0 ? 'nothing promised was lost' : `${brokenCount} sweeps found something`
console.log(`${faultCount} faults: ${outcome}`)
process.exit(brokenCount === 0 ? 0 : 1)

async function tryLife(name: string, steps: readonly Step[]): Promise<void> {
  let count = 0
  for (const fault of FAULTS)
    for (const ending of ENDINGS) {
      try {
        count += await sweep(steps, fault, ending)
      } catch (error) {
        brokenCount++
        console.log(`${name}: ${String(error)}`, (error as Error).cause)
      }
    }
  faultCount += count
  console.log(`${name}: ${count} faults`)
}
