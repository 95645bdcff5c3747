import { describe, expect, it } from 'vitest'
import {
  boolean,
  double,
  int,
  list,
  long,
  nearestNames,
  type OptionDefinition,
  parseOption,
  password,
  short,
  string,
  unknownName,
} from './options.ts'

const parse = (definition: OptionDefinition, text: string) => parseOption('x.y', definition, text)

describe('parseOption', () => {
  it('reads whole numbers in the range of their type and nothing else', () => {
    expect(parse(int('0', ''), ' 42 ')).toEqual({ value: 42 })
    expect(parse(int('0', ''), '+5')).toEqual({ value: 5 })
    expect(parse(int('0', ''), '-2147483648')).toEqual({ value: -2147483648 })
    for (const text of ['2147483648', '', '1.5', '0x10', 'abc', '1e3', '9'.repeat(50)])
      expect(parse(int('0', ''), text)).toEqual({
        fault: `Invalid value ${text} for configuration x.y: Not a number of type INT`,
      })
    expect(parse(short('0', ''), '32768')).toHaveProperty('fault')
  })

  it('clips a long to the exact range and refuses what 64 bits cannot hold', () => {
    expect(parse(long('0', ''), '9223372036854775807')).toEqual({ value: Number.MAX_SAFE_INTEGER })
    expect(parse(long('0', ''), '9223372036854775808')).toHaveProperty('fault')
    expect(parse(long('0', ''), '-9223372036854775808')).toEqual({ value: Number.MIN_SAFE_INTEGER })
  })

  it('holds numbers to their bounds', () => {
    const bounded = int('5', '', { min: 1, max: 9 })
    expect(parse(bounded, '1')).toEqual({ value: 1 })
    expect(parse(bounded, '0')).toEqual({
      fault: 'Invalid value 0 for configuration x.y: Value must be at least 1',
    })
    expect(parse(bounded, '10')).toEqual({
      fault: 'Invalid value 10 for configuration x.y: Value must be no more than 9',
    })
  })

  it('reads booleans and doubles', () => {
    expect(parse(boolean('true', ''), 'FALSE')).toEqual({ value: false })
    expect(parse(boolean('true', ''), 'yes')).toHaveProperty('fault')
    expect(parse(double('0', ''), '1.7976931348623157E308')).toEqual({ value: 1.7976931348623157e308 })
    expect(parse(double('0', ''), 'Infinity')).toHaveProperty('fault')
    expect(parse(double('0', ''), '')).toHaveProperty('fault')
  })

  it('reads lists without white space and repetitions, and refuses empty elements', () => {
    const policies = list('delete', '', { oneOf: ['compact', 'delete'] })
    expect(parse(policies, ' compact , delete')).toEqual({ value: ['compact', 'delete'] })
    expect(parse(policies, 'compact,compact')).toEqual({ value: ['compact'] })
    expect(parse(policies, '')).toEqual({ value: [] })
    expect(parse(policies, 'compact,,delete')).toHaveProperty('fault')
    expect(parse(policies, 'none')).toHaveProperty('fault')
  })

  it('compares with the allowed texts, without regard to case only where it is said so', () => {
    expect(parse(string('a', '', { oneOf: ['aB'] }), 'ab')).toHaveProperty('fault')
    expect(parse(string('a', '', { oneOf: ['aB'], anyCase: true }), 'AB')).toEqual({ value: 'AB' })
  })

  it('does not tell a password in a fault', () => {
    const secret = password(null, '', { check: () => 'too simple' })
    expect(parse(secret, 'hunter2')).toEqual({
      fault: 'Invalid value [hidden] for configuration x.y: too simple',
    })
  })

  it('bounds the text of a value', () => {
    expect(parse(string('', ''), 'x'.repeat(65_537))).toEqual({
      fault: 'Invalid value for configuration x.y: longer than 65536 characters',
    })
  })
})

describe('unknown names', () => {
  const known = ['retention.ms', 'retention.bytes', 'segment.ms', 'cleanup.policy']

  it('are met with the names that come near', () => {
    expect(nearestNames('retention.m', known)).toEqual(['retention.ms'])
    expect(nearestNames('segmnet.ms', known)[0]).toBe('segment.ms')
    expect(nearestNames('kbi', ['kib', 'kilo'])).toEqual(['kib'])
    expect(nearestNames('ab', ['cd', 'ba', 'a'])).toEqual(['a', 'ba'])
    expect(nearestNames('abc', ['xyc'])).toEqual([])
    expect(unknownName('retenton.bytes', known)).toBe(
      'Unknown configuration retenton.bytes; did you mean retention.bytes?',
    )
  })

  it('are met with no suggestion when none comes near', () => {
    expect(unknownName('zzzzzzzz', known)).toBe('Unknown configuration zzzzzzzz')
  })
})
