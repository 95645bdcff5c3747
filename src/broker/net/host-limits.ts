import { lookup } from 'node:dns/promises'
import type { Logger } from '../../base/logger.ts'
import { splitList } from '../../base/options.ts'
import { plainHost } from './connection-facts.ts'

const ADDRESS = /^[0-9.]+$|:/

/** The addresses that a name stands for. Rejects where it is none. */
export type Resolve = (name: string) => Promise<readonly string[]>

const resolveByDns: Resolve = async (name) => {
  const found = await lookup(name, { all: true })
  return found.map(({ address }) => address)
}

/**
 * Limits of single clients: max.connections.per.ip.overrides, a list of host:count. A name stands for the addresses that
 * it had when the list was set, once they are known; one that stands for none is said and has no effect.
 */
export class HostLimits {
  readonly #logger: Logger
  readonly #resolve: Resolve
  #text = ''
  #byHost = new Map<string, number>()

  constructor(logger: Logger, resolve: Resolve = resolveByDns) {
    this.#logger = logger
    this.#resolve = resolve
  }

  /** The limit of a client by the list `text`, which was checked; undefined where it does not name it. */
  limitOf(host: string, text: string): number | undefined {
    if (text !== this.#text) this.#take(text)
    return this.#byHost.get(host)
  }

  #take(text: string): void {
    const byHost = new Map<string, number>()
    this.#text = text
    this.#byHost = byHost
    for (const element of splitList(text)) {
      const colon = element.lastIndexOf(':')
      const host = element.slice(0, colon).replace(/^\[(.*)\]$/, '$1')
      const count = Number(element.slice(colon + 1))
      if (ADDRESS.test(host)) byHost.set(plainHost(host), count)
      else void this.#learn(byHost, host, count)
    }
  }

  async #learn(byHost: Map<string, number>, name: string, count: number): Promise<void> {
    try {
      for (const address of await this.#resolve(name)) byHost.set(plainHost(address), count)
    } catch (error) {
      this.#logger.warn('max.connections.per.ip.overrides names a host that is not known', {
        host: name,
        reason: String(error),
      })
    }
  }
}
