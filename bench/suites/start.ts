import { writeFile } from 'node:fs/promises'
import { ZERO_UUID } from '../../src/base/uuid.ts'
import { encodeBatch } from '../../src/protocol/records.ts'
import { answerOf, type Request, requestOf, WireConnection } from '../load/wire-connection.ts'
import { type RunningPeer, settleDisk, sleep } from '../peers/running-peer.ts'

const VERSION = 9
const RETRY_MS = 2
const START_MS_MAX = 120_000
const ACK_MS_MAX = 5_000
const DROP_CACHES = '/proc/sys/vm/drop_caches'

/** Empties the page cache, which only root may. Returns whether it could. */
export async function dropCaches(): Promise<boolean> {
  await settleDisk()
  return await writeFile(DROP_CACHES, '3').then(
    () => true,
    () => false,
  )
}

/**
 * Starts a broker that was stopped, and asks it for an acknowledgement from the first moment on. Returns the
 * milliseconds from the start of its process to the first that it gave.
 */
export async function startToFirstAck(peer: RunningPeer, port: number, topic: string): Promise<number> {
  const request = oneRecord(topic)
  const startMs = performance.now()
  const starting = peer.restart(port)
  starting.catch(() => {})
  while (!(await tryToProduce(port, request))) {
    if (performance.now() - startMs > START_MS_MAX) throw new Error(`${peer.contender.name} does not start`)
    await sleep(RETRY_MS)
  }
  const ms = performance.now() - startMs
  await starting
  return ms
}

function oneRecord(topic: string): Request {
  const records = encodeBatch({
    records: [{ timestamp: Date.now(), key: null, value: Buffer.from('first') }],
  })
  return requestOf('Produce', VERSION, {
    transactionalId: null,
    acks: -1,
    timeoutMs: ACK_MS_MAX,
    topicData: [{ name: topic, topicId: ZERO_UUID, partitionData: [{ index: 0, records }] }],
  })
}

async function tryToProduce(port: number, request: Request): Promise<boolean> {
  const connection = await WireConnection.open(port).catch(() => null)
  if (connection === null) return false
  return await new Promise<boolean>((resolve) => {
    const settle = (isAcknowledged: boolean): void => {
      connection.close()
      resolve(isAcknowledged)
    }
    connection.send(
      request,
      (frame) => settle(errorCodeOf(frame) === 0),
      () => settle(false),
    )
  })
}

function errorCodeOf(frame: Buffer): number {
  return answerOf('Produce', VERSION, frame).responses[0]!.partitionResponses[0]!.errorCode
}
