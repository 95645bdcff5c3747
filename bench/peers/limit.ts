import { existsSync } from 'node:fs'
import { mkdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { Child, run } from '../../test/support/child.ts'
import { packageRoot } from '../../test/support/package-root.ts'
import { contentName } from '../content-name.ts'
import { benchCache } from './kafka.ts'

const source = join(packageRoot, 'bench/limit/limit.c')
const BUILD_MS = 60_000
const READY_MS = 10_000

/** Compiles the program that does only what no broker can leave out, unless it is there. Resolves to it, or to why there is none. */
export async function prepareLimit(
  directory = join(benchCache, 'limit'),
): Promise<{ program: string } | { missing: string }> {
  const program = join(directory, contentName('limit', await readFile(source)))
  if (existsSync(program)) return { program }
  try {
    await run('gcc', ['--version'])
  } catch {
    return { missing: 'gcc is not installed (apt-get install gcc)' }
  }
  try {
    await mkdir(directory, { recursive: true })
    const part = `${program}.part`
    await run('gcc', ['-O2', '-msse4.2', '-Wall', '-o', part, source], { timeoutMs: BUILD_MS })
    await rename(part, program)
    return { program }
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0]! : String(error)
    return { missing: `bench/limit/limit.c could not be compiled, it needs SSE 4.2: ${reason}` }
  }
}

/** The limit program while it runs, on a file of its own. */
export interface RunningLimit {
  readonly port: number
  readonly pid: number
  /** Ends it; the file stays. */
  stop(): Promise<void>
}

/** The same for Produce in JavaScript, as it is built in dist/. */
export const limitOnNode = [process.execPath, join(packageRoot, 'dist/bench/limit/limit-node.js')] as const

/** Starts it, a program or one and its arguments, on a file that it makes anew. */
export async function startLimit(program: string | readonly string[], file: string): Promise<RunningLimit> {
  const [command, ...args] = typeof program === 'string' ? [program] : program
  const child = new Child(command!, [...args, file])
  try {
    const [, port] = await child.waitFor('stdout', /^port (\d+)$/m, READY_MS)
    return {
      port: Number(port),
      pid: child.process.pid!,
      async stop() {
        await child.kill('SIGKILL')
      },
    }
  } catch (error) {
    await child.kill('SIGKILL')
    throw error
  }
}
