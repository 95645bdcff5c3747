import type { Turn } from './turn.ts'

/** Items that are put in their place between two looks at the clock. */
const SLICE_ITEMS = 8192

/**
 * Sorts `items` by `keys[item]`, ascending, and those of one key as they were, in turns of the event loop: merges runs that
 * double. Resolves to the sorted items; the array that was given is overwritten.
 */
export async function sortInTurns(items: Uint32Array, keys: Float64Array, turn: Turn): Promise<Uint32Array> {
  let from = items
  let to: Uint32Array = new Uint32Array(items.length)
  for (let width = 1; width < items.length; width *= 2) {
    let left = 0
    let right = 0
    let leftEnd = 0
    let rightEnd = 0
    for (let at = 0; at < items.length; at++) {
      if (at === rightEnd) {
        left = at
        leftEnd = Math.min(items.length, at + width)
        right = leftEnd
        rightEnd = Math.min(items.length, at + 2 * width)
      }
      const takesLeft = left < leftEnd && (right === rightEnd || keys[from[left]!]! <= keys[from[right]!]!)
      to[at] = takesLeft ? from[left++]! : from[right++]!
      if (at % SLICE_ITEMS === SLICE_ITEMS - 1 && turn.isOver) await turn.next()
    }
    const merged = to
    to = from
    from = merged
  }
  return from
}
