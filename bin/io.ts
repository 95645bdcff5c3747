import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { type Environment, systemEnvironment } from '../src/base/environment.ts'
import { EXIT_FAILED } from './exit-code.ts'

/** All that a command sees of the world besides brokers: data goes to `out`, messages go to `note`. */
export interface Io {
  readonly environment: Environment
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Columns that a table may take; null: not a terminal, nothing is cut. */
  readonly columns: number | null
  readonly colourOut: boolean
  readonly colourNote: boolean
  /** Writes data; resolves when more is welcome. */
  out(data: string | Buffer): Promise<void>
  /** Writes one line for the reader, not for the next program. */
  note(line: string): void
  /** Writes a text where notes go, or returns false: what nobody reads there is too much already. Never waits. */
  noteText(text: string): boolean
  /** Resolves when what was noted is read, but not later than this. */
  noted(withinMs: number): Promise<void>
  /** Columns of the terminal that notes go to; null: it is none, and `status` shows nothing. */
  readonly statusColumns: number | null
  /** Shows a line that the next one, or a note, takes the place of; '' takes it away. */
  status(line: string): void
  /** The bytes that are piped or typed in. */
  input(): AsyncIterable<Buffer>
  /** Somebody types the input. */
  readonly inputIsTyped: boolean
  /** Calls back when the user asks to stop (SIGINT, SIGTERM). Returns the way to unsubscribe. */
  onInterrupt(callback: () => void): () => void
  /** Ends the process without finishing anything. */
  exitAtOnce(exitCode: number): void
  /** Calls back when an error was caught by nobody: the process can't be trusted and is to end. */
  onFault(callback: (error: unknown) => void): void
  /** From now on nothing happens when whoever reads what is written goes away. */
  outliveReaders(): void
}

interface OutputStream extends Writable {
  readonly isTTY?: boolean
  readonly columns?: number
}

/** What a reader of notes may leave unread: some thousand lines. */
const UNREAD_BYTES_MAX = 1024 * 1024

/** The process's own streams and signals. */
export function processIo(): Io {
  const { stdout, stderr, stdin, env } = process
  let shown = ''
  const status = (line: string): void => {
    if (!stderr.isTTY || line === shown) return
    shown = line
    stderr.write(`\r\x1b[K${line}`)
  }
  return {
    environment: systemEnvironment,
    variables: env,
    columns: columnsOf(stdout),
    colourOut: wantsColour(stdout, env),
    colourNote: wantsColour(stderr, env),
    out: (data) => writeAll(stdout, data),
    note(line) {
      status('')
      stderr.write(`${line}\n`)
    },
    noteText(text) {
      if (stderr.writableLength > UNREAD_BYTES_MAX) return false
      status('')
      stderr.write(text)
      return true
    },
    noted: (withinMs) => drained(stderr, withinMs),
    statusColumns: columnsOf(stderr),
    status,
    input: () => chunksOf(stdin),
    inputIsTyped: stdin.isTTY === true,
    onInterrupt(callback) {
      process.on('SIGINT', callback)
      process.on('SIGTERM', callback)
      return () => {
        process.off('SIGINT', callback)
        process.off('SIGTERM', callback)
      }
    },
    exitAtOnce: (exitCode) => process.exit(exitCode),
    onFault: (callback) => void process.on('uncaughtException', callback),
    outliveReaders() {
      endsWithReaders = false
    },
  }
}

let endsWithReaders = true

/**
 * A reader that went away (`| head`) is no failure: the process ends without a word, unless it is to outlive them. That
 * the output cannot be written (a full disk) is told in one line.
 */
export function endQuietlyOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!endsWithReaders) return
      if (error.code === 'EPIPE') process.exit(0)
      // Of a disk that is full nobody is told twice.
      if (stream === process.stdout)
        process.stderr.write(`error: cannot write the output: ${error.message}\n`)
      process.exit(EXIT_FAILED)
    })
}

/** A terminal that does not know its width is taken for one of the usual width. */
function columnsOf(stream: OutputStream): number | null {
  if (stream.isTTY !== true) return null
  return stream.columns === undefined || stream.columns === 0 ? 80 : stream.columns
}

function wantsColour(stream: OutputStream, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'
}

async function writeAll(stream: OutputStream, data: string | Buffer): Promise<void> {
  if (!stream.write(data)) await once(stream, 'drain')
}

async function drained(stream: OutputStream, withinMs: number): Promise<void> {
  if (stream.writableLength === 0 || stream.destroyed) return
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, withinMs)
    stream.write('', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

async function* chunksOf(stream: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of stream) yield Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk))
}
