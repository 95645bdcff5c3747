const THIS_MACHINE = '127.0.0.1'

/** Where a broker listens. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** What an address may leave out. */
export interface AddressDefaults {
  /** For a host alone. */
  readonly port?: number
  /** For `:PORT`. */
  readonly host?: string
}

/**
 * Parses `HOST:PORT`, `[IPV6]:PORT`, or with a default the part that is there alone; `PLAINTEXT://` may stand before it, as
 * in Kafka's settings. null when it is none of these.
 */
export function parseAddress(text: string, defaults: AddressDefaults = {}): Address | null {
  const match = /^(?:plaintext:\/\/)?(?:\[([^\]\s]+)\]|([^:\s/]+))?(?::(\d{1,5}))?$/i.exec(text.trim())
  if (match === null) return null
  const named = match[1] ?? match[2]
  if (named === undefined && match[3] === undefined) return null
  const host = named ?? defaults.host
  const port = match[3] === undefined ? defaults.port : Number(match[3])
  if (host === undefined || port === undefined || port > 65535) return null
  return { host, port }
}

/**
 * Parses a comma-separated bootstrap list, whose entries may leave out the host (this machine) or the port; null when one is
 * no address or there is none.
 */
export function parseBootstrap(text: string, defaultPort: number): Address[] | null {
  const addresses: Address[] = []
  for (const part of text.split(',')) {
    if (part.trim() === '') continue
    const address = parseAddress(part, { port: defaultPort, host: THIS_MACHINE })
    if (address === null || address.port === 0) return null
    addresses.push(address)
  }
  return addresses.length > 0 ? addresses : null
}

/** Prints an address so that it parses back. */
export function formatAddress(address: Address): string {
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`
}
