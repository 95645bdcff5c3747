import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Child } from '../../test/support/child.ts'
import { packageRoot } from '../../test/support/package-root.ts'
import type { Contender, Peer, StartOptions } from './peer.ts'

/** As users start it: the launcher sets the size of the thread pool, and loads what is joined into a few files. */
const LAUNCHER = join(packageRoot, 'dist/bin/millrace.cjs')
const READY_MS = 120_000

/** This broker, as it is built in dist/. */
export function millrace(): Contender {
  return { name: 'Millrace', start: startMillrace }
}

async function startMillrace({ dataDirectory, port = 0, settings = {} }: StartOptions): Promise<Peer> {
  if (!existsSync(LAUNCHER)) throw new Error('the broker is not built: npm run build')
  const data = join(dataDirectory, 'data')
  const args = [LAUNCHER, 'start', '--data', data, '--listen', `127.0.0.1:${port}`, '--json']
  for (const [name, value] of Object.entries(settings)) args.push('--set', `${name}=${value}`)
  const child = new Child(process.execPath, args)
  child.process.stdin!.end()
  try {
    const [line] = await child.waitFor('stdout', /^\{.*"port":\s*\d+.*\}$/m, READY_MS)
    const ready = JSON.parse(line) as { port: number }
    return {
      bootstrap: `127.0.0.1:${ready.port}`,
      port: ready.port,
      pid: child.process.pid!,
      async kill() {
        await child.kill('SIGKILL')
      },
      stop: async () => await child.kill('SIGTERM'),
    }
  } catch (error) {
    await child.kill('SIGKILL')
    throw error
  }
}
