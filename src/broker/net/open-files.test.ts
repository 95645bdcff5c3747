import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot } from '../../../test/support/package-root.ts'

/** What an expression on the built module is in a process that may have so many files open. */
function limitedTo(openFiles: number, expression: string): unknown {
  const module = JSON.stringify(join(packageRoot, 'dist/src/broker/net/open-files.js'))
  const script = `import(${module}).then((module) => console.log(JSON.stringify(${expression})))`
  const limited = ['-c', `ulimit -n ${openFiles}; exec "$0" -e "$1"`, process.execPath, script]
  return JSON.parse(execFileSync('sh', limited, { encoding: 'utf8' }))
}

test('the limit of open files is that of this process', () => {
  expect(limitedTo(123, 'module.openFilesMax()')).toBe(123)
})

test('brokers may take what the process has not open, and connections never the share of logs', () => {
  const budget = `(({ capacity, shares, ...budget }) => ({
    capacity, shares, connections: module.processDescriptors().limit('connection'),
  }))(module.processDescriptors())`
  const { capacity, shares, connections } = limitedTo(256, budget) as {
    capacity: number
    shares: { log: number; connection: number; other: number }
    connections: number
  }
  expect(capacity).toBeGreaterThan(150)
  expect(capacity).toBeLessThan(256 - 24)
  expect(connections).toBe(capacity - shares.log - shares.other)
  expect(connections).toBeGreaterThan(shares.connection)
})
