import { describe, expect, it } from 'vitest'
import { append, openTestLog, settled } from '../../test/support/storage.ts'
import { ManualEnvironment } from '../base/environment.ts'
import { silentLogger } from '../base/logger.ts'
import { MemoryFileSystem } from './memory-file-system.ts'

/** A disk whose syncs wait until they are let go. */
async function opened() {
  const said: string[] = []
  const say = (message: string) => said.push(message)
  const logger = { ...silentLogger, info: say, warn: say, error: say }
  const environment = new ManualEnvironment()
  let letGo = (): void => {}
  let held: Promise<void> | null = null
  const fileSystem = new MemoryFileSystem()
  fileSystem.delay = async ({ kind, path }) => {
    if (held !== null && path.endsWith('.log') && kind !== 'read') await held
  }
  const { log, directory } = await openTestLog({ fileSystem, environment, logger })
  append(log)
  await log.flushAll()
  const hold = () => {
    held = new Promise((resolve) => {
      letGo = () => {
        held = null
        resolve()
      }
    })
  }
  const advance = async (seconds: number) => {
    for (let count = 0; count < seconds; count++) {
      environment.advance(1000)
      await settled()
    }
  }
  return { said, log, directory, hold, advance, letGo: () => letGo() }
}

describe('a disk that does not answer', () => {
  it('F5: is said to be slow after 2 s, once; after 10 s nothing is taken until it answers', async () => {
    const { said, log, directory, hold, advance, letGo } = await opened()
    hold()
    append(log)
    await advance(2)
    expect(said).toEqual([])
    await advance(2)
    expect(said).toEqual(['the disk is slow: records wait for it'])
    expect([log.refusal(), directory.slowCount]).toEqual([null, 1])
    await advance(8)
    expect(said.length).toBe(2)
    expect(said[1]).toContain('writes are refused')
    expect([log.refusal(), directory.isStalled]).toEqual(['stalled', true])
    letGo()
    await settled()
    await advance(1)
    expect(said.at(-1)).toContain('the disk answers again')
    expect([log.refusal(), log.durableEndOffset, directory.failure]).toEqual([null, 2, null])
    append(log)
    await log.flushAll()
    await directory.close()
  })

  it('is not seen in a process that stood still itself', async () => {
    const { said, log, directory, hold, advance, letGo } = await opened()
    hold()
    append(log)
    await advance(1)
    await advance(0)
    letGo()
    // The next look comes late, before what the disk has done is seen; the one after it finds all done.
    await advance(1)
    await advance(20)
    expect(said).toEqual([])
    expect(log.durableEndOffset).toBe(2)
    await directory.close()
  })
})
