import { type ChildProcess, spawn } from 'node:child_process'

/** What a finished program left. */
export interface Outcome {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** How to run a program. */
export interface RunOptions {
  readonly input?: string | Buffer
  readonly timeoutMs?: number
  readonly directory?: string
  readonly environment?: Readonly<Record<string, string>>
  /** Takes stdout a line at a time; it is not kept then. */
  readonly onLine?: (line: string) => void
}

const TIMEOUT_MS = 45_000

/** A running program whose lines can be waited for. Lines are kept, so that none is missed by waiting late. */
export class Child {
  readonly process: ChildProcess
  readonly exited: Promise<Outcome>
  #stdout = ''
  #stderr = ''
  #ended: Outcome | null = null
  readonly #watchers = new Set<() => void>()

  constructor(command: string, args: readonly string[], options: RunOptions = {}) {
    this.process = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      cwd: options.directory,
      env: { ...process.env, ...options.environment },
    })
    this.process.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text
      if (options.onLine !== undefined) this.#giveLines(options.onLine)
      this.#changed()
    })
    this.process.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text
      this.#changed()
    })
    this.process.stdin!.on('error', () => {})
    this.exited = new Promise((resolve, reject) => {
      this.process.on('error', reject)
      this.process.on('close', (code, signal) => {
        this.#ended = { code, signal, stdout: this.#stdout, stderr: this.#stderr }
        this.#changed()
        resolve(this.#ended)
      })
    })
    this.exited.catch(() => {})
  }

  get stdout(): string {
    return this.#stdout
  }

  get stderr(): string {
    return this.#stderr
  }

  /** Resolves to the first match in what the program has said or will say; rejects when it ends or time is up. */
  async waitFor(
    stream: 'stdout' | 'stderr',
    pattern: RegExp,
    timeoutMs = TIMEOUT_MS,
  ): Promise<RegExpExecArray> {
    const text = (): string => (stream === 'stdout' ? this.#stdout : this.#stderr)
    const match = await this.#until(() => pattern.exec(text()), timeoutMs)
    if (match !== null) return match
    const why = this.#ended === null ? `not in ${timeoutMs} ms` : 'it ended'
    throw new Error(
      `${pattern} was not said on ${stream}: ${why}\n${tail(this.#stdout)}\n${tail(this.#stderr)}`,
    )
  }

  /** Writes a line to the program. */
  say(line: string): void {
    this.process.stdin!.write(`${line}\n`)
  }

  /** Sends a signal and waits for the end. */
  async kill(signal: NodeJS.Signals = 'SIGTERM'): Promise<Outcome> {
    this.process.kill(signal)
    return await this.exited
  }

  async #until<T>(look: () => T | null, timeoutMs: number): Promise<T | null> {
    return await new Promise((resolve) => {
      const settle = (value: T | null): void => {
        clearTimeout(timer)
        this.#watchers.delete(watch)
        resolve(value)
      }
      const watch = (): void => {
        const value = look()
        if (value !== null || this.#ended !== null) settle(value)
      }
      const timer = setTimeout(() => settle(null), timeoutMs)
      this.#watchers.add(watch)
      watch()
    })
  }

  #giveLines(onLine: (line: string) => void): void {
    const lines = this.#stdout.split('\n')
    this.#stdout = lines.pop()!
    for (const line of lines) onLine(line)
  }

  #changed(): void {
    for (const watch of [...this.#watchers]) watch()
  }
}

function tail(text: string): string {
  return text.length > 4000 ? `...${text.slice(-4000)}` : text
}

/** Runs a program to its end. Rejects when it exits with another code than 0, with what it said. */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  const child = new Child(command, args, options)
  child.process.stdin!.end(options.input ?? '')
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS
  let late = false
  const timer = setTimeout(() => {
    late = true
    child.process.kill('SIGKILL')
  }, timeoutMs)
  const outcome = await child.exited.finally(() => clearTimeout(timer))
  if (outcome.code === 0) return outcome
  const why = late ? `did not end in ${timeoutMs} ms` : `ended with ${outcome.code ?? outcome.signal}`
  throw new Error(`${command} ${args.join(' ')} ${why}\n${tail(outcome.stdout)}\n${tail(outcome.stderr)}`)
}

/** Runs a program that prints a JSON value a line. */
export async function runJson<T>(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<T[]> {
  const { stdout } = await run(command, args, options)
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)
}
