/** Repeatable chance (mulberry32). One seed, one life. */
export class Chance {
  #state: number

  constructor(seed: number) {
    this.#state = seed | 0
  }

  /** Of a run's seed, a target and an iteration, so that any iteration can be run by itself. */
  static of(seed: number, target: string, iteration: number): Chance {
    let hash = seed | 0
    for (const character of target) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
    return new Chance(Math.imul(hash ^ iteration, 0x9e3779b1) ^ (hash >>> 7))
  }

  /** Uniform in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }

  /** Uniform in [0, end). */
  below(end: number): number {
    return Math.floor(this.next() * end)
  }

  /** True with this probability. */
  is(probability: number): boolean {
    return this.next() < probability
  }

  pick<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)]!
  }

  bytes(length: number): Buffer {
    const bytes = Buffer.alloc(length)
    for (let index = 0; index < length; index++) bytes[index] = this.below(256)
    return bytes
  }

  /** Mostly small, sometimes up to `max`. */
  length(max: number): number {
    return Math.floor(max * this.next() ** 4)
  }
}
