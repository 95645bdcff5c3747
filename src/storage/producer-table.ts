import { ProducerSlab, SLAB_PRODUCERS } from './producer-slab.ts'
import { SlotLists } from './slot-lists.ts'
import { TakenProducers } from './taken-producers.ts'

/** The lists that a slot is in one of. Producers without a transaction, the one that was silent for longest first. */
const IDLE = 0
/** Producers in a transaction, by the first offset of it. */
const OPEN = 1
const FREE = 2
const LISTS = 3

const SLAB_BITS = 8
const NONE = -1

/** Where in its slab a producer stands. */
export function rowOf(slot: number): number {
  return slot & (SLAB_PRODUCERS - 1)
}

/**
 * The producers of one partition by their ids, each in a slot: its numbers are a row of a slab. What is read is read
 * from `slab`, what is changed is changed in `writable`, which is a copy where a snapshot holds the slab: so a snapshot is
 * taken at the cost of a list of slabs, and what happens afterwards is not in it.
 */
export class ProducerTable {
  #slots = new Map<number, number>()
  #slabs: (ProducerSlab | null)[] = []
  #lists = new SlotLists(LISTS)
  /** Slots that were ever taken. */
  #slotCount = 0

  get count(): number {
    return this.#slots.size
  }

  /** Slot of the producer, −1 where it is not known. */
  find(producerId: number): number {
    return this.#slots.get(producerId) ?? NONE
  }

  /** Takes a slot for a producer that is not known; it is idle, and was the last to write. */
  add(producerId: number, epoch: number): number {
    let slot = this.#lists.last(FREE)
    if (slot === NONE) slot = this.#slotCount++
    else this.#lists.remove(FREE, slot)
    this.#makeRoom(slot)
    this.writable(slot).begin(rowOf(slot), producerId, epoch)
    this.#slots.set(producerId, slot)
    this.#lists.append(IDLE, slot)
    return slot
  }

  /** Forgets the producer; slabs without any are given back. */
  remove(slot: number): void {
    const slab = this.writable(slot)
    const row = rowOf(slot)
    this.#lists.remove(listOf(slab, row), slot)
    this.#slots.delete(slab.producerId(row))
    slab.free(row)
    if (slab.producerCount === 0) this.#slabs[slot >> SLAB_BITS] = null
    if (this.count === 0) this.clear()
    else this.#lists.append(FREE, slot)
  }

  /** The slab of a slot that is taken, to be read until something is changed. */
  slab(slot: number): ProducerSlab {
    return this.#slabs[slot >> SLAB_BITS]!
  }

  /** The slab of a slot that is taken, to be changed at once. */
  writable(slot: number): ProducerSlab {
    const slab = this.#slabs[slot >> SLAB_BITS]!
    if (slab.holders === 0) return slab
    const copy = slab.copy(slab.capacity)
    this.#slabs[slot >> SLAB_BITS] = copy
    return copy
  }

  /** The producer has written, or it was the turn of it when the order was made: it is the last of its list. */
  touch(slot: number): void {
    const list = listOf(this.slab(slot), rowOf(slot))
    this.#lists.remove(list, slot)
    this.#lists.append(list, slot)
  }

  /** A transaction begins at `firstOffset`, or ends with −1. */
  setTransaction(slot: number, firstOffset: number): void {
    const slab = this.writable(slot)
    const row = rowOf(slot)
    this.#lists.remove(listOf(slab, row), slot)
    slab.setTransactionFirstOffset(row, firstOffset)
    this.#lists.append(listOf(slab, row), slot)
  }

  /** Slot of the producer that has been silent for longest, of those in no transaction; −1 where there is none. */
  longestIdle(): number {
    return this.#lists.first(IDLE)
  }

  /** Slot of the producer whose transaction began first, −1 where there is none. */
  firstOpen(): number {
    return this.#lists.first(OPEN)
  }

  /** Every slot below it may be taken. */
  get slotsEnd(): number {
    return this.#slotCount
  }

  /** Whether somebody is in the slot. */
  isTaken(slot: number): boolean {
    const slab = this.#slabs[slot >> SLAB_BITS]
    return slab !== null && slab !== undefined && slab.producerId(rowOf(slot)) !== NONE
  }

  /** What is known now, to be written while this goes on. */
  take(): TakenProducers {
    return new TakenProducers(this.#slabs.filter((slab) => slab !== null))
  }

  clear(): void {
    this.#slots = new Map()
    this.#slabs = []
    this.#lists = new SlotLists(LISTS)
    this.#slotCount = 0
  }

  /** Most partitions have few producers: the first slab begins with one row and doubles. */
  #makeRoom(slot: number): void {
    const index = slot >> SLAB_BITS
    const slab = this.#slabs[index] ?? null
    const row = rowOf(slot)
    if (slab !== null && row < slab.capacity) return
    let capacity = index === 0 ? 1 : SLAB_PRODUCERS
    while (capacity <= row) capacity *= 2
    this.#slabs[index] = slab === null ? new ProducerSlab(capacity) : slab.copy(capacity)
  }
}

function listOf(slab: ProducerSlab, row: number): number {
  return slab.transactionFirstOffset(row) === NONE ? IDLE : OPEN
}
