import type { Io } from '../../bin/io.ts'
import { type Environment, ManualEnvironment } from '../../src/base/environment.ts'

/** The world of one command: what it is given, and what it says. */
export class FakeIo implements Io {
  readonly environment: Environment
  readonly variables: Record<string, string | undefined> = {}
  columns: number | null = null
  colourOut = false
  colourNote = false
  inputIsTyped = false
  inputChunks: Iterable<string | Buffer> | AsyncIterable<string | Buffer> = []
  outText = ''
  readonly notes: string[] = []
  statusColumns: number | null = null
  readonly statuses: string[] = []
  exitedAtOnce: number | null = null
  outlivesReaders = false
  /** What an error does that nobody catches. */
  fault: (error: unknown) => void = () => {}
  readonly #interrupted = new Set<() => void>()

  constructor(environment: Environment = new ManualEnvironment()) {
    this.environment = environment
  }

  async out(data: string | Buffer): Promise<void> {
    this.outText += data.toString()
  }

  note(line: string): void {
    this.notes.push(line)
  }

  noteText(text: string): boolean {
    this.notes.push(text.trimEnd())
    return true
  }

  async noted(): Promise<void> {}

  onFault(callback: (error: unknown) => void): void {
    this.fault = callback
  }

  outliveReaders(): void {
    this.outlivesReaders = true
  }

  status(line: string): void {
    if (this.statusColumns !== null) this.statuses.push(line)
  }

  async *input(): AsyncGenerator<Buffer> {
    for await (const chunk of this.inputChunks) yield Buffer.from(chunk)
  }

  onInterrupt(callback: () => void): () => void {
    this.#interrupted.add(callback)
    return () => this.#interrupted.delete(callback)
  }

  exitAtOnce(exitCode: number): void {
    this.exitedAtOnce = exitCode
  }

  /** What a signal does. */
  interrupt(): void {
    for (const callback of this.#interrupted) callback()
  }
}
