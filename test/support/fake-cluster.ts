import type { Uuid } from '../../src/base/uuid.ts'
import type { RequestOf, ResponseOf } from '../../src/protocol/api.ts'
import { ERROR_CODES } from '../../src/protocol/error-codes.ts'
import {
  defaultMetadataResponse,
  defaultMetadataResponseTopic,
  defaultMetadataResponseTopicPartition,
} from '../../src/protocol/generated/metadata.ts'
import { FakeBroker, type FakeHandlers } from './fake-broker.ts'

/** Leaders by partition; a topic that is not there is unknown to the brokers. */
export type Leaders = Record<string, number[]>

/** Fake brokers with ids from 1 that agree on who leads what. Handlers other than Metadata are each broker's own. */
export class FakeCluster {
  readonly brokers: FakeBroker[]
  leaders: Leaders
  readonly #down = new Set<number>()

  private constructor(brokers: FakeBroker[], leaders: Leaders) {
    this.brokers = brokers
    this.leaders = leaders
  }

  static async listen(count: number, leaders: Leaders, handlers: FakeHandlers = {}): Promise<FakeCluster> {
    const brokers = await Promise.all(Array.from({ length: count }, () => FakeBroker.listen()))
    const cluster = new FakeCluster(brokers, leaders)
    for (const broker of brokers)
      broker.handlers = { ...handlers, Metadata: (request) => cluster.metadata(request) }
    return cluster
  }

  get bootstrap(): { host: string; port: number }[] {
    return this.brokers.map((broker) => broker.address)
  }

  broker(nodeId: number): FakeBroker {
    return this.brokers[nodeId - 1]!
  }

  /** Leaves a broker out of the metadata from now on. */
  hide(nodeId: number): void {
    this.#down.add(nodeId)
  }

  metadata(request: RequestOf<'Metadata'>): ResponseOf<'Metadata'> {
    const names = request.topics?.map(({ name }) => name ?? '') ?? Object.keys(this.leaders)
    return {
      ...defaultMetadataResponse(),
      clusterId: 'fake',
      controllerId: 1,
      brokers: this.brokers
        .map(({ address }, index) => ({ nodeId: index + 1, ...address, rack: null }))
        .filter(({ nodeId }) => !this.#down.has(nodeId)),
      topics: names.map((name) => {
        const leaders = this.leaders[name]
        return {
          ...defaultMetadataResponseTopic(),
          name,
          topicId: topicId(name),
          errorCode: leaders === undefined ? ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION : ERROR_CODES.NONE,
          partitions: (leaders ?? []).map((leaderId, partitionIndex) => ({
            ...defaultMetadataResponseTopicPartition(),
            partitionIndex,
            leaderId,
            leaderEpoch: 1,
            replicaNodes: [leaderId],
            isrNodes: [leaderId],
          })),
        }
      }),
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.brokers.map((broker) => broker.close()))
  }
}

/** The id that fake brokers give a topic. */
export function topicId(name: string): Uuid {
  return name.padEnd(16, '#').slice(0, 16) as Uuid
}
