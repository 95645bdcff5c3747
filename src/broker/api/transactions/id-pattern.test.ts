import { describe, expect, it } from 'vitest'
import fc from '../../../../test/support/property.ts'
import { matcherOf } from './id-pattern.ts'

describe('matcherOf', () => {
  const pieces = fc.constantFrom(
    'a',
    'b',
    '-',
    '.',
    '\\d',
    '\\w',
    '[ab]',
    '[^a]',
    '[0-9-]',
    '(a|b)',
    '(?:ab|)',
    '\\.',
  )
  const quantified = fc
    .tuple(pieces, fc.constantFrom('', '', '*', '+', '?', '*?', '{2}', '{1,3}', '{0,}'))
    .map(([piece, times]) => piece + times)
  const sequences = fc.array(quantified, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''))
  const patterns = fc
    .array(sequences, { minLength: 1, maxLength: 3 })
    .map((parts) => (parts.length === 1 ? parts[0]! : parts.join('|')))
  const ids = fc.string({ unit: fc.constantFrom('a', 'b', '-', '.', '1'), maxLength: 8 })

  it('agrees with the expressions of JavaScript on what both have', () => {
    fc.assert(
      fc.property(patterns, ids, (pattern, id) => {
        expect(matcherOf(pattern)!(id)).toBe(new RegExp(`^(?:${pattern})$`).test(id))
      }),
      { numRuns: 2000 },
    )
  })

  it('matches the whole id', () => {
    expect(matcherOf('order')!('order-1')).toBe(false)
    expect(matcherOf('order.*')!('order-1')).toBe(true)
    expect(matcherOf('^order-\\d+$')!('order-17')).toBe(true)
  })

  it.each(['(', ')', '((', '[', '[b-a]', '*', 'a**', 'a{3,1}', 'a{2000}', '\\', '\\y', '(?=a)', '(?<n>a)'])(
    'says that %s is no pattern',
    (pattern) => {
      expect(matcherOf(pattern)).toBe(null)
    },
  )

  it('refuses patterns that are too large', () => {
    expect(matcherOf('a'.repeat(256))).toBe(null)
    expect(matcherOf('((a{100}){100}){100}')).toBe(null)
    expect(matcherOf('('.repeat(60) + ')'.repeat(60))).toBe(null)
  })

  it('takes no longer for a pattern that others try in every way', () => {
    expect(matcherOf('(a+)+b')!('a'.repeat(2000))).toBe(false)
    expect(matcherOf('(a|a)*(a|a)*(a|a)*b')!('a'.repeat(2000))).toBe(false)
  })
})
