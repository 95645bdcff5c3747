import { describe, expect, test } from 'vitest'
import { FRAME_BYTES_MAX, FrameSplitter } from './frame-splitter.ts'

function frame(body: Buffer): Buffer {
  const size = Buffer.alloc(4)
  size.writeInt32BE(body.length)
  return Buffer.concat([size, body])
}

function pattern(length: number, seed: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, index) => (index * 31 + seed) & 0xff))
}

/** Takes every frame that is there, granting every lease. */
function drain(splitter: FrameSplitter, frames: Buffer[]): void {
  for (;;) {
    const step = splitter.next()
    if (step.kind === 'need-lease') splitter.grant()
    else if (step.kind === 'frame') frames.push(step.frame)
    else return
  }
}

describe('FrameSplitter', () => {
  const bodies = [pattern(5, 1), pattern(0, 2), pattern(300, 3), pattern(1, 4)]
  const stream = Buffer.concat(bodies.map(frame))

  test('B2: several frames in one chunk are slices of it, in order', () => {
    const splitter = new FrameSplitter()
    const frames: Buffer[] = []
    splitter.push(stream)
    drain(splitter, frames)
    expect(frames).toEqual(bodies)
    expect(frames[2]!.buffer).toBe(stream.buffer)
    expect(splitter.atBoundary).toBe(true)
  })

  test('B2: two chunks cut at any byte give the same frames', () => {
    for (let cut = 0; cut <= stream.length; cut++) {
      const splitter = new FrameSplitter()
      const frames: Buffer[] = []
      splitter.push(stream.subarray(0, cut))
      drain(splitter, frames)
      splitter.push(stream.subarray(cut))
      drain(splitter, frames)
      expect(frames).toEqual(bodies)
      expect(splitter.atBoundary).toBe(true)
    }
  })

  test('B2: chunks of any size give the same frames, pushed one by one or all at once', () => {
    for (let size = 1; size < 20; size++) {
      for (const drainEach of [true, false]) {
        const splitter = new FrameSplitter()
        const frames: Buffer[] = []
        for (let position = 0; position < stream.length; position += size) {
          splitter.push(stream.subarray(position, position + size))
          if (drainEach) drain(splitter, frames)
        }
        drain(splitter, frames)
        expect(frames).toEqual(bodies)
      }
    }
  })

  test('the size is told as soon as its four bytes are there, and again until it is granted', () => {
    const splitter = new FrameSplitter()
    splitter.push(Buffer.from([0, 0, 1]))
    expect(splitter.next()).toEqual({ kind: 'more' })
    expect(splitter.atBoundary).toBe(false)
    splitter.push(Buffer.from([0]))
    expect(splitter.next()).toEqual({ kind: 'need-lease', bytes: 256 })
    splitter.push(pattern(256, 9))
    expect(splitter.next()).toEqual({ kind: 'need-lease', bytes: 256 })
    splitter.grant()
    expect(splitter.next()).toEqual({ kind: 'frame', buffer: null, frame: pattern(256, 9) })
  })

  test('grant without a question is an error of the caller', () => {
    expect(() => new FrameSplitter().grant()).toThrow('no lease')
  })

  test.each([
    ['negative', Buffer.from([0xff, 0xff, 0xff, 0xff]), -1],
    ['over the limit', Buffer.from([0x06, 0x40, 0x00, 0x01]), FRAME_BYTES_MAX + 1],
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\n'), 0x47455420],
    ['a TLS handshake', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]), 0x16030102],
  ])('A9: a size that is %s is invalid, and stays so', (_, bytes, size) => {
    const splitter = new FrameSplitter()
    splitter.push(bytes)
    expect(splitter.next()).toEqual({ kind: 'invalid', size })
    splitter.push(frame(pattern(3, 0)))
    expect(splitter.next()).toEqual({ kind: 'invalid', size })
  })

  test('A9: the limit itself is allowed, and is a setting', () => {
    const splitter = new FrameSplitter(10)
    const frames: Buffer[] = []
    splitter.push(frame(pattern(10, 1)))
    drain(splitter, frames)
    expect(frames).toHaveLength(1)
    splitter.push(frame(pattern(11, 1)))
    expect(splitter.next()).toEqual({ kind: 'invalid', size: 11 })
  })

  test('A9: a large size alone makes nobody allocate it', () => {
    const splitter = new FrameSplitter()
    const size = Buffer.alloc(4)
    size.writeInt32BE(FRAME_BYTES_MAX)
    splitter.push(size)
    expect(splitter.next()).toEqual({ kind: 'need-lease', bytes: FRAME_BYTES_MAX })
    splitter.grant()
    const before = process.memoryUsage().arrayBuffers
    const chunk = Buffer.alloc(1024)
    for (let count = 0; count < 2048; count++) {
      splitter.push(chunk)
      expect(splitter.next().kind).toBe('more')
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024)
  })

  test('a frame of 4 MiB in chunks of any size comes whole', () => {
    const body = Buffer.alloc(4 * 1024 * 1024 + 3, 'abcdefghijk')
    const whole = frame(body)
    for (const size of [1000, 65536, 1500000]) {
      const splitter = new FrameSplitter()
      const frames: Buffer[] = []
      for (let position = 0; position < whole.length; position += size) {
        splitter.push(whole.subarray(position, position + size))
        drain(splitter, frames)
      }
      expect(frames).toHaveLength(1)
      expect(frames[0]!.equals(body)).toBe(true)
    }
  })

  test('a mebibyte in chunks of one byte costs time in proportion to it', () => {
    const whole = frame(Buffer.alloc(1024 * 1024, 7))
    const splitter = new FrameSplitter()
    const frames: Buffer[] = []
    for (let position = 0; position < whole.length; position++) {
      splitter.push(whole.subarray(position, position + 1))
      drain(splitter, frames)
    }
    expect(frames).toHaveLength(1)
    expect(frames[0]!.length).toBe(1024 * 1024)
  })
})
