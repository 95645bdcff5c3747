/** Where a broker listens. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** Parses `HOST:PORT`, `[IPV6]:PORT`, or a host alone when `defaultPort` is given; null when it is neither. */
export function parseAddress(text: string, defaultPort?: number): Address | null {
  const match = /^(?:\[([^\]\s]+)\]|([^:\s]+))(?::(\d{1,5}))?$/.exec(text.trim())
  const host = match?.[1] ?? match?.[2]
  if (match === null || host === undefined) return null
  const port = match[3] === undefined ? defaultPort : Number(match[3])
  if (port === undefined || port > 65535) return null
  return { host, port }
}

/** Parses a comma-separated bootstrap list; null when an entry is no address or there is none. */
export function parseBootstrap(text: string, defaultPort: number): Address[] | null {
  const addresses: Address[] = []
  for (const part of text.split(',')) {
    if (part.trim() === '') continue
    const address = parseAddress(part, defaultPort)
    if (address === null || address.port === 0) return null
    addresses.push(address)
  }
  return addresses.length > 0 ? addresses : null
}

/** Prints an address so that it parses back. */
export function formatAddress(address: Address): string {
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`
}
