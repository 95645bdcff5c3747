import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
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

it('what nobody reads is bounded, and holds no process up', async () => {
  const script = `
    import { processIo } from ${JSON.stringify(join(packageRoot, 'dist/bin/io.js'))}
    const io = processIo()
    const line = 'x'.repeat(999) + '\\n'
    let count = 0
    while (io.noteText(line)) count++
    await io.noted(10)
    process.stdout.write(String(count), () => process.exit(0))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script])
  child.stderr.pause()
  const [count, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  expect(code).toBe(0)
  expect(Number(count)).toBeGreaterThan(1000)
  expect(Number(count)).toBeLessThan(10_000)
  child.stderr.destroy()
})

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

  it('tells its log, an object a line, where nobody sits before a terminal', async () => {
    const words = [LAUNCHER, 'start', '--data', join(folder, 'log'), '--listen', '127.0.0.1:0']
    const child = new Child(process.execPath, words)
    await child.waitFor('stderr', /"msg":"ready"\}\n/, 30_000)
    const { code, stdout, stderr } = await child.kill('SIGTERM')
    expect([code, stdout]).toEqual([0, ''])
    const messages = stderr
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { msg: string }).msg)
    expect(messages).toEqual(['ready', 'stopping', 'stopped'])
  })

  it('runs on when the reader of its log goes away', async () => {
    const child = new Child(process.execPath, [
      ...[LAUNCHER, 'start', '--data', join(folder, 'unread'), '--listen', '127.0.0.1:0'],
      ...['--http', '127.0.0.1:0', '--log-level', 'debug'],
    ])
    const ready = await child.waitFor('stderr', /"http":"([^"]+)".*"msg":"ready"\}\n/, 30_000)
    child.process.stderr!.destroy()
    child.process.stdout!.destroy()
    const isLive = async () => (await fetch(`http://${ready[1]}/health/live`)).status
    expect(await isLive()).toBe(200)
    const ended = once(child.process, 'exit')
    child.process.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  })

  it.runIf(process.platform === 'linux')('says in one line that its output cannot be written', async () => {
    const child = new Child('/bin/sh', [
      '-c',
      `"${process.execPath}" "${LAUNCHER}" --help > /dev/full; echo $?`,
    ])
    expect(await child.exited).toMatchObject({
      stdout: '1\n',
      stderr: expect.stringMatching(/^error: cannot write the output: ENOSPC[^\n]*\n$/),
    })
  })

  it('ends quietly when its reader goes away', async () => {
    const child = new Child('/bin/sh', ['-c', `"${process.execPath}" "${LAUNCHER}" --help | true; echo done`])
    expect(await child.exited).toMatchObject({ code: 0, stdout: 'done\n', stderr: '' })
  })
})
