import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Child } from './child.ts'
import { packageRoot } from './package-root.ts'

/** How to start a broker for a test. */
export interface BrokerOptions {
  /** Kept when the broker stops; a fresh directory that is removed at the end where none is named. */
  readonly dataDirectory?: string
  /** 0, the default, takes a free one. */
  readonly port?: number
  /** Files and sockets that it may have open; not said: as many as this process. */
  readonly openFilesMax?: number
  /** Broker configs. */
  readonly settings?: Readonly<Record<string, string>>
}

/** A broker of ours in a process of its own, or the server that MILLRACE_TEST_BOOTSTRAP names. */
export interface BrokerProcess {
  readonly bootstrap: string
  readonly port: number
  /** -1 for a server that was there before. */
  readonly pid: number
  /** What it has said in its log so far. */
  readonly log: string
  /** Ends it at once by SIGKILL, and keeps its data. */
  kill(): Promise<void>
  /** Ends it by SIGTERM, and removes a directory that was made for it. Resolves to its exit code. */
  stop(): Promise<number | null>
}

const MAIN = join(packageRoot, 'dist/bin/millrace.cjs')
const READY_MS = 30_000

/** Starts a broker and resolves when it takes connections. Rejects with what it said when it does not come up. */
export async function startBroker(options: BrokerOptions = {}): Promise<BrokerProcess> {
  const given = process.env['MILLRACE_TEST_BOOTSTRAP']
  if (given !== undefined && options.dataDirectory === undefined) return givenServer(given)
  const own = options.dataDirectory === undefined ? await mkdtemp(join(tmpdir(), 'millrace-')) : null
  const child = spawnBroker(options, options.dataDirectory ?? own!)
  const port = await readyPort(child).catch(async (error: unknown) => {
    await child.kill('SIGKILL')
    throw error
  })
  return {
    bootstrap: `127.0.0.1:${port}`,
    port,
    pid: child.process.pid!,
    get log() {
      return child.stderr
    },
    async kill() {
      await child.kill('SIGKILL')
    },
    async stop() {
      const { code } = await child.kill('SIGTERM')
      if (own !== null) await rm(own, { recursive: true, force: true })
      return code
    },
  }
}

/** Starts a broker on a directory and kills it `afterMs` later, whatever it has come to. */
export async function killWhileStarting(
  options: BrokerOptions & { readonly dataDirectory: string },
  afterMs: number,
): Promise<void> {
  const child = spawnBroker(options, options.dataDirectory)
  await new Promise((resolve) => setTimeout(resolve, afterMs))
  await child.kill('SIGKILL')
}

function spawnBroker(options: BrokerOptions, dataDirectory: string): Child {
  if (!existsSync(MAIN)) throw new Error('the broker is not built: npm run build')
  const listen = `127.0.0.1:${options.port ?? 0}`
  const args = [MAIN, 'start', '--data', dataDirectory, '--listen', listen, '--json']
  for (const [name, value] of Object.entries(options.settings ?? {})) args.push('--set', `${name}=${value}`)
  const { openFilesMax } = options
  const child =
    openFilesMax === undefined
      ? new Child(process.execPath, args)
      : new Child('sh', ['-c', `ulimit -n ${openFilesMax}; exec "$0" "$@"`, process.execPath, ...args])
  child.process.stdin!.end()
  return child
}

async function readyPort(child: Child): Promise<number> {
  const line = await child.waitFor('stdout', /^\{.*"port":\s*\d+.*\}$/m, READY_MS)
  return (JSON.parse(line[0]) as { port: number }).port
}

function givenServer(bootstrap: string): BrokerProcess {
  const port = Number(bootstrap.split(':').at(-1))
  return { bootstrap, port, pid: -1, log: '', kill: async () => {}, stop: async () => 0 }
}
