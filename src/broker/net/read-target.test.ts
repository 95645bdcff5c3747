import { expect, test } from 'vitest'
import { FrameSplitter } from '../../protocol/frame-splitter.ts'
import { FrameMemory } from './frame-memory.ts'
import { ReadTarget } from './read-target.ts'

const KIB = 1024

/** A connection's reading side without a socket: what is sent is read to whatever the target is. */
class Reading {
  readonly memory: FrameMemory
  readonly splitter: FrameSplitter
  readonly target: ReadTarget
  /** What the frames were, and whether each lies in a buffer that may be used again. */
  readonly frames: { frame: Buffer; buffer: Buffer | null }[] = []
  reads = 0
  grants = true

  constructor(memory = new FrameMemory({ recycling: true, poisonByte: 0xee })) {
    this.memory = memory
    this.splitter = new FrameSplitter(undefined, memory)
    this.target = new ReadTarget(this.splitter, memory)
  }

  send(bytes: Buffer, foresees = true): void {
    for (let at = 0; at < bytes.length; this.reads++) {
      const target = this.target.next(foresees)
      const count = bytes.copy(target, 0, at, at + target.length)
      at += count
      this.target.filled(count)
      this.drain()
      this.target.settle()
    }
  }

  drain(): void {
    for (;;) {
      const step = this.splitter.next()
      if (step.kind === 'need-lease' && this.grants) this.splitter.grant()
      else if (step.kind === 'frame') this.frames.push(step)
      else return
    }
  }
}

function frame(bytes: number, fill: number): Buffer {
  const stream = Buffer.alloc(4 + bytes, fill)
  stream.writeInt32BE(bytes)
  return stream
}

test('frames of one size come by one read each, as soon as the size is known', () => {
  const reading = new Reading()
  for (let fill = 0; fill < 10; fill++) reading.send(frame(100 * KIB, fill))
  expect(reading.reads).toBe(2 + 9)
  for (const [fill, { frame: read, buffer }] of reading.frames.entries()) {
    expect(read.equals(Buffer.alloc(100 * KIB, fill))).toBe(true)
    expect(buffer!.length).toBe(128 * KIB)
  }
  expect(reading.memory.foreseenBytes).toBe(0)
})

test('frames of other sizes come as they are, and the buffer that did not fit is free again', () => {
  const reading = new Reading()
  const sizes = [100, 100, 30, 101, 100, 90, 1, 100, 300, 100, 600, 100].map((kib) => kib * KIB)
  reading.send(Buffer.concat(sizes.map(frame)))
  expect(reading.frames.map(({ frame: read }) => read.length)).toEqual(sizes)
  expect(reading.frames.every(({ frame: read }, fill) => read.every((byte) => byte === fill))).toBe(true)
  expect(reading.memory.foreseenBytes).toBe(0)
})

test('nothing is set aside where no frame is foreseen, and what is set aside is bounded for all', () => {
  const memory = new FrameMemory({ recycling: true })
  const all = Array.from({ length: 12 }, () => new Reading(memory))
  for (const reading of all) reading.send(frame(900 * KIB, 1), false)
  expect(memory.foreseenBytes).toBe(0)
  for (const reading of all) reading.target.next(true)
  expect(memory.foreseenBytes).toBe(8 * KIB * KIB)
  for (const reading of all) reading.target.release()
  expect(memory.foreseenBytes).toBe(0)
})

test('what was read counts until its frame may be held', () => {
  const reading = new Reading()
  reading.send(frame(100 * KIB, 1))
  reading.grants = false
  reading.send(frame(100 * KIB, 2))
  expect(reading.memory.foreseenBytes).toBe(128 * KIB)
  expect(reading.target.next(true)).toBe(reading.memory.scratch)
  reading.grants = true
  reading.drain()
  reading.target.release()
  expect(reading.frames.length).toBe(2)
  expect(reading.memory.foreseenBytes).toBe(0)
})

test('a buffer that did not fit is free at once, also while a lease is awaited', () => {
  const reading = new Reading()
  reading.send(frame(100 * KIB, 1))
  reading.grants = false
  reading.send(frame(400 * KIB, 2).subarray(0, 50 * KIB))
  expect([reading.memory.foreseenBytes, reading.memory.idleBytes]).toEqual([0, 128 * KIB])
  reading.grants = true
  reading.drain()
  reading.send(frame(400 * KIB, 2).subarray(50 * KIB))
  expect(reading.frames[1]!.frame.equals(Buffer.alloc(400 * KIB, 2))).toBe(true)
})

test('without memory that is used again nothing is foreseen', () => {
  const memory = new FrameMemory()
  const reading = new Reading(memory)
  reading.send(frame(100 * KIB, 1))
  expect(reading.target.next(true)).toBe(memory.scratch)
})
