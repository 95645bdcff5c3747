import { describe, expect, test } from 'vitest'
import fc from '../../test/support/property.ts'
import { FRAME_BYTES_MAX, type FrameBuffers, FrameSplitter, type FrameStep } from './frame-splitter.ts'

function frame(body: Buffer): Buffer {
  const size = Buffer.alloc(4)
  size.writeInt32BE(body.length)
  return Buffer.concat([size, body])
}

function pattern(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let index = 0; index < length; index++) bytes[index] = index * 31 + seed
  return bytes
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

/** Buffers of powers of two that remember what became of them. */
class CountingBuffers implements FrameBuffers {
  readonly asked: { bytesMin: number; bytesBest: number }[] = []
  readonly given: Buffer[] = []
  #idle: Buffer | null

  constructor(idle: Buffer | null = null) {
    this.#idle = idle
  }

  take(bytesMin: number, bytesBest: number): Buffer {
    this.asked.push({ bytesMin, bytesBest })
    const idle = this.#idle
    this.#idle = null
    return idle !== null && idle.length >= bytesBest
      ? idle
      : Buffer.alloc(2 ** Math.ceil(Math.log2(bytesMin)))
  }

  give(buffer: Buffer): void {
    this.given.push(buffer)
  }
}

function nextFrame(splitter: FrameSplitter): FrameStep {
  const step = splitter.next()
  if (step.kind !== 'frame') throw new Error(`a ${step.kind} came`)
  return step
}

/** Reads the stream as a socket would: `count` bytes to the target, or, where there is none, to the scratch. */
function readInto(splitter: FrameSplitter, scratch: Buffer, bytes: Buffer, count: number): number {
  const target = splitter.target()
  const read = Math.min(count, bytes.length, (target ?? scratch).length)
  bytes.copy(target ?? scratch, 0, 0, read)
  if (target === null) splitter.lend(scratch.subarray(0, read))
  else splitter.filled(read)
  return read
}

describe('lent chunks', () => {
  test('frames do not change when the chunk does, nor does what is kept of it', () => {
    const whole = Buffer.concat([frame(pattern(300, 1)), frame(pattern(50, 2)), frame(pattern(70, 3))])
    for (let cut = 0; cut <= whole.length; cut++) {
      const splitter = new FrameSplitter()
      const frames: Buffer[] = []
      const scratch = Buffer.alloc(whole.length)
      for (const part of [whole.subarray(0, cut), whole.subarray(cut)]) {
        part.copy(scratch)
        splitter.lend(scratch.subarray(0, part.length))
        const first = splitter.next()
        if (first.kind === 'need-lease') splitter.grant()
        else if (first.kind === 'frame') frames.push(first.frame)
        splitter.keep()
        scratch.fill(0xee)
        drain(splitter, frames)
      }
      expect(frames).toEqual([pattern(300, 1), pattern(50, 2), pattern(70, 3)])
      expect(splitter.atBoundary).toBe(true)
    }
  })

  test('the next chunk comes when the last one was kept', () => {
    const splitter = new FrameSplitter()
    splitter.lend(Buffer.from([0, 0, 0, 1]))
    expect(() => splitter.push(Buffer.from([7]))).toThrow('kept')
  })
})

