import type { Socket } from 'node:net'
import type { LogFields } from '../../base/logger.ts'
import type { ConnectionInfo } from './handler.ts'

const IPV4_IN_IPV6 = '::ffff:'

let connectionsMade = 0

/** What is known of one client, and who wants to hear when it is gone. */
export class ConnectionFacts implements ConnectionInfo {
  readonly id: number
  readonly clientHost: string
  readonly clientPort: number
  readonly localHost: string
  readonly localPort: number
  readonly listenerName: string
  clientSoftwareName = 'unknown'
  clientSoftwareVersion = 'unknown'
  closed = false
  readonly #callbacks = new Set<() => void>()

  constructor(socket: Socket, listenerName: string) {
    this.id = ++connectionsMade
    this.clientHost = plainHost(socket.remoteAddress)
    this.clientPort = socket.remotePort ?? 0
    this.localHost = plainHost(socket.localAddress)
    this.localPort = socket.localPort ?? 0
    this.listenerName = listenerName
  }

  /** How log lines name this connection. */
  get logFields(): LogFields {
    return {
      connection: this.id,
      client: `${this.clientHost}:${this.clientPort}`,
      listener: this.listenerName,
    }
  }

  onClose(callback: () => void): () => void {
    if (this.closed) {
      let wanted = true
      process.nextTick(() => {
        if (wanted) callback()
      })
      return () => {
        wanted = false
      }
    }
    // A function of its own, so that the same callback may be there twice.
    const entry = () => callback()
    this.#callbacks.add(entry)
    return () => {
      this.#callbacks.delete(entry)
    }
  }

  /** Called once by the connection. A callback that throws keeps the others from nothing. */
  close(onFault: (error: unknown) => void): void {
    this.closed = true
    const callbacks = [...this.#callbacks]
    this.#callbacks.clear()
    for (const callback of callbacks) {
      try {
        callback()
      } catch (error) {
        onFault(error)
      }
    }
  }
}

/** An IPv4 address in its own form also where a dual-stack socket shows it as IPv6. '' once the peer is gone. */
export function plainHost(address: string | undefined): string {
  if (address === undefined) return ''
  return address.startsWith(IPV4_IN_IPV6) ? address.slice(IPV4_IN_IPV6.length) : address
}
