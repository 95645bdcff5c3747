import { parentPort } from 'node:worker_threads'
import { loadCompression, UnpackScratch } from '../../protocol/compression.ts'
import { type BatchResult, type BatchTask, workOn } from './batch-work.ts'

/** What a thread keeps to unpack into; above that it takes and gives back what a batch needs. */
const SCRATCH_BYTES = 8 * 1024 * 1024

/** The thread's side of BatchThreads: one batch after the other. */
async function serve(): Promise<void> {
  await loadCompression()
  const scratch = new UnpackScratch(SCRATCH_BYTES)
  parentPort?.on('message', ({ id, bytes, ...work }: BatchTask) => {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const { verdict, batch } = workOn(buffer, work, scratch)
    const copy = batch === null ? null : new Uint8Array(batch)
    const result: BatchResult = { id, verdict, bytes: copy }
    parentPort?.postMessage(result, copy === null ? [] : [copy.buffer])
  })
}

await serve()
