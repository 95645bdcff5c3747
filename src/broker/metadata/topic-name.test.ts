import { describe, expect, it } from 'vitest'
import { collisionKey, topicNameFault } from './topic-name.ts'

describe('topic names', () => {
  it('C2: are ASCII letters, digits, dots, underscores and hyphens, at most 249 of them', () => {
    for (const name of ['a', 'A.b_c-9', '...', '__x', 'x'.repeat(249)])
      expect(topicNameFault(name)).toBeNull()
    for (const name of ['', '.', '..', 'a b', 'ü', 'a/b', 'a\n', 'a:b', 'x'.repeat(250)])
      expect(topicNameFault(name), name).toMatch(/^Topic name is invalid: /)
  })

  it('collide when they differ only in dots and underscores', () => {
    expect(collisionKey('a.b_c')).toBe(collisionKey('a_b.c'))
    expect(collisionKey('a.b')).not.toBe(collisionKey('a-b'))
  })
})
