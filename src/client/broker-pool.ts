import type { Address } from './address.ts'
import { ConnectionError } from './client-error.ts'
import type { Connection } from './connection.ts'

/**
 * What a connection is for. A broker answers one connection in order, so that whatever may be parked there (a fetch,
 * a join) has a connection of its own and delays nothing else.
 */
export type Lane = 'main' | 'produce' | 'fetch' | `group:${string}`

/** Opens a connection that is ready for requests. Throws ClientError. */
export type OpenConnection = (address: Address) => Promise<Connection>

/** The brokers that are known and the connections to them: at most one to a broker and lane, opened when needed. */
export class BrokerPool {
  readonly #open: OpenConnection
  readonly #bootstrap: readonly Address[]
  readonly #addresses = new Map<number, Address>()
  readonly #connections = new Map<string, Promise<Connection>>()
  #bootstrapConnection: Promise<Connection> | null = null
  #closed = false

  constructor(bootstrap: readonly Address[], open: OpenConnection) {
    this.#bootstrap = bootstrap
    this.#open = open
  }

  /** Ids of the brokers that are known. */
  get nodeIds(): readonly number[] {
    return [...this.#addresses.keys()]
  }

  /** Takes the brokers of a metadata answer; connections to those that moved are closed. */
  update(brokers: readonly { nodeId: number; host: string; port: number }[]): void {
    const gone = new Set(this.#addresses.keys())
    for (const { nodeId, host, port } of brokers) {
      const known = this.#addresses.get(nodeId)
      if (known?.host === host && known.port === port) gone.delete(nodeId)
      this.#addresses.set(nodeId, { host, port })
    }
    for (const nodeId of gone) {
      if (!brokers.some((broker) => broker.nodeId === nodeId)) this.#addresses.delete(nodeId)
      for (const [key, connection] of this.#connections)
        if (key.startsWith(`${nodeId}/`)) this.#drop(key, connection)
    }
  }

  /** A connection to one broker. Throws ConnectionError, also when there is no such broker. */
  async connection(nodeId: number, lane: Lane = 'main'): Promise<Connection> {
    const address = this.#addresses.get(nodeId)
    if (address === undefined)
      throw new ConnectionError({ host: `broker ${nodeId}`, port: 0 }, 'no such broker is known', {
        sent: false,
      })
    const key = `${nodeId}/${lane}`
    let opening = this.#connections.get(key)
    if (opening === undefined) {
      opening = this.#openAdvertised(nodeId, address)
      this.#connections.set(key, opening)
      this.#forgetWhenClosed(opening, () => {
        if (this.#connections.get(key) === opening) this.#connections.delete(key)
      })
    }
    return opening
  }

  /** A connection to whichever broker can be had: a known one, else the first bootstrap address that answers. */
  async anyConnection(): Promise<Connection> {
    for (const nodeId of this.#addresses.keys()) {
      try {
        return await this.connection(nodeId)
      } catch (error) {
        if (!(error instanceof ConnectionError)) throw error
      }
    }
    return this.bootstrapConnection()
  }

  /**
   * A connection to the first bootstrap address that answers. It is kept beside those to brokers by id: it may lead to
   * one of them by another address. Throws the
   * last address's error when none answers.
   */
  bootstrapConnection(): Promise<Connection> {
    if (this.#bootstrapConnection === null) {
      const opening = this.#openBootstrap()
      this.#bootstrapConnection = opening
      this.#forgetWhenClosed(opening, () => {
        if (this.#bootstrapConnection === opening) this.#bootstrapConnection = null
      })
    }
    return this.#bootstrapConnection
  }

  /** Closes every connection; none can be opened afterwards. */
  close(): void {
    this.#closed = true
    if (this.#bootstrapConnection !== null) closeWhenOpen(this.#bootstrapConnection)
    for (const [key, connection] of this.#connections) this.#drop(key, connection)
  }

  async #openBootstrap(): Promise<Connection> {
    let failure: unknown
    for (const address of this.#bootstrap) {
      try {
        return await this.#openChecked(address)
      } catch (error) {
        if (!(error instanceof ConnectionError)) throw error
        failure = error
      }
    }
    throw failure
  }

  /** Who was sent to an address where nobody answers is told who sends clients there. */
  async #openAdvertised(nodeId: number, address: Address): Promise<Connection> {
    try {
      return await this.#openChecked(address)
    } catch (error) {
      const isOurs = this.#bootstrap.some(({ host, port }) => host === address.host && port === address.port)
      if (!(error instanceof ConnectionError) || error.sent || isOurs || this.#closed) throw error
      throw new ConnectionError(
        address,
        `${error.reason} (broker ${nodeId} has clients told that it is there: see advertised.listeners)`,
        { sent: false, cause: error.cause },
      )
    }
  }

  async #openChecked(address: Address): Promise<Connection> {
    if (this.#closed) throw new ConnectionError(address, 'the client is closed', { sent: false })
    const connection = await this.#open(address)
    if (this.#closed) connection.close()
    return connection
  }

  #forgetWhenClosed(opening: Promise<Connection>, forget: () => void): void {
    opening.then((connection) => connection.onClose(forget), forget)
  }

  #drop(key: string, connection: Promise<Connection>): void {
    this.#connections.delete(key)
    closeWhenOpen(connection)
  }
}

function closeWhenOpen(opening: Promise<Connection>): void {
  opening.then(
    (connection) => connection.close(),
    () => {},
  )
}
