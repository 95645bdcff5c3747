import { expect, test } from 'vitest'
import { keptLog } from '../../base/test-kit.ts'
import { HostLimits } from './host-limits.ts'

function limitsOf(addresses: Readonly<Record<string, readonly string[]>> = {}) {
  const { logger, lines } = keptLog('warn')
  const limits = new HostLimits(logger, async (name) => {
    const found = addresses[name]
    if (found === undefined) throw new Error('not found')
    return found
  })
  return { limits, lines }
}

test('each address has the limit that the list gives it, and others none of their own', () => {
  const { limits } = limitsOf()
  const text = '10.0.0.1:5, ::ffff:10.0.0.2:6, [fe80::1]:7, fe80::2:8'
  const hosts = ['10.0.0.1', '10.0.0.2', 'fe80::1', 'fe80::2', '10.0.0.3']
  expect(hosts.map((host) => limits.limitOf(host, text))).toEqual([5, 6, 7, 8, undefined])
})

test('a list that was changed replaces the one before', () => {
  const { limits } = limitsOf()
  expect(limits.limitOf('10.0.0.1', '10.0.0.1:5')).toBe(5)
  expect(limits.limitOf('10.0.0.1', '')).toBe(undefined)
})

test('a name stands for all its addresses; one that is not known is said', async () => {
  const { limits, lines } = limitsOf({ 'loader.example': ['10.0.0.9', 'fe80::9'] })
  const text = 'loader.example:3,nobody.example:4'
  limits.limitOf('10.0.0.9', text)
  await new Promise((resolve) => setImmediate(resolve))
  expect(limits.limitOf('10.0.0.9', text)).toBe(3)
  expect(limits.limitOf('fe80::9', text)).toBe(3)
  expect(lines.length).toBe(1)
  expect(lines[0]).toContain('nobody.example')
})
