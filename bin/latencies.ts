/** Durations of many things, for percentiles: the last `samplesMax` of them count. */
export class Latencies {
  readonly #samples: Float64Array
  #count = 0

  constructor(samplesMax = 1_000_000) {
    this.#samples = new Float64Array(samplesMax)
  }

  add(durationMs: number): void {
    this.#samples[this.#count++ % this.#samples.length] = durationMs
  }

  /** The durations that the given parts (0 to 1) of all do not exceed; null while there are none. */
  percentiles(parts: readonly number[]): (number | null)[] {
    const sorted = this.#samples.slice(0, Math.min(this.#count, this.#samples.length)).sort()
    return parts.map((part) => {
      if (sorted.length === 0) return null
      return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)]!
    })
  }
}
