import { parentPort } from 'node:worker_threads'
import { loadCompression } from '../../protocol/compression.ts'
import { recompressed } from '../../protocol/recompression.ts'
import type { Compression } from '../../protocol/record-batch.ts'

/** What a worker is asked; the bytes are its own. */
export interface RecompressionTask {
  readonly id: number
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly codec: Compression
  readonly level: number | undefined
}

/** What it answers: null where the records can't be read. */
export interface RecompressionResult {
  readonly id: number
  readonly bytes: Uint8Array<ArrayBuffer> | null
}

/** The thread's side: one batch after the other. */
async function serve(): Promise<void> {
  await loadCompression()
  parentPort?.on('message', ({ id, bytes, codec, level }: RecompressionTask) => {
    const batch = recompressed(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), codec, level)
    const copy = batch === null ? null : new Uint8Array(batch)
    const result: RecompressionResult = { id, bytes: copy }
    parentPort?.postMessage(result, copy === null ? [] : [copy.buffer])
  })
}

await serve()
