import type { FileSlots } from '../../src/storage/open-files.ts'

/** So many descriptors for log files, counted. */
export interface DiskSlots extends FileSlots {
  readonly taken: number
  /** Most that were ever taken at once. */
  readonly most: number
}

/** `count` of them. */
export function diskSlots(count: number): DiskSlots {
  let taken = 0
  let most = 0
  return {
    keptMax: count,
    get taken() {
      return taken
    },
    get most() {
      return most
    },
    take() {
      if (taken === count) return false
      taken++
      most = Math.max(most, taken)
      return true
    },
    release() {
      taken--
    },
  }
}
