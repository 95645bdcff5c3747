import { type OptionDefinition, OptionsError, parseOption, unknownName } from '../base/options.ts'
import {
  type BrokerOptionName,
  type BrokerOptionValues,
  brokerOptions,
  isBrokerOption,
} from './options/broker-options.ts'
import { isWildcard, type ListenerOptions, parseListeners, parseProtocolMap } from './options/listeners.ts'
import { topicDefaultsFault } from './options/topic-config.ts'

export {
  type BrokerOptionName,
  type BrokerOptionValues,
  brokerOptions,
  isBrokerOption,
} from './options/broker-options.ts'
export { clientMetricsOptions } from './options/client-metrics-options.ts'
export { groupOptions } from './options/group-options.ts'
export { isWildcard, type ListenerOptions } from './options/listeners.ts'
export { type Property, parseProperties, parseSetting, propertiesOf } from './options/properties.ts'
export { type TopicConfig, topicConfigOf } from './options/topic-config.ts'
export { topicOptions } from './options/topic-options.ts'

/** Bound of the memory of requests in flight when queued.max.request.bytes is -1. */
export const REQUEST_MEMORY_BYTES = 256 * 1024 * 1024

/** What the broker was started with: checked, complete, never changed. */
export class BrokerOptions {
  /** The listeners that are opened: all of `listeners` but those of controller.listener.names. */
  readonly listeners: readonly ListenerOptions[]
  readonly #values: BrokerOptionValues
  readonly #texts: ReadonlyMap<string, string>
  readonly #advertised: ReadonlyMap<string, ListenerOptions>

  private constructor(texts: ReadonlyMap<string, string>, values: BrokerOptionValues, faults: string[]) {
    this.#texts = texts
    this.#values = values
    const apart = new Set((values['controller.listener.names'] ?? []).map((name) => name.toUpperCase()))
    const mine = (listener: ListenerOptions): boolean => !apart.has(listener.name)
    this.listeners = parseListeners('listeners', values['listeners'].join(','), faults).filter(mine)
    const advertised = parseListeners(
      'advertised.listeners',
      (values['advertised.listeners'] ?? []).join(','),
      faults,
    ).filter(mine)
    this.#advertised = new Map(advertised.map((listener) => [listener.name, listener]))
    this.#check(faults)
  }

  /** Takes settings by name, as text. Throws an OptionsError that names everything that is wrong with them. */
  static from(settings: Readonly<Record<string, string>> | ReadonlyMap<string, string>): BrokerOptions {
    const texts = new Map(settings instanceof Map ? settings : Object.entries(settings))
    const faults: string[] = []
    for (const name of texts.keys())
      if (!isBrokerOption(name)) faults.push(unknownName(name, Object.keys(brokerOptions)))
    const values: Record<string, unknown> = {}
    for (const [name, definition] of Object.entries<OptionDefinition>(brokerOptions)) {
      const text = texts.get(name) ?? definition.default
      const parsed = text === null ? { value: null } : parseOption(name, definition, text)
      if ('fault' in parsed) faults.push(parsed.fault)
      else values[name] = parsed.value
    }
    if (faults.length > 0) throw new OptionsError(faults)
    const options = new BrokerOptions(texts, values as BrokerOptionValues, faults)
    if (faults.length > 0) throw new OptionsError(faults)
    return options
  }

  /** The value of an option: as set, else its default. */
  get<Name extends BrokerOptionName>(name: Name): BrokerOptionValues[Name] {
    return this.#values[name]
  }

  /**
   * What was set, as it was written; null when the default is used. node.id and broker.id are one setting: as in Kafka
   * broker.id is given the broker's number, whoever set it, and it is none that sets node.id while it is -1.
   */
  setText(name: string): string | null {
    if (name === 'broker.id') return String(this.nodeId)
    const text = this.#texts.get(name)
    if (text !== undefined) return text
    if (name === 'node.id' && this.get('broker.id') >= 0) return String(this.nodeId)
    return null
  }

  get nodeId(): number {
    const brokerId = this.get('broker.id')
    return this.#texts.has('node.id') || brokerId < 0 ? this.get('node.id') : brokerId
  }

  get dataDirectory(): string {
    return this.get('log.dirs')?.[0] ?? this.get('log.dir')[0]!
  }

  /** Bytes of requests that may be in memory at once: never less than one of the largest size. */
  get requestMemoryBytes(): number {
    const bytes = this.get('queued.max.request.bytes')
    return Math.max(bytes < 0 ? REQUEST_MEMORY_BYTES : bytes, this.get('socket.request.max.bytes'))
  }

  /** Where HTTP is served; null: nowhere. */
  get httpListener(): { readonly host: string; readonly port: number } | null {
    const text = this.get('http.listener')
    if (text === null) return null
    const colon = text.lastIndexOf(':')
    return { host: text.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(text.slice(colon + 1)) }
  }

  /**
   * The address of this broker for clients of a listener: the advertised one, else the bound one, else (for a listener
   * on every interface) the address that the client dialled.
   */
  advertisedAddress(
    listenerName: string,
    dialled: { readonly localHost: string; readonly localPort: number },
  ): { readonly host: string; readonly port: number } {
    const advertised = this.#advertised.get(listenerName)
    if (advertised !== undefined)
      return { host: advertised.host, port: advertised.port === 0 ? dialled.localPort : advertised.port }
    const bound = this.listeners.find((listener) => listener.name === listenerName)
    const host = bound === undefined || isWildcard(bound.host) ? dialled.localHost : bound.host
    return { host, port: dialled.localPort }
  }

  #check(faults: string[]): void {
    if (this.listeners.length === 0) faults.push('listeners: there must be at least one')
    const protocols = parseProtocolMap(
      'listener.security.protocol.map',
      this.get('listener.security.protocol.map'),
      faults,
    )
    for (const { name } of this.listeners) {
      const protocol = protocols.get(name)
      if (protocol === undefined)
        faults.push(`listeners: listener.security.protocol.map has no protocol for ${name}`)
      else if (protocol !== 'PLAINTEXT')
        faults.push(`listeners: ${name} is ${protocol}, only PLAINTEXT is served`)
    }
    for (const { name, host } of this.#advertised.values()) {
      if (isWildcard(host)) faults.push(`advertised.listeners: ${name} needs a host that clients can reach`)
      if (!this.listeners.some((listener) => listener.name === name))
        faults.push(`advertised.listeners: ${name} is not one of listeners`)
    }
    const directories = this.get('log.dirs') ?? this.get('log.dir')
    if (directories.length !== 1)
      faults.push(`log.dirs: exactly one data directory is served, not ${directories.length}`)
    const brokerId = this.get('broker.id')
    if (this.#texts.has('node.id') && brokerId >= 0 && brokerId !== this.get('node.id'))
      faults.push(`broker.id is ${brokerId} and node.id ${this.get('node.id')}: they must agree`)
    if (this.get('group.min.session.timeout.ms') > this.get('group.max.session.timeout.ms'))
      faults.push('group.min.session.timeout.ms must not exceed group.max.session.timeout.ms')
    const topicFault = topicDefaultsFault(this)
    if (topicFault !== null) faults.push(topicFault)
    if (this.get('default.replication.factor') < 1)
      faults.push('default.replication.factor must be at least 1')
  }
}
