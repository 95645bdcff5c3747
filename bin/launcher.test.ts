import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { Child } from '../test/support/child.ts'
import { packageRoot } from '../test/support/package-root.ts'

const LAUNCHER = join(packageRoot, 'dist/bin/millrace.cjs')
const folder = mkdtempSync(join(tmpdir(), 'millrace-launcher-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function startBroker(name: string, environment: Record<string, string> = {}): Promise<Child> {
  expect(existsSync(LAUNCHER), 'npm run build comes first').toBe(true)
  const words = [LAUNCHER, 'start', '--data', join(folder, name), '--listen', '127.0.0.1:0', '--json']
  const child = new Child(process.execPath, words, { environment })
  await child.waitFor('stdout', /"port":\d+/, 30_000)
  return child
}

describe('the built command', () => {
  it('runs a broker until SIGTERM, and exits with 0', async () => {
    const child = await startBroker('clean')
    expect(await child.kill('SIGTERM')).toMatchObject({ code: 0, signal: null })
  })

  it.runIf(process.platform === 'linux')(
    'has 16 threads for file work, or as many as it is told',
    async () => {
      const counts: number[] = []
      for (const size of ['', '4']) {
        const child = await startBroker(`threads${size}`, size === '' ? {} : { UV_THREADPOOL_SIZE: size })
        counts.push(readdirSync(`/proc/${child.process.pid}/task`).length)
        await child.kill('SIGTERM')
      }
      expect(counts[0]! - counts[1]!).toBe(12)
    },
  )

  it('ends quietly when its reader goes away', async () => {
    const child = new Child('/bin/sh', ['-c', `"${process.execPath}" "${LAUNCHER}" --help | true; echo done`])
    expect(await child.exited).toMatchObject({ code: 0, stdout: 'done\n', stderr: '' })
  })
})
