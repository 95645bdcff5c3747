const NONE = -1

/** Two links a slot. */
const NEXT = 0
const PREVIOUS = 1
const LINKS = 2

/** Shared by all that have no slot yet. */
const NO_LINKS = new Int32Array(0)

/**
 * Doubly linked lists over slots (small numbers) in one array, so that putting a slot anywhere costs no object and no
 * search. A slot is in one list at a time, or in none. −1 is "none".
 */
export class SlotLists {
  readonly #first: number[]
  readonly #last: number[]
  #links = NO_LINKS

  constructor(lists: number) {
    this.#first = new Array<number>(lists).fill(NONE)
    this.#last = new Array<number>(lists).fill(NONE)
  }

  first(list: number): number {
    return this.#first[list]!
  }

  last(list: number): number {
    return this.#last[list]!
  }

  /** Puts a slot that is in no list at the end of this one. */
  append(list: number, slot: number): void {
    if (slot * LINKS >= this.#links.length) this.#grow(slot + 1)
    const last = this.#last[list]!
    this.#links[slot * LINKS + PREVIOUS] = last
    this.#links[slot * LINKS + NEXT] = NONE
    this.#last[list] = slot
    if (last === NONE) this.#first[list] = slot
    else this.#links[last * LINKS + NEXT] = slot
  }

  /** Takes a slot out of the list that it is in. */
  remove(list: number, slot: number): void {
    const next = this.#links[slot * LINKS + NEXT]!
    const previous = this.#links[slot * LINKS + PREVIOUS]!
    if (previous === NONE) this.#first[list] = next
    else this.#links[previous * LINKS + NEXT] = next
    if (next === NONE) this.#last[list] = previous
    else this.#links[next * LINKS + PREVIOUS] = previous
  }

  #grow(slots: number): void {
    const links = new Int32Array(Math.max(this.#links.length * 2, slots * LINKS))
    links.set(this.#links)
    this.#links = links
  }
}
