import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  type BlockCodec,
  compress,
  DECOMPRESSION_LIMITS,
  DecompressionError,
  type DecompressionFault,
  decompress,
  loadCompression,
  unpackedBytesBound,
} from './compression.ts'
import { decodeBlock } from './compression-lz4.ts'
import { xxhash32 } from './compression-xxhash32.ts'
import { decompressFrames, loadWasmCodec } from './compression-zstd.ts'
import { readFixtures } from './fixtures/fixture.ts'

const CODECS: readonly BlockCodec[] = ['gzip', 'snappy', 'lz4', 'zstd']

/** The text of fixtures/frames.txt: some noise, then a line of words 70 times. */
function fixtureText(): Buffer {
  const words = ['alpha', 'bravo', 'charlie', 'delta', 'echo', 'foxtrot']
  const line = Array.from({ length: 300 }, (_, index) => words[Math.floor((index * index) / 7) % 6]).join(' ')
  const noise = Array.from({ length: 8 }, (_, index) => createHash('sha256').update(String(index)).digest())
  return Buffer.concat([...noise, Buffer.from(`${line}\n`.repeat(70))])
}

function faultOf(action: () => unknown): DecompressionFault | null {
  try {
    action()
    return null
  } catch (error) {
    if (error instanceof DecompressionError) return error.kind
    throw error
  }
}

beforeAll(loadCompression)

describe.each(CODECS)('%s', (codec) => {
  it.each([0, 1, 13, 1000, 65536, 65537, 300_000])('gives back what it was given, %i bytes', (length) => {
    const text = Buffer.alloc(length, 'some text that repeats, ')
    expect(decompress(codec, compress(codec, text)).equals(text)).toBe(true)
    const noise = Buffer.concat(
      Array.from({ length: Math.ceil(length / 32) }, (_, index) =>
        createHash('sha256').update(String(index)).digest(),
      ),
    ).subarray(0, length)
    expect(decompress(codec, compress(codec, noise)).equals(noise)).toBe(true)
  })

  it('refuses what would be more than the limit, at the byte', () => {
    const block = compress(codec, Buffer.alloc(200_000, 'ab'))
    const limits = { ...DECOMPRESSION_LIMITS, bytesFree: 0 }
    expect(decompress(codec, block, { ...limits, bytesMax: 200_000, ratioMax: 1e9 }).length).toBe(200_000)
    expect(faultOf(() => decompress(codec, block, { ...limits, bytesMax: 199_999, ratioMax: 1e9 }))).toBe(
      'too-large',
    )
    expect(faultOf(() => decompress(codec, block, { ...limits, bytesMax: 1e6, ratioMax: 2 }))).toBe(
      'too-large',
    )
  })

  it('refuses every truncation', () => {
    const block = compress(
      codec,
      Buffer.from('a few words that are said, and said again, and said again'.repeat(3)),
    )
    for (let length = 0; length < block.length; length++) {
      // A framed snappy stream has no end mark: cut between its blocks it is a shorter one.
      if (codec === 'snappy' && length === 16) continue
      expect(
        faultOf(() => decompress(codec, block.subarray(0, length))),
        `at ${length}`,
      ).toBe('corrupt')
    }
  })

  it('survives every flipped bit: a fault with a name, or some bytes within the limit', () => {
    const block = compress(
      codec,
      Buffer.from('a few words that are said, and said again, and said again'.repeat(3)),
    )
    const limits = { bytesMax: 1 << 20, ratioMax: 1e9, bytesFree: 1 << 20 }
    for (let bit = 0; bit < block.length * 8; bit++) {
      const flipped = Buffer.from(block)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      let length = 0
      const fault = faultOf(() => {
        length = decompress(codec, flipped, limits).length
      })
      expect(fault === null || fault === 'corrupt' || fault === 'too-large').toBe(true)
      expect(length).toBeLessThanOrEqual(1 << 20)
    }
  })

  it('knows what comes out at most, and of damage nothing much', () => {
    const block = compress(codec, Buffer.alloc(200_000, 'ab'))
    expect(unpackedBytesBound(codec, block)).toBeGreaterThanOrEqual(200_000)
    expect(unpackedBytesBound(codec, block)).toBeLessThanOrEqual(400_000)
    for (let end = 0; end < block.length; end += 7)
      expect(unpackedBytesBound(codec, block.subarray(0, end))).toBeLessThanOrEqual(end * 1032 + 400_000)
  })

  it('refuses noise', () => {
    const noise = createHash('sha512').update('noise').digest()
    expect(faultOf(() => decompress(codec, noise))).toBe('corrupt')
  })
})

