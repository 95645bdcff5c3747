declare const uuidBrand: unique symbol

/** A 16-byte id as a latin1 string of 16 characters: cheap to cut from a frame and to use as a map key. */
export type Uuid = string & { readonly [uuidBrand]: 'Uuid' }

/** The id that stands for "none" (KIP-516). */
export const ZERO_UUID = '\0'.repeat(16) as Uuid

/** Cuts an id from 16 bytes. */
export function uuidFromBytes(buffer: Buffer, position: number): Uuid {
  return buffer.toString('latin1', position, position + 16) as Uuid
}

/** Kafka's printed form: base64url without padding, 22 characters. */
export function uuidToString(uuid: Uuid): string {
  return Buffer.from(uuid, 'latin1').toString('base64url')
}

/** Parses Kafka's printed form; null when it is not one. */
export function uuidFromString(text: string): Uuid | null {
  if (!/^[A-Za-z0-9_-]{22}$/.test(text)) return null
  return Buffer.from(text, 'base64url').toString('latin1', 0, 16) as Uuid
}

/** Makes an id from 16 random bytes: version 4, and never one that prints with a leading '-' (as Kafka's). */
export function uuidFromRandom(bytes: Buffer): Uuid {
  const copy = Buffer.from(bytes)
  copy[6] = (copy[6]! & 0x0f) | 0x40
  copy[8] = (copy[8]! & 0x3f) | 0x80
  if (copy[0]! >> 2 === 62) copy[0] = copy[0]! & 0x7f
  return copy.toString('latin1', 0, 16) as Uuid
}
