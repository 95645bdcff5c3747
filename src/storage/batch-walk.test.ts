import { expect, it } from 'vitest'
import { batchBytes, batchIsControl, checkBatchCrc } from '../protocol/record-batch.ts'
import { encodeBatch } from '../protocol/records.ts'
import { walkBatches, walkOutlines } from './batch-walk.ts'
import { writeFully } from './file-system.ts'
import { MemoryFileSystem } from './memory-file-system.ts'

const PATH = '/log'

/** A file of batches of these sizes; -1 is a control batch. */
async function fileOf(sizes: readonly number[]) {
  const fileSystem = new MemoryFileSystem()
  const file = await fileSystem.open(PATH, 'create')
  const batches = sizes.map((size) =>
    encodeBatch({
      isControl: size < 0,
      producerId: 7,
      producerEpoch: 0,
      isTransactional: true,
      records: [{ timestamp: 1, key: null, value: Buffer.alloc(Math.max(0, size), 1) }],
    }),
  )
  await writeFully(file, batches, 0)
  let readBytes = 0
  const counting = Object.assign(Object.create(file) as typeof file, {
    read: async (target: Buffer, position: number) => {
      const count = await file.read(target, position)
      readBytes += count
      return count
    },
  })
  return { file: counting, byteLength: await file.byteLength(), readBytes: () => readBytes }
}

async function seenBy(walk: typeof walkBatches, sizes: readonly number[]) {
  const { file, byteLength, readBytes } = await fileOf(sizes)
  const seen: number[] = []
  let wholeControls = 0
  const end = await walk(file, PATH, 0, byteLength, (buffer, position, filePosition) => {
    seen.push(filePosition, batchBytes(buffer, position))
    if (batchIsControl(buffer, position) && checkBatchCrc(buffer, position)) wholeControls++
    return true
  })
  expect(end).toBe(byteLength)
  return { seen, wholeControls, readBytes: readBytes(), byteLength }
}

// Control batches fall on and around the ends of what is read at once, 4 KiB and 256 KiB.
const MIXTURES: readonly (readonly number[])[] = [
  [10, -1, 10, -1],
  Array.from({ length: 4000 }, (_, index) => (index % 7 === 0 ? -1 : index % 90)),
  [100_000, -1, 50_000, 3_900, -1, 100_000, 100_000, -1, 20, 300_000, -1, 10],
  Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 40_000 : 3_800 + index * 9)),
  Array.from({ length: 60 }, (_, index) =>
    index % 3 === 2 ? -1 : index % 3 === 1 ? 3_700 + index * 5 : 33_000,
  ),
]

it.each(MIXTURES.map((sizes, index) => [index, sizes] as const))(
  'outlines show every batch that there is, control batches whole (%i)',
  async (_, sizes) => {
    const whole = await seenBy(walkBatches, sizes)
    const outlines = await seenBy(walkOutlines, sizes)
    expect(outlines.seen).toEqual(whole.seen)
    expect(outlines.wholeControls).toBe(sizes.filter((size) => size < 0).length)
  },
)

it('what lies between the headers of large batches is not read', async () => {
  const { readBytes, byteLength } = await seenBy(walkOutlines, Array(100).fill(100_000))
  expect(readBytes).toBeLessThan(byteLength / 10)
})

it('a file that ends in a batch is said to be damaged there', async () => {
  for (const walk of [walkBatches, walkOutlines]) {
    const { file, byteLength } = await fileOf([100, 200])
    const cut = walk(file, PATH, 0, byteLength - 1, () => true)
    await expect(cut).rejects.toMatchObject({ fault: 'corrupt' })
  }
})
