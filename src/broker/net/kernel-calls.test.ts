import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot } from '../../../test/support/package-root.ts'

test('the limit of open files is that of this process', () => {
  const module = JSON.stringify(join(packageRoot, 'dist/src/broker/net/kernel-calls.js'))
  const script = `import(${module}).then(({ openFilesMax }) => console.log(openFilesMax()))`
  const limited = ['-c', 'ulimit -n 123; exec "$0" -e "$1"', process.execPath, script]
  expect(execFileSync('sh', limited, { encoding: 'utf8' }).trim()).toBe('123')
})
