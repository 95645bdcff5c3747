/** A broker in a process of its own that a benchmark can load, measure and end. */
export interface Peer {
  readonly bootstrap: string
  readonly port: number
  readonly pid: number
  /** SIGKILL; the data stay. */
  kill(): Promise<void>
  /** SIGTERM, and the data go unless the directory was named by the caller. */
  stop(): Promise<unknown>
}

/** Where and how a contender is to start. */
export interface StartOptions {
  readonly dataDirectory: string
  /** A free one where none is named. */
  readonly port?: number
  readonly settings?: Readonly<Record<string, string>>
}

/** A broker to be compared. */
export interface Contender {
  readonly name: string
  /** Resolves when it serves. */
  start(options: StartOptions): Promise<Peer>
}