describe('frames of the reference libraries', () => {
  const frames = readFixtures('frames')
  const text = fixtureText()

  it.each([...frames.keys()])('reads %s', (name) => {
    const codec = name.startsWith('lz4') ? 'lz4' : 'zstd'
    expect(decompress(codec, frames.get(name)!).equals(text)).toBe(true)
  })

  it.each(['lz4-linked', 'lz4-independent', 'lz4-checked', 'lz4-joined', 'zstd-unsized', 'zstd-joined'])(
    'refuses more than the limit of %s',
    (name) => {
      const codec = name.startsWith('lz4') ? 'lz4' : 'zstd'
      const limits = { bytesMax: text.length - 1, ratioMax: 1e9, bytesFree: text.length }
      expect(faultOf(() => decompress(codec, frames.get(name)!, limits))).toBe('too-large')
    },
  )

  it('reads zstd windows up to 128 MiB, of which it takes no more than comes out', () => {
    const frame = Buffer.from(frames.get('zstd-window-16m')!)
    frame[5] = (27 - 10) << 3
    expect(decompress('zstd', frame).equals(text)).toBe(true)
    frame[5] = (28 - 10) << 3
    expect(faultOf(() => decompress('zstd', frame))).toBe('too-large')
  })

  it.each([...frames.keys()])('knows what %s comes to at most, by its headers', (name) => {
    const codec = name.startsWith('lz4') ? 'lz4' : 'zstd'
    const bound = unpackedBytesBound(codec, frames.get(name)!)
    // A second frame of LZ4 is none that a client may send.
    if (name === 'lz4-joined') expect(bound).toBeGreaterThan(0)
    else expect(bound).toBeGreaterThanOrEqual(text.length)
    expect(bound).toBeLessThanOrEqual(text.length + (4 << 20))
  })

  it('refuses every flipped bit of a zstd frame without its size, for its checksum', () => {
    const frame = frames.get('zstd-unsized')!
    for (let bit = 0; bit < frame.length * 8; bit++) {
      const flipped = Buffer.from(frame)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      let output: Buffer | null = null
      const fault = faultOf(() => {
        output = decompress('zstd', flipped)
      })
      expect(fault !== null || output!.equals(text), `bit ${bit}`).toBe(true)
    }
  })

  it('refuses a wrong block or content checksum', () => {
    for (const fromEnd of [1, 9]) {
      const frame = Buffer.from(frames.get('lz4-checked')!)
      frame[frame.length - fromEnd]! ^= 1
      expect(faultOf(() => decompress('lz4', frame))).toBe('corrupt')
    }
  })
})

describe('snappy', () => {
  const { compressSync } = createRequire(import.meta.url)('snappy') as { compressSync(input: Buffer): Buffer }

  it('D11: writes the framing of snappy-java with big-endian versions', () => {
    const framed = compress('snappy', Buffer.alloc(40_000, 'x'))
    expect(framed.subarray(0, 16).toString('hex')).toBe('82534e41505059000000000100000001')
    const first = framed.readInt32BE(16)
    expect(decompress('snappy', framed.subarray(20, 20 + first)).length).toBe(32_768)
  })

  it('reads a raw block, and framed streams joined end to end, whatever their versions say', () => {
    const text = Buffer.from('one raw block, one raw block')
    expect(decompress('snappy', compressSync(text)).equals(text)).toBe(true)
    const framed = compress('snappy', text)
    framed.writeInt32LE(1, 8)
    framed.writeInt32LE(1, 12)
    expect(decompress('snappy', Buffer.concat([framed, framed])).toString()).toBe(`${text}${text}`)
  })

  it('does not allocate what a small block promises', () => {
    const promise = Buffer.from([0xff, 0xff, 0xff, 0x1f, 0x00, 0x61])
    expect(faultOf(() => decompress('snappy', promise))).toBe('corrupt')
  })
})

describe('lz4', () => {
  it('decodes blocks without the addon, and refuses those that have no room', () => {
    for (const text of [
      Buffer.alloc(5000, 'abc'),
      fixtureText().subarray(0, 60_000),
      Buffer.alloc(400, 'q'),
    ]) {
      const frame = compress('lz4', text)
      const block = frame.subarray(11, 11 + frame.readUInt32LE(7))
      const bytes = block.length
      const output = Buffer.alloc(text.length)
      expect(decodeBlock(block, 0, bytes, output, 0, output.length, 0)).toBe(text.length)
      expect(output.equals(text)).toBe(true)
      expect(decodeBlock(block, 0, bytes, output, 0, output.length - 1, 0)).toBe(-1)
    }
  })

  it('refuses a match that reaches before the history', () => {
    const block = Buffer.from([0x10, 0x61, 0x02, 0x00, 0x00])
    expect(decodeBlock(block, 0, block.length, Buffer.alloc(64), 0, 64, 0)).toBe(-1)
    const output = Buffer.from('z'.repeat(64))
    expect(decodeBlock(Buffer.from([0x10, 0x61, 0x02, 0x00, 0x10, 0x62]), 0, 6, output, 8, 32, 0)).toBe(6)
    expect(output.toString('latin1', 8, 14)).toBe('azazab')
  })

  it('has the checksum of xxHash32', () => {
    expect(xxhash32(Buffer.alloc(0), 0, 0)).toBe(0x02cc5d05)
    expect(xxhash32(Buffer.from('a'), 0, 1)).toBe(0x550d7456)
    expect(xxhash32(Buffer.from('abc'), 0, 3)).toBe(0x32d153ff)
    const text = Buffer.from('Nobody inspects the spammish repetition')
    expect(xxhash32(text, 0, text.length)).toBe(0xe2293b2f)
  })
})

describe('zstd', () => {
  it('reads and writes the same by WebAssembly as by this Node', async () => {
    const wasm = await loadWasmCodec()
    const text = fixtureText()
    const frame = wasm.compress(text)
    expect(decompressFrames(wasm, frame, text.length).equals(text)).toBe(true)
    expect(decompress('zstd', frame).equals(text)).toBe(true)
  })

  it('does not allocate what a small frame promises', () => {
    const frame = Buffer.from('28b52ffda0ffff7f0001000061', 'hex')
    expect(faultOf(() => decompress('zstd', frame))).toBe('corrupt')
  })
})
