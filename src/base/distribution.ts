/** Bounds for times, ms: from what a cached write takes to what makes a client give up. */
export const DURATION_BOUNDS_MS: readonly number[] = [
  0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 10_000,
]

/**
 * How many values came to lie between the bounds of a few classes: what a histogram is shown from. A value costs some
 * comparisons, and no object. Each bound belongs to the class below it; behind the last one there is one class more.
 */
export class Distribution {
  readonly bounds: readonly number[]
  /** By class. Read only for others. */
  readonly counts: Float64Array
  sum = 0

  /** `bounds`: growing, a few. */
  constructor(bounds: readonly number[] = DURATION_BOUNDS_MS) {
    this.bounds = bounds
    this.counts = new Float64Array(bounds.length + 1)
  }

  get count(): number {
    let count = 0
    for (const inClass of this.counts) count += inClass
    return count
  }

  record(value: number): void {
    const { bounds, counts } = this
    let index = 0
    while (index < bounds.length && value > bounds[index]!) index++
    counts[index] = counts[index]! + 1
    this.sum += value
  }
}
