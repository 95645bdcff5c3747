import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { packageRoot } from '../support/package-root.ts'

const run = promisify(execFile)
const text = readFileSync(join(packageRoot, 'docs/embedded.md'), 'utf8')
// Inside the package, so that its name means itself.
const directory = mkdtempSync(join(packageRoot, 'dist/docs-'))
for (const [, name, code] of text.matchAll(/^```js file=(\S+)\n(.*?)^```/gms))
  writeFileSync(join(directory, name!), code!)

// Not this project's own.
writeFileSync(join(directory, 'vitest.config.js'), "export default { test: { include: ['*.test.js'] } }\n")

afterAll(() => rmSync(directory, { recursive: true }))

test('the fixture for vitest does what docs/embedded.md says', async () => {
  const vitest = join(packageRoot, 'node_modules/vitest/vitest.mjs')
  const { stdout } = await run('node', [
    vitest,
    'run',
    '--root',
    directory,
    '--config',
    'vitest.config.js',
    '--reporter',
    'json',
  ])
  expect(JSON.parse(stdout)).toMatchObject({ numPassedTests: 1, numFailedTests: 0 })
})

test('the fixture for node:test does what docs/embedded.md says, and its process ends by itself', async () => {
  const { stdout } = await run('node', ['--test', '--test-reporter=tap', join(directory, 'orders.test.mjs')])
  expect(stdout).toContain('# pass 1')
})