describe('targets', () => {
  test('what is missing of a large frame is read into it, and not a byte more', () => {
    const body = pattern(100_000, 5)
    const splitter = new FrameSplitter()
    splitter.lend(Buffer.concat([frame(body).subarray(0, 1000)]))
    expect(splitter.target()).toBe(null)
    expect(splitter.next().kind).toBe('need-lease')
    expect(splitter.target()).toBe(null)
    splitter.grant()
    expect(splitter.next().kind).toBe('more')
    splitter.keep()
    const target = splitter.target()!
    expect(target.length).toBe(body.length - 996)
    body.copy(target, 0, 996, 50_000)
    splitter.filled(50_000 - 996)
    expect(splitter.next().kind).toBe('more')
    body.copy(splitter.target()!, 0, 50_000)
    splitter.filled(50_000)
    expect(splitter.target()).toBe(null)
    const { frame: read, buffer } = nextFrame(splitter)
    expect(read.equals(body)).toBe(true)
    expect(read.buffer).toBe(target.buffer)
    expect(buffer!.buffer).toBe(target.buffer)
    expect(splitter.atBoundary).toBe(true)
  })

  test('there is none for a small frame, between frames, or while chunks wait to be read', () => {
    const splitter = new FrameSplitter()
    expect(splitter.target()).toBe(null)
    splitter.push(frame(pattern(1000, 1)).subarray(0, 10))
    splitter.next()
    splitter.grant()
    splitter.next()
    expect(splitter.target()).toBe(null)
    splitter.push(pattern(994, 1))
    splitter.push(Buffer.from([0, 1, 0, 0]))
    expect(splitter.next().kind).toBe('frame')
    expect(splitter.next().kind).toBe('need-lease')
    splitter.grant()
    splitter.push(pattern(7, 1))
    expect(splitter.target()).toBe(null)
    splitter.next()
    expect(splitter.target()!.length).toBe(65536 - 7)
  })

  test('more than the target has is an error of the caller', () => {
    const splitter = new FrameSplitter()
    expect(() => splitter.filled(1)).toThrow('target')
  })

  test('A9: a large frame takes a mebibyte, and then as much again as has come', () => {
    const buffers = new CountingBuffers()
    const splitter = new FrameSplitter(FRAME_BYTES_MAX, buffers)
    const bytes = 5_000_000
    const size = Buffer.alloc(4)
    size.writeInt32BE(bytes)
    splitter.push(size)
    splitter.next()
    splitter.grant()
    const body = pattern(bytes, 3)
    for (let at = 0; at < bytes; ) {
      const target = splitter.target()!
      at += body.copy(target, 0, at)
      splitter.filled(target.length)
    }
    expect(nextFrame(splitter).frame.equals(body)).toBe(true)
    expect(buffers.asked.map(({ bytesMin }) => bytesMin)).toEqual([1048576, 2097154, 5_000_000])
    expect(buffers.given.map(({ length }) => length)).toEqual([1048576, 4194304])
  })

  test('a buffer that is there anyway is used for the whole frame at once', () => {
    const idle = Buffer.alloc(4 * 1024 * 1024)
    const buffers = new CountingBuffers(idle)
    const splitter = new FrameSplitter(FRAME_BYTES_MAX, buffers)
    const size = Buffer.alloc(4)
    size.writeInt32BE(3_000_000)
    splitter.push(size)
    splitter.next()
    splitter.grant()
    expect(splitter.target()!.length).toBe(3_000_000)
    splitter.filled(3_000_000)
    const { frame: read, buffer } = nextFrame(splitter)
    expect(read.length).toBe(3_000_000)
    expect(buffer).toBe(idle)
  })
})

/** Reads the stream to a buffer of its own, and pushes what can't be adopted. */
function adoptOf(splitter: FrameSplitter, bytes: Buffer, count: number): number {
  const buffer = Buffer.alloc(131_072, 0xee)
  const read = bytes.copy(buffer, 0, 0, Math.min(count, bytes.length))
  if (!splitter.adopt(buffer, read)) splitter.push(buffer.subarray(0, read))
  return read
}

describe('adopted buffers', () => {
  const body = pattern(100_000, 3)
  const stream = Buffer.concat([frame(body), frame(pattern(9, 4))])

  function adopted(
    count: number,
    length = 131_072,
  ): { splitter: FrameSplitter; buffer: Buffer; read: number } {
    const splitter = new FrameSplitter()
    const buffer = Buffer.alloc(length)
    const read = stream.copy(buffer, 0, 0, count)
    expect(splitter.adopt(buffer, read)).toBe(true)
    return { splitter, buffer, read }
  }

  test('a frame that was read with its size in front is not copied, nor is one whose rest comes later', () => {
    for (const count of [4, 5, 6, 50_000, 100_003, 100_004]) {
      const { splitter, buffer, read } = adopted(count)
      expect(splitter.awaitsLease).toBe(true)
      expect(splitter.peekInt16()).toBe(count < 6 ? null : body.readInt16BE(0))
      expect(splitter.next()).toEqual({ kind: 'need-lease', bytes: 100_000 })
      splitter.grant()
      const rest = splitter.next().kind === 'more' ? splitter.target()! : Buffer.alloc(0)
      expect(rest.length).toBe(100_004 - read)
      if (rest.length > 0) {
        stream.copy(rest, 0, read)
        splitter.filled(rest.length)
        const step = nextFrame(splitter)
        expect(step.frame.equals(body)).toBe(true)
        expect(step.buffer).toBe(buffer)
        expect(step.frame.byteOffset).toBe(4)
      }
      expect(splitter.atBoundary).toBe(true)
    }
  })

  test('what was read behind it is the beginning of the next one', () => {
    for (const count of [100_005, 100_008, 100_010, stream.length]) {
      const { splitter, read } = adopted(count)
      const frames: Buffer[] = []
      drain(splitter, frames)
      splitter.push(Buffer.from(stream.subarray(read)))
      drain(splitter, frames)
      expect(frames.map(({ length }) => length)).toEqual([100_000, 9])
      expect(frames[1]).toEqual(pattern(9, 4))
    }
  })

  test('a buffer that the frame does not fit in, or fills less than half, is not taken', () => {
    for (const length of [100_003, 200_001]) {
      const splitter = new FrameSplitter()
      expect(splitter.adopt(Buffer.concat([stream, Buffer.alloc(length)], length), 1000)).toBe(false)
      expect(splitter.atBoundary).toBe(true)
    }
    for (const size of [32_768, -1, 2 ** 31 - 1]) {
      const buffer = Buffer.alloc(40_000)
      buffer.writeInt32BE(size)
      expect(new FrameSplitter().adopt(buffer, 40_000)).toBe(false)
    }
    expect(new FrameSplitter().adopt(Buffer.alloc(100), 3)).toBe(false)
  })

  test('a frame is likely to be as large as the last one, where that was large', () => {
    const splitter = new FrameSplitter()
    expect(splitter.likelyBytes).toBe(0)
    for (const [size, likely] of [
      [100_000, 100_004],
      [32_768, 0],
      [32_769, 32_773],
    ] as const) {
      splitter.push(frame(pattern(size, 1)))
      drain(splitter, [])
      expect(splitter.likelyBytes).toBe(likely)
    }
    splitter.push(Buffer.alloc(1))
    splitter.next()
    expect(splitter.likelyBytes).toBe(0)
  })
})

