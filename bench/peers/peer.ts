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

/** A broker to be compared: how to start it on a directory, on a port or on a free one. */
export interface Contender {
  readonly name: string
  start(options: { readonly dataDirectory: string; readonly port?: number }): Promise<Peer>
}
