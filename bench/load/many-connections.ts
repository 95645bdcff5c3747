import { WireConnection } from './wire-connection.ts'

const API_VERSIONS_VERSION = 3
const SOFTWARE = { clientSoftwareName: 'bench', clientSoftwareVersion: '1' }

/** Fewer connections than a listening socket queues by default. */
export const AT_A_TIME = 40

/** Opens a connection and says what every client says first: one that is silent may be closed. */
export async function openConnection(port: number): Promise<WireConnection> {
  const connection = await WireConnection.open(port)
  await connection.call('ApiVersions', API_VERSIONS_VERSION, SOFTWARE)
  return connection
}

/** Opens many connections, some at a time. */
export async function openAll(port: number, count: number): Promise<WireConnection[]> {
  const connections: WireConnection[] = []
  while (connections.length < count) {
    const more = Math.min(AT_A_TIME, count - connections.length)
    connections.push(...(await Promise.all(Array.from({ length: more }, () => openConnection(port)))))
  }
  return connections
}