test('B2: the same frames come out however the bytes come in, and whenever they are taken', () => {
  const sizes = fc.array(fc.oneof(fc.nat(300), fc.integer({ min: 30_000, max: 80_000 })), { maxLength: 8 })
  const steps = fc.infiniteStream(
    fc.record({
      count: fc.oneof(fc.nat(20), fc.nat(40_000), fc.nat(100_000)),
      way: fc.constantFrom('lend' as const, 'push' as const, 'adopt' as const),
      takes: fc.boolean(),
    }),
  )
  fc.assert(
    fc.property(sizes, steps, (lengths, ways) => {
      const expected = lengths.map((length, index) => pattern(length, index))
      const whole = Buffer.concat(expected.map(frame))
      const splitter = new FrameSplitter()
      const scratch = Buffer.alloc(16_384)
      const frames: Buffer[] = []
      for (let at = 0; at < whole.length; ) {
        const { count, way, takes } = ways.next().value
        const rest = whole.subarray(at)
        if (way === 'adopt' && splitter.atBoundary) at += adoptOf(splitter, rest, count)
        else if (way === 'lend') at += readInto(splitter, scratch, rest, count + 1)
        else {
          splitter.push(Buffer.from(rest.subarray(0, count)))
          at += Math.min(count, rest.length)
        }
        if (takes) drain(splitter, frames)
        splitter.keep()
        scratch.fill(0xee)
      }
      drain(splitter, frames)
      expect(frames.map(({ length }) => length)).toEqual(lengths)
      expect(frames.every((read, index) => read.equals(expected[index]!))).toBe(true)
      expect(splitter.atBoundary).toBe(true)
    }),
    { numRuns: 200 },
  )
})

test('the first two bytes of a frame can be looked at before it is let in, however they came', () => {
  const stream = Buffer.from('00000005ff12aabbcc', 'hex')
  for (let cut = 1; cut < stream.length; cut++) {
    const splitter = new FrameSplitter()
    expect(splitter.peekInt16()).toBe(null)
    splitter.push(stream.subarray(0, cut))
    splitter.next()
    expect(splitter.peekInt16()).toBe(cut >= 6 ? -238 : null)
    splitter.push(stream.subarray(cut))
    expect(splitter.next()).toEqual({ kind: 'need-lease', bytes: 5 })
    expect(splitter.peekInt16()).toBe(-238)
    splitter.grant()
    expect(splitter.next()).toMatchObject({ kind: 'frame', frame: stream.subarray(4) })
  }
})

test('also where an adopted buffer ends behind the first of them', () => {
  const stream = Buffer.alloc(40_004)
  stream.writeInt32BE(40_000)
  stream.writeInt16BE(0x0c0d, 4)
  for (const count of [4, 5, 6]) {
    const splitter = new FrameSplitter()
    const buffer = Buffer.alloc(65_536)
    stream.copy(buffer, 0, 0, count)
    expect(splitter.adopt(buffer, count)).toBe(true)
    splitter.push(stream.subarray(count))
    expect(splitter.peekInt16()).toBe(0x0c0d)
  }
})
