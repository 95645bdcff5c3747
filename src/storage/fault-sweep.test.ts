import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../test/crash/moments.ts'
import { randomLife, WHOLE_LIFE } from '../../test/faults/life.ts'
import { CONFIG, checkPromises, type Life } from '../../test/faults/promises.ts'
import { ENDINGS, FAULTS, liveUntil, newLife, sweep } from '../../test/faults/sweep.ts'
import { openDirectory } from '../../test/support/storage.ts'
import { StorageError } from './storage-error.ts'

describe('whatever operation fails', () => {
  for (const fault of FAULTS) {
    for (const ending of ENDINGS) {
      it(`nothing promised is lost and nothing invented: ${fault}, then ${ending}`, async () => {
        expect(await sweep(WHOLE_LIFE, fault, ending)).toBeGreaterThan(100)
      })
    }
  }

  it('nor in a life by chance', async () => {
    expect(await sweep(randomLife(seededRandom(7), 8), 'io', 'crash')).toBeGreaterThan(20)
  })

  it('also in a start that has something to repair', async () => {
    const template = async (): Promise<Life> => {
      const life = newLife()
      // The power goes in the middle of it.
      await liveUntil(life, WHOLE_LIFE, 170, 'io')
      return { ...life, fileSystem: life.fileSystem.crash() }
    }
    for (let failing = 0; ; failing++) {
      const life = await template()
      let isReached = false
      life.fileSystem.onOperation = ({ index }) => {
        if (index !== failing) return null
        isReached = true
        return 'io'
      }
      try {
        const directory = await openDirectory(life.fileSystem, {
          environment: life.environment,
          config: CONFIG,
        })
        await directory.close()
      } catch (error) {
        if (!(error instanceof StorageError)) throw error
      }
      await checkPromises(life, life.fileSystem.crash())
      if (!isReached) break
    }
  })
})
