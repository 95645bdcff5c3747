import { defaultMetadataRequest } from '../../src/protocol/generated/metadata.ts'
import { AT_A_TIME, openConnection } from './many-connections.ts'
import type { WireConnection } from './wire-connection.ts'
import type { IdleOutcome, IdleTask, Orders } from './wire-tasks.ts'

const METADATA_VERSION = 9

/** Opens some at a time; when told to stop, asks each once more. */
export async function idleLoad(task: IdleTask, orders: Orders): Promise<IdleOutcome> {
  const connections: WireConnection[] = []
  let refused = 0
  for (let from = 0; from < task.connections; from += AT_A_TIME) {
    const count = Math.min(AT_A_TIME, task.connections - from)
    const opened = await Promise.allSettled(Array.from({ length: count }, () => openOne(task.port)))
    for (const result of opened) {
      if (result.status === 'fulfilled') connections.push(result.value)
      else refused++
    }
  }
  await orders.ready()
  await orders.stopped
  let held = 0
  for (let from = 0; from < connections.length; from += AT_A_TIME) {
    const asked = await Promise.allSettled(connections.slice(from, from + AT_A_TIME).map(askMetadata))
    held += asked.filter(({ status }) => status === 'fulfilled').length
  }
  return { held, refused }
}

async function openOne(port: number): Promise<WireConnection> {
  const connection = await openConnection(port)
  await askMetadata(connection)
  return connection
}

async function askMetadata(connection: WireConnection): Promise<void> {
  if (connection.isClosed) throw new Error('closed')
  await connection.call('Metadata', METADATA_VERSION, { ...defaultMetadataRequest(), topics: [] })
}
