import { splitList } from '../../base/options.ts'

/** An address that the broker binds. An empty host is every interface, port 0 one that the system picks. */
export interface ListenerOptions {
  readonly name: string
  readonly host: string
  readonly port: number
}

const LISTENER = /^([A-Za-z0-9_-]+):\/\/(?:\[([0-9a-fA-F:.%\w]+)\]|([^:\s/]*)):(\d{1,5})$/
const LISTENERS_MAX = 16

/** Parses NAME://host:port; null when it is not one. Listener names are folded to upper case, as Kafka does. */
export function parseListener(text: string): ListenerOptions | null {
  const match = LISTENER.exec(text)
  if (match === null) return null
  const port = Number(match[4])
  if (port > 65535) return null
  return { name: match[1]!.toUpperCase(), host: match[2] ?? match[3] ?? '', port }
}

/** Parses a list of listeners; what is wrong is added to `faults`. */
export function parseListeners(option: string, text: string, faults: string[]): ListenerOptions[] {
  const listeners: ListenerOptions[] = []
  for (const element of splitList(text)) {
    const listener = parseListener(element)
    if (listener === null) faults.push(`${option}: ${element} is not of the form NAME://host:port`)
    else if (listeners.some((other) => other.name === listener.name))
      faults.push(`${option}: the listener name ${listener.name} is given twice`)
    else listeners.push(listener)
  }
  if (listeners.length > LISTENERS_MAX) faults.push(`${option}: more than ${LISTENERS_MAX} listeners`)
  return listeners
}

/** Parses NAME:PROTOCOL pairs; what is wrong is added to `faults`. */
export function parseProtocolMap(option: string, text: string, faults: string[]): Map<string, string> {
  const protocols = new Map<string, string>()
  for (const element of splitList(text)) {
    const [name, protocol, ...rest] = element.split(':')
    if (name === undefined || protocol === undefined || rest.length > 0)
      faults.push(`${option}: ${element} is not of the form NAME:PROTOCOL`)
    else protocols.set(name.trim().toUpperCase(), protocol.trim().toUpperCase())
  }
  return protocols
}

/** True for an address that stands for every interface. */
export function isWildcard(host: string): boolean {
  return host === '' || host === '0.0.0.0' || host === '::' || host === '*'
}
