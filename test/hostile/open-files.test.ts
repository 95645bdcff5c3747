import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { defaultListGroupsRequest } from '../../src/protocol/generated/groups.ts'
import { type BrokerProcess, startBroker } from '../support/broker-process.ts'
import { batchOf, produce } from '../support/data-requests.ts'
import { createTopic } from '../support/topics.ts'
import { WireClient } from '../support/wire-client.ts'

const OPEN_FILES = 200

let broker: BrokerProcess
const sockets: Socket[] = []

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await broker.stop()
})

/** A connection that says nothing; resolves when it is made, whatever becomes of it. */
async function idle(): Promise<void> {
  const socket = connect(broker.port, '127.0.0.1').resume()
  socket.on('error', () => {})
  sockets.push(socket)
  await once(socket, 'connect')
}

test('clients that take every descriptor they can get leave the logs theirs, and are told of once', async () => {
  broker = await startBroker({
    openFilesMax: OPEN_FILES,
    settings: {
      'log.segment.bytes': '1048576',
      'offsets.topic.num.partitions': '1',
      'connections.max.silent.ms': '0',
    },
  })
  const producer = await WireClient.open(broker.port)
  await createTopic(broker.bootstrap, 't', 1)
  for (let count = 0; count < 2 * OPEN_FILES; count++) await idle()
  // Every other one begins a segment.
  const batch = batchOf(['x'.repeat(600_000)])
  for (let count = 0; count < 20; count++) expect((await produce(producer, 't', batch)).errorCode).toBe(0)
  expect(broker.log.match(/open files used up/g)).toHaveLength(1)
  producer.close()
  for (const socket of sockets.splice(0)) socket.destroy()
  const late = await reconnected()
  expect((await produce(late, 't', batch)).errorCode).toBe(0)
  late.close()
  expect(await broker.stop()).toBe(0)
})

/** A client that is let in once the others have gone. */
async function reconnected(): Promise<WireClient> {
  for (;;) {
    const client = await WireClient.open(broker.port)
    const isIn = await client.call('ListGroups', 0, defaultListGroupsRequest()).then(
      () => true,
      () => false,
    )
    if (isIn) return client
    client.close()
  }
}
