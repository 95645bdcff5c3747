import { describe, expect, it } from 'vitest'
import { compileLineFormat } from './line-format.ts'

const read = (format: string, line: string) => compileLineFormat(format)(Buffer.from(line), 7)

describe('the format of a line', () => {
  it('names what stands between texts, the last to the end of the line', () => {
    expect(read('%k %v', 'a b c')).toMatchObject({ key: Buffer.from('a'), value: Buffer.from('b c') })
    expect(read('%p/%T:%k=%v\\n', '3/1700000000000:k=v')).toEqual({
      partition: 3,
      timestampMs: 1_700_000_000_000,
      key: Buffer.from('k'),
      value: Buffer.from('v'),
      headers: [],
    })
  })

  it('takes headers, and bytes that are written as text', () => {
    expect(read('%h|%k{hex}\\t%v{base64}', 'a=1,b=x=y|ff00\t//4=')).toMatchObject({
      headers: [
        { key: 'a', value: Buffer.from('1') },
        { key: 'b', value: Buffer.from('x=y') },
      ],
      key: Buffer.from([0xff, 0]),
      value: Buffer.from([0xff, 0xfe]),
    })
    expect(read('%h|%v', '|v')).toMatchObject({ headers: [], value: Buffer.from('v') })
  })

  it.each([
    ['<%v>', 'v>', "line 7 does not begin with '<'"],
    ['%k=%v', 'kv', "line 7 has no '=' behind its %k"],
    ['<%v>', '<v>>', 'line 7 is longer than --format says'],
    ['%p %v', 'x v', "line 7 has 'x' for its %p, which is no whole number"],
    ['%h %v', '=1 v', "line 7 has '=1' for a header"],
  ])('%j refuses %j', (format, line, message) => {
    expect(() => read(format, line)).toThrow(message)
  })

  it.each([
    ['%k%v', 'something must stand between %k and %v'],
    ['%v %v', 'names %v twice'],
    ['text', 'names nothing'],
    ['%z', "unknown token '%z'"],
  ])('%j is none', (format, message) => {
    expect(() => compileLineFormat(format)).toThrow(message)
  })
})
