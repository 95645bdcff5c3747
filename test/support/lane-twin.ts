const TOP_BIT = 1 << 31

/** A word in a lane of 32 bits is multiplied, turned left and multiplied before it gets to the state: all of it can be undone. */
interface Lane {
  readonly first: number
  readonly turn: number
  readonly second: number
}

const LANE_A: Lane = { first: 0x239b961b, turn: 15, second: 0xab0e9789 | 0 }
const LANE_D: Lane = { first: 0xa1e38b93 | 0, turn: 18, second: 0x239b961b }

function turned(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}

/** What an odd number is multiplied with to give 1, by Newton's iteration. */
function inverse(odd: number): number {
  let result = odd
  for (let doublings = 0; doublings < 4; doublings++) result = Math.imul(result, 2 - Math.imul(odd, result))
  return result
}

/** The word whose way through the lane differs from that of the one at `at` in exactly these bits. */
function flip(key: Buffer, at: number, lane: Lane, bits: number): void {
  const through = Math.imul(turned(Math.imul(key.readInt32LE(at), lane.first), lane.turn), lane.second)
  const back = turned(Math.imul(through ^ bits, inverse(lane.second)), 32 - lane.turn)
  key.writeInt32LE(Math.imul(back, inverse(lane.first)), at)
}

/**
 * Another key that MurmurHash3 with lanes of 32 bits takes for `key` (32 bytes or more) whatever its seed: a difference
 * in the top bit of the first lane passes additions and multiplications alone, the last lane takes it back at the end of
 * the first block, and the first word of the second block takes it out of the first lane.
 */
export function laneTwin(key: Buffer): Buffer {
  const twin = Buffer.from(key)
  flip(twin, 0, LANE_A, TOP_BIT >>> 19)
  flip(twin, 12, LANE_D, TOP_BIT >>> 13)
  flip(twin, 16, LANE_A, TOP_BIT)
  return twin
}
