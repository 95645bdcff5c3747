import { assert } from './assert.ts'

/**
 * Who holds file descriptors for as long as it likes: `log` the files of the logs, `connection` clients, `other` what comes
 * and goes beside them (files that are read or written once, threads, HTTP).
 */
export type DescriptorKind = 'log' | 'connection' | 'other'

export type DescriptorShares = { readonly [Kind in DescriptorKind]: number }

interface Waiting {
  readonly granted: () => void
}

/** What is left to logs at most of a large limit, and to others: the rest is for whoever comes first. */
const LOG_SHARE_MAX = 4096
const OTHER_SHARE_MAX = 256

/**
 * The descriptors that a process may have open, so that no kind of holder takes those of another. Each kind has a share
 * that is left alone for it even while it needs less; beyond the shares they go to whoever comes first. A descriptor is
 * taken before the file is opened or the client let in, and released when it is closed. Who gets none has three ways:
 * closes an idle one of its own and takes again, waits for one with `enter`, or refuses what asked for it.
 */
export class DescriptorBudget {
  readonly capacity: number
  readonly shares: DescriptorShares
  readonly #used: { [Kind in DescriptorKind]: number } = { log: 0, connection: 0, other: 0 }
  readonly #waiting: { readonly [Kind in DescriptorKind]: Waiting[] } = { log: [], connection: [], other: [] }

  /** The shares together are at most the capacity. */
  constructor(capacity: number, shares: DescriptorShares) {
    assert(shares.log + shares.connection + shares.other <= capacity, 'shares are parts of the whole')
    this.capacity = capacity
    this.shares = shares
  }

  /** With the shares of a broker: logs come first, since one that can't open its file fails, while a client comes back. */
  static of(capacity: number): DescriptorBudget {
    return new DescriptorBudget(capacity, {
      log: Math.min(LOG_SHARE_MAX, Math.floor(capacity / 2)),
      connection: Math.floor(Math.min(capacity, Number.MAX_SAFE_INTEGER) / 4),
      other: Math.min(OTHER_SHARE_MAX, Math.floor(capacity / 8)),
    })
  }

  used(kind: DescriptorKind): number {
    return this.#used[kind]
  }

  /** How many of this kind wait for one. */
  waiting(kind: DescriptorKind): number {
    return this.#waiting[kind].length
  }

  /** How many more of this kind fit now. */
  room(kind: DescriptorKind): number {
    const own = Math.max(0, this.shares[kind] - this.#used[kind])
    return own + Math.max(0, this.#common())
  }

  /** How many of this kind there may be while the others hold what they hold now. */
  limit(kind: DescriptorKind): number {
    return this.#used[kind] + this.room(kind)
  }

  /** Takes one if it fits and nobody of this kind waits for one. */
  take(kind: DescriptorKind): boolean {
    if (this.#waiting[kind].length > 0 || this.room(kind) < 1) return false
    this.#used[kind]++
    return true
  }

  /**
   * Takes one now and returns null, or as soon as one fits: `granted` is then called with it taken, in the order of the
   * calls for this kind. Returns the way to withdraw, which does nothing afterwards.
   */
  enter(kind: DescriptorKind, granted: () => void): (() => void) | null {
    if (this.take(kind)) return null
    const line = this.#waiting[kind]
    const entry = { granted }
    line.push(entry)
    return () => {
      const at = line.indexOf(entry)
      if (at >= 0) line.splice(at, 1)
    }
  }

  /** Gives back one that is closed. */
  release(kind: DescriptorKind): void {
    assert(this.#used[kind] > 0, 'a descriptor is released once')
    this.#used[kind]--
    this.#grant(kind)
    for (const other of Object.keys(this.#waiting) as DescriptorKind[]) if (other !== kind) this.#grant(other)
  }

  /** What is left beside the shares and what was taken beyond them. */
  #common(): number {
    let left = this.capacity
    for (const kind of Object.keys(this.#used) as DescriptorKind[])
      left -= Math.max(this.#used[kind], this.shares[kind])
    return left
  }

  #grant(kind: DescriptorKind): void {
    const line = this.#waiting[kind]
    while (line.length > 0 && this.room(kind) >= 1) {
      this.#used[kind]++
      line.shift()!.granted()
    }
  }
}
