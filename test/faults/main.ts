import { parseArgs } from 'node:util'
import { seededRandom } from '../crash/moments.ts'
import { randomLife, type Step, WHOLE_LIFE } from './life.ts'
import { survivingMutants } from './mutate.ts'
import { ENDINGS, FAULTS, sweep } from './sweep.ts'
import { TRIALS } from './trials/trials.ts'

const HELP = `npm run faults -- [options]
  --seeds N   how many lives by chance, beside the one that has everything (default 20)
  --seed N    the first of their seeds (default 1)
  --steps N   how long such a life is (default 20)
  --trials    only what is more than one operation that fails: bytes that change, full disks, power cuts, descriptors
  --mutants   takes out one mending after the other, and looks whether the trials find that`

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    steps: { type: 'string', default: '20' },
    trials: { type: 'boolean', default: false },
    mutants: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(HELP)
  process.exit(0)
}
if (values.mutants) {
  const surviving = await survivingMutants(values.seed, (line) => console.log(line))
  console.log(
    surviving.length === 0 ? 'every mutant was found' : `${surviving.length} mutants were not found`,
  )
  process.exit(surviving.length === 0 ? 0 : 1)
}
let faultCount = 0
let brokenCount = 0
const first = Number(values.seed)
for (const trial of TRIALS) {
  try {
    const count = await trial.run(seededRandom(first))
    faultCount += count
    console.log(`${trial.name}: ${count} variations`)
  } catch (error) {
    brokenCount++
    const cause = (error as Error).cause as Error | undefined
    console.log(`FOUND ${trial.name}: ${(error as Error).message}: ${cause?.message ?? ''}`)
    if (values.trials) process.exit(1)
    console.log(cause)
  }
}
if (!values.trials) {
  await tryLife('the life that has everything', WHOLE_LIFE)
  for (let seed = first; seed < first + Number(values.seeds); seed++)
    await tryLife(`seed ${seed}`, randomLife(seededRandom(seed), Number(values.steps)))
}
const outcome = brokenCount === 0 ? 'nothing promised was lost' : `${brokenCount} found something`
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
