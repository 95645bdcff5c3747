import { describe, expect, it } from 'vitest'
import { formatAddress, parseAddress, parseBootstrap } from './address.ts'

describe('addresses', () => {
  it.each([
    ['localhost:9092', { host: 'localhost', port: 9092 }],
    ['10.0.0.1:0', { host: '10.0.0.1', port: 0 }],
    ['[::1]:9092', { host: '::1', port: 9092 }],
  ])('%s is one, and prints as itself', (text, address) => {
    expect(parseAddress(text)).toEqual(address)
    expect(formatAddress(address)).toBe(text)
  })

  it.each(['', 'localhost', ':9092', 'a:b', 'a:70000', 'a:1:2', '::1:9092', 'a b:1', '[::1'])(
    '%j is none',
    (text) => {
      expect(parseAddress(text)).toBeNull()
    },
  )

  it('need no port, or no host, where there is a default', () => {
    expect(parseAddress('host', { port: 9092 })).toEqual({ host: 'host', port: 9092 })
    expect(parseAddress('[::1]', { port: 9092 })).toEqual({ host: '::1', port: 9092 })
    expect(parseAddress(':1', { host: '' })).toEqual({ host: '', port: 1 })
    expect(parseAddress('', { host: 'a', port: 1 })).toBeNull()
    expect(parseAddress('PLAINTEXT://', { host: 'a', port: 1 })).toBeNull()
  })

  it('may be written as in Kafka’s settings', () => {
    expect(parseAddress('PLAINTEXT://host:1')).toEqual({ host: 'host', port: 1 })
    expect(parseAddress('plaintext://[::1]:1')).toEqual({ host: '::1', port: 1 })
    expect(parseAddress('SSL://host:1')).toBeNull()
    expect(parseBootstrap('PLAINTEXT://a:1,:2', 9092)).toEqual([
      { host: 'a', port: 1 },
      { host: '127.0.0.1', port: 2 },
    ])
  })

  it('make a bootstrap list, of which every entry must be right and connectable', () => {
    expect(parseBootstrap('a, b:1,', 9092)).toEqual([
      { host: 'a', port: 9092 },
      { host: 'b', port: 1 },
    ])
    expect(parseBootstrap('', 9092)).toBeNull()
    expect(parseBootstrap('a,b:x', 9092)).toBeNull()
    expect(parseBootstrap('a:0', 9092)).toBeNull()
  })
})
