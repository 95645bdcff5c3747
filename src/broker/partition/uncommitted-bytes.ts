/** How many bytes each move of the high watermark makes readable: what a parked fetch counts (E1). */
export class UncommittedBytes {
  readonly #batches: { readonly endOffset: number; readonly bytes: number }[] = []

  add(endOffset: number, bytes: number): void {
    this.#batches.push({ endOffset, bytes })
  }

  /** Takes out the batches that end at or before `offset`, and returns their bytes. */
  takeUpTo(offset: number): number {
    let bytes = 0
    let count = 0
    for (const batch of this.#batches) {
      if (batch.endOffset > offset) break
      bytes += batch.bytes
      count++
    }
    if (count > 0) this.#batches.splice(0, count)
    return bytes
  }
}
