/** A connection, as far as it owes to read its answers. */
export interface Debtor {
  /** Memory of its answers that the kernel has not taken. */
  readonly unreadBytes: number
  /** Closes it, which gives all of that back. */
  giveUp(): void
}

/**
 * Memory of answers that have not left, of all connections: a client that asks and does not read makes the broker keep what
 * it was answered. Beyond the bound the connections that keep most are closed, so that those who read are served. Records
 * do not count: they lie in files, or in the cache that all readers share.
 */
export class UnreadAnswers {
  readonly capacityBytes: number
  readonly #debtors = new Set<Debtor>()
  #usedBytes = 0

  constructor(capacityBytes: number) {
    this.capacityBytes = capacityBytes
  }

  get usedBytes(): number {
    return this.#usedBytes
  }

  enter(debtor: Debtor): void {
    this.#debtors.add(debtor)
  }

  leave(debtor: Debtor): void {
    this.#debtors.delete(debtor)
  }

  /** One of those that have entered owes so much more, or less. */
  add(bytes: number): void {
    this.#usedBytes += bytes
    while (bytes > 0 && this.#usedBytes > this.capacityBytes && this.#giveUpLargest()) {
      // Until there is room, or nobody left who owes anything.
    }
  }

  /** False: nobody owes anything. */
  #giveUpLargest(): boolean {
    let largest: Debtor | null = null
    for (const debtor of this.#debtors) if (debtor.unreadBytes > (largest?.unreadBytes ?? 0)) largest = debtor
    if (largest === null) return false
    this.#debtors.delete(largest)
    largest.giveUp()
    return true
  }
}
