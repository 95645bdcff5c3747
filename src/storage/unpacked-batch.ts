import { DECOMPRESSION_LIMITS } from '../protocol/compression.ts'
import { batchIsControl } from '../protocol/record-batch.ts'
import { isUnpackedApart, unpackedApart } from '../protocol/records-body.ts'

/** The batch of a walk that is being unpacked by another thread, or has been. */
export class UnpackedBatch {
  /** Of the batch that is ready; null where it is to be read as it is. */
  plain: Buffer | null = null
  #filePosition = -1
  #unpacking: Promise<void> | null = null

  /** False: it is to be visited again after `ready`. Its bytes are borrowed until then. */
  isReady(buffer: Buffer, position: number, filePosition: number): boolean {
    if (filePosition === this.#filePosition) return true
    this.plain = null
    this.#filePosition = filePosition
    if (batchIsControl(buffer, position) || !isUnpackedApart(buffer, position)) return true
    this.#unpacking = unpackedApart(buffer, position, DECOMPRESSION_LIMITS).then((plain) => {
      this.plain = Buffer.isBuffer(plain) ? plain : null
    })
    return false
  }

  async ready(): Promise<void> {
    await this.#unpacking
    this.#unpacking = null
  }
}
