import { expect, it } from 'vitest'
import { seededRandom } from '../../crash/moments.ts'
import { TRIALS } from './trials.ts'

for (const trial of TRIALS)
  it(`nothing promised is lost, and nothing invented: ${trial.name}`, async () => {
    expect(await trial.run(seededRandom(1))).toBeGreaterThan(0)
  })
