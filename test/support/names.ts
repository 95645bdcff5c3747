import { randomBytes } from 'node:crypto'

/** A name that no other test and no earlier run has used. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomBytes(6).toString('hex')}`
}

/** `count` bytes that do not compress to nothing and are the same at every call. */
export function patternBytes(count: number): Buffer {
  const bytes = Buffer.alloc(count)
  let state = 0x2545f491
  for (let index = 0; index < count; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    bytes[index] = 97 + ((state >>> 24) % 26)
  }
  return bytes
}
