import { describe, expect, it } from 'vitest'
import { hurriedEnvironment } from '../../../test/support/hurried.ts'
import { openDirectory, openLed } from '../../../test/support/storage.ts'
import { Turn } from '../../base/turn.ts'
import { stampBatch } from '../../protocol/record-batch.ts'
import { encodeBatch } from '../../protocol/records.ts'
import { readWhole, writeFully } from '../../storage/file-system.ts'
import { MemoryFileSystem } from '../../storage/memory-file-system.ts'
import type { ProducerStates } from '../../storage/producer-state.ts'
import { producerHooks } from './producer-hooks.ts'

const CONFIG = { segmentBytesMax: 500, indexIntervalBytes: 100 }
const NAME_BYTES = 20

/** A directory whose log `t-0` has as many batches of producer 7 as asked for, closed. */
async function written(count: number, isTransactional: boolean): Promise<MemoryFileSystem> {
  const { producers, hooks } = producerHooks()
  const fileSystem = new MemoryFileSystem()
  const directory = await openDirectory(fileSystem, { config: CONFIG, hooksOf: () => hooks })
  const log = await openLed(directory)
  for (let sequence = 0; sequence < count; sequence++) {
    const records = [{ timestamp: 1_700_000_000_000, key: null, value: Buffer.alloc(20_000) }]
    const batch = encodeBatch({
      producerId: 7,
      producerEpoch: 0,
      baseSequence: sequence,
      isTransactional,
      records,
    })
    stampBatch(batch, 0, log.endOffset, log.marks.last().term)
    log.append(batch)
    producers.append(batch, 0)
  }
  await directory.close()
  return fileSystem
}

function nameOf(offset: number): string {
  return `/data/t-0/${String(offset).padStart(NAME_BYTES, '0')}.snapshot`
}

async function reopened(fileSystem: MemoryFileSystem): Promise<ProducerStates> {
  const { producers, hooks } = producerHooks()
  await openDirectory(fileSystem, { config: CONFIG, hooksOf: () => hooks })
  return producers
}

async function write(fileSystem: MemoryFileSystem, path: string, bytes: Buffer | null): Promise<void> {
  const file = await fileSystem.open(path, 'create')
  await writeFully(file, [bytes!], 0)
  await file.sync()
}

describe("a log's producers", () => {
  it.each([false, true])(
    'are read off the batches where a snapshot knows of more than the log, in a transaction: %s',
    async (isTransactional) => {
      const longer = (await written(12, isTransactional)).kill()
      const fileSystem = (await written(5, isTransactional)).kill()
      await fileSystem.unlink(nameOf(5))
      await write(fileSystem, nameOf(5), await readWhole(longer, nameOf(12)))
      const producers = await reopened(fileSystem)
      expect([...producers.snapshot()]).toMatchObject([{ producerId: 7, lastSequence: 4, lastOffset: 4 }])
      expect(producers.firstOpenOffset(5)).toBe(isTransactional ? 0 : null)
    },
  )

  it('are none where nothing was ever known, at once', () => {
    const { producers, hooks } = producerHooks()
    expect(hooks.restore(null, 0, new Turn(hurriedEnvironment()))).toBe(true)
    expect(producers.count).toBe(0)
  })
})
