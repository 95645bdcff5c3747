import type { Chance } from './chance.ts'

const EDGES_8 = [0, 1, 0x7f, 0x80, 0xfe, 0xff]
const EDGES_32 = [0, 1, 0x7f, 0x80, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff]
const CHANGES_MAX = 4

/** The bytes, changed in up to four places in the ways that parsers don't like. Never the same memory. */
export function mutated(chance: Chance, bytes: Buffer): Buffer {
  let result = Buffer.from(bytes)
  for (let count = 1 + chance.below(CHANGES_MAX); count > 0; count--) result = change(chance, result)
  return result
}

function change(chance: Chance, bytes: Buffer): Buffer<ArrayBuffer> {
  const result = Buffer.from(bytes)
  if (result.length === 0) return chance.bytes(1 + chance.below(8)) as Buffer<ArrayBuffer>
  const position = chance.below(result.length)
  switch (chance.below(8)) {
    case 0:
      result[position] = result[position]! ^ (1 << chance.below(8))
      return result
    case 1:
      result[position] = chance.pick(EDGES_8)
      return result
    case 2:
      result[position] = chance.below(256)
      return result
    case 3:
      if (position + 4 <= result.length) result.writeUInt32BE(chance.pick(EDGES_32), position)
      return result
    case 4:
      return result.subarray(0, position)
    case 5:
      return Buffer.concat([
        result.subarray(0, position),
        chance.bytes(1 + chance.below(8)),
        result.subarray(position),
      ])
    case 6: {
      const end = Math.min(result.length, position + 1 + chance.length(64))
      return Buffer.concat([result.subarray(0, position), result.subarray(end)])
    }
    default: {
      const from = chance.below(result.length)
      const end = Math.min(result.length, from + 1 + chance.length(200))
      return Buffer.concat([
        result.subarray(0, position),
        result.subarray(from, end),
        result.subarray(position),
      ])
    }
  }
}
