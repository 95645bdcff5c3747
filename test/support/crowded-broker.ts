import { type Environment, systemEnvironment } from '../../src/base/environment.ts'
import { ZERO_UUID } from '../../src/base/uuid.ts'
import { API_NAMES, API_TABLE, type ApiName } from '../../src/protocol/api.ts'
import { batchOf, produce } from './data-requests.ts'
import { MemoryBroker } from './memory-broker.ts'
import { TransactionalClient } from './transactional-client.ts'
import type { WireClient } from './wire-client.ts'

/** Of each kind of thing there are so many in a crowded broker. */
export const CROWD = 60

const METADATA = 'm'.repeat(200)

/** `n` names, from `${prefix}0` on. */
export function names(prefix: string, count = CROWD): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`)
}

/** `0`, `1` and so on. */
export function indexes(count = CROWD): number[] {
  return Array.from({ length: count }, (_, index) => index)
}

/** The APIs that a broker says it serves. */
export function servedBy(broker: MemoryBroker): ApiName[] {
  const keys = new Set(broker.broker.apis.map(({ apiKey }) => apiKey))
  return API_NAMES.filter((name) => keys.has(API_TABLE[name].key))
}

/**
 * The machine's environment, and a clock that can be hurried: then every turn of the event loop is over when somebody looks,
 * and the turns that follow are counted.
 */
export class HurriedClock implements Environment {
  isHurried = false
  turns = 0
  #aheadMs = 0

  wallMs(): number {
    return systemEnvironment.wallMs()
  }

  monotonicMs(): number {
    if (this.isHurried) this.#aheadMs += 5
    return systemEnvironment.monotonicMs() + this.#aheadMs
  }

  setTimer(delayMs: number, callback: () => void) {
    if (this.isHurried && delayMs === 0) this.turns++
    return systemEnvironment.setTimer(delayMs, callback)
  }

  randomBytes(count: number): Buffer {
    return systemEnvironment.randomBytes(count)
  }

  random(): number {
    return systemEnvironment.random()
  }
}

/**
 * A broker with CROWD topics (`t0`…), one with as many partitions (`wide`), groups (`g0`…), one with an offset and long
 * metadata in each of those partitions (`big`), transactional ids (`x0`…), one whose transaction is in all of them
 * (`long`), and producers of `wide` 0.
 */
export async function crowdedBroker(
  environment: Environment = systemEnvironment,
): Promise<{ readonly broker: MemoryBroker; readonly client: WireClient }> {
  const settings = { 'offsets.topic.num.partitions': '1', 'transaction.state.log.num.partitions': '1' }
  const broker = await MemoryBroker.start(settings, undefined, environment)
  const client = await broker.connect()
  for (const name of names('t')) await broker.createTopic(client, name)
  await broker.createTopic(client, 'wide', {}, CROWD)
  const long = new TransactionalClient(client, 'long')
  await long.findCoordinators('big')
  for (const groupId of names('g')) await commit(client, groupId, [0], '')
  await commit(client, 'big', indexes(), METADATA)
  await long.init()
  await long.addPartitions({ wide: indexes() })
  for (const id of names('x')) {
    const one = new TransactionalClient(client, id)
    await one.init()
  }
  for (const producerId of indexes())
    await produce(
      client,
      'wide',
      batchOf(['v'], { producerId: 1000 + producerId, producerEpoch: 0, baseSequence: 0 }),
    )
  return { broker, client }
}

async function commit(client: WireClient, groupId: string, partitions: number[], metadata: string) {
  await client.call('OffsetCommit', 8, {
    groupId,
    generationIdOrMemberEpoch: -1,
    memberId: '',
    groupInstanceId: null,
    retentionTimeMs: -1,
    topics: [
      {
        name: 'wide',
        topicId: ZERO_UUID,
        partitions: partitions.map((partitionIndex) => ({
          partitionIndex,
          committedOffset: 1,
          committedLeaderEpoch: -1,
          committedMetadata: metadata,
        })),
      },
    ],
  })
}
