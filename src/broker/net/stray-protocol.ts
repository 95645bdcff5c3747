const HTTP_STARTS: ReadonlySet<string> = new Set([
  'GET ',
  'POST',
  'PUT ',
  'HEAD',
  'OPTI',
  'DELE',
  'PATC',
  'CONN',
  'TRAC',
  'PRI ',
  'HTTP',
])

/** What speaks to the Kafka port by mistake, told by its first four bytes read as a frame size; null when unknown. */
export function strayProtocol(size: number): 'HTTP' | 'TLS' | 'SSH' | null {
  const text = String.fromCharCode(size >>> 24, (size >>> 16) & 0xff, (size >>> 8) & 0xff, size & 0xff)
  if (HTTP_STARTS.has(text)) return 'HTTP'
  if (text === 'SSH-') return 'SSH'
  return size >>> 16 === 0x1603 ? 'TLS' : null
}
