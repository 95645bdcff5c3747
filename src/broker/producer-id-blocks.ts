import { ERROR_CODES } from '../protocol/error-codes.ts'
import type { ProducerIds } from './api/data/producer-ids.ts'
import type { MetadataNode, ProducerIdBlock } from './metadata/metadata-node.ts'

/** Hands out ids from blocks that the metadata gave this broker; what is left of a block at the end is never used. */
export class ProducerIdBlocks implements ProducerIds {
  readonly #metadata: MetadataNode
  #next = 0
  #end = 0
  #allocation: Promise<number> | null = null

  constructor(metadata: MetadataNode) {
    this.#metadata = metadata
  }

  async next(): Promise<{ readonly producerId: number } | { readonly errorCode: number }> {
    while (this.#next === this.#end) {
      this.#allocation ??= this.#allocate().finally(() => {
        this.#allocation = null
      })
      const errorCode = await this.#allocation
      if (errorCode !== 0) return { errorCode }
    }
    return { producerId: this.#next++ }
  }

  async #allocate(): Promise<number> {
    const block = await this.#metadata.allocateProducerIds()
    if ('refused' in block) return ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS
    this.#take(block)
    return 0
  }

  #take(block: ProducerIdBlock): void {
    this.#next = block.first
    this.#end = block.first + block.count
  }
}
