import { expect, test } from 'vitest'
import { FrameMemory } from './frame-memory.ts'

const KIB = 1024
const MIB = 1024 * KIB

test('a buffer that was given back is the next one of its size', () => {
  const memory = new FrameMemory({ recycling: true })
  const first = memory.take(70 * KIB, 70 * KIB)
  const second = memory.take(100 * KIB, 100 * KIB)
  expect([first.length, second.length]).toEqual([128 * KIB, 128 * KIB])
  expect(second.buffer).not.toBe(first.buffer)
  memory.give(first)
  expect(memory.idleBytes).toBe(128 * KIB)
  expect(memory.take(64 * KIB, 64 * KIB).buffer).not.toBe(first.buffer)
  expect(memory.take(65 * KIB, 65 * KIB)).toBe(first)
  expect(memory.idleBytes).toBe(0)
  expect([memory.allocatedCount, memory.reusedCount]).toEqual([3, 1])
})

test('buffers are as large as was asked at every edge of a class', () => {
  const memory = new FrameMemory({ recycling: true })
  for (let bytes = 4 * KIB; bytes <= 4 * MIB; bytes *= 2)
    for (const asked of [bytes - 1, bytes, bytes + 1]) {
      const buffer = memory.take(asked, asked)
      expect(buffer.length).toBeGreaterThanOrEqual(asked)
      expect(buffer.length).toBeLessThan(2 * asked + 1)
      memory.give(buffer)
    }
})

test('one that is there for all of a frame is preferred to a part of it', () => {
  const memory = new FrameMemory({ recycling: true })
  const whole = memory.take(2 * MIB, 2 * MIB)
  const part = memory.take(MIB, MIB)
  memory.give(whole)
  memory.give(part)
  expect(memory.take(MIB, 1.5 * MIB)).toBe(whole)
  expect(memory.take(MIB, 1.5 * MIB)).toBe(part)
  expect(memory.take(MIB, 1.5 * MIB).length).toBe(MIB)
})

test('no more is kept than the bound, small and huge buffers never', () => {
  const memory = new FrameMemory({ recycling: true, idleBytesMax: MIB })
  const buffers = Array.from({ length: 3 }, () => memory.take(512 * KIB, 512 * KIB))
  for (const buffer of buffers) memory.give(buffer)
  expect(memory.idleBytes).toBe(MIB)
  const bounded = new FrameMemory({ recycling: true })
  bounded.give(bounded.take(100, 100))
  bounded.give(bounded.take(3 * MIB, 3 * MIB))
  expect(bounded.idleBytes).toBe(0)
  expect(bounded.take(3 * MIB, 3 * MIB).length).toBe(3 * MIB)
})

test('nothing is used again unless it was asked for', () => {
  const memory = new FrameMemory()
  const buffer = memory.take(70 * KIB, 70 * KIB)
  expect(buffer.length).toBe(70 * KIB)
  memory.give(buffer)
  expect(memory.idleBytes).toBe(0)
  expect(memory.take(70 * KIB, 70 * KIB)).not.toBe(buffer)
})

test('a part of a buffer is not given back', () => {
  const memory = new FrameMemory({ recycling: true })
  const buffer = memory.take(128 * KIB, 128 * KIB)
  expect(() => memory.give(buffer.subarray(0, 64 * KIB))).toThrow('whole')
})

test('what is given back is poisoned where a test wants that', () => {
  const memory = new FrameMemory({ recycling: true, poisonByte: 0xee })
  const buffer = memory.take(64 * KIB, 64 * KIB).fill(1)
  memory.give(buffer)
  expect(buffer.every((byte) => byte === 0xee)).toBe(true)
})
