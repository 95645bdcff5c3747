import { ZERO_UUID } from '../../src/base/uuid.ts'
import type { IncomingResponseOf } from '../../src/protocol/api.ts'
import {
  defaultFetchRequest,
  defaultFetchRequestTopicPartition,
} from '../../src/protocol/generated/produce-fetch.ts'
import { type BatchInput, encodeBatch } from '../../src/protocol/records.ts'
import type { WireClient } from './wire-client.ts'

type Produced = IncomingResponseOf<'Produce'>['responses'][number]['partitionResponses'][number]
type Fetched = IncomingResponseOf<'Fetch'>['responses'][number]['partitions'][number]
type FetchPartition = Partial<ReturnType<typeof defaultFetchRequestTopicPartition>>
type FetchOptions = Partial<ReturnType<typeof defaultFetchRequest>> & { version?: number; index?: number }

/** A batch of records with these values. */
export function batchOf(values: readonly string[], more: Partial<BatchInput> = {}): Buffer {
  const timestamp = Date.now()
  return encodeBatch({
    records: values.map((value) => ({ timestamp, key: Buffer.from('k'), value: Buffer.from(value) })),
    ...more,
  })
}

/** Produces one batch to one partition. */
export async function produce(
  client: WireClient,
  topic: string,
  records: Buffer | null,
  options: { acks?: number; version?: number; index?: number; transactionalId?: string } = {},
): Promise<Produced> {
  const { acks = -1, version = 9, index = 0, transactionalId = null } = options
  const response = await client.call('Produce', version, {
    transactionalId,
    acks,
    timeoutMs: 30_000,
    topicData: [{ name: topic, topicId: ZERO_UUID, partitionData: [{ index, records }] }],
  })
  return response.responses[0]!.partitionResponses[0]!
}

/** Fetches from one partition; what is not said is that of a consumer that waits for nothing. */
export async function fetchOne(
  client: WireClient,
  topic: string,
  partition: FetchPartition,
  { version = 12, index = 0, ...options }: FetchOptions = {},
): Promise<Fetched> {
  const response = await client.call('Fetch', version, {
    ...defaultFetchRequest(),
    maxWaitMs: 0,
    minBytes: 1,
    ...options,
    topics: [
      {
        topic,
        topicId: ZERO_UUID,
        partitions: [
          {
            ...defaultFetchRequestTopicPartition(),
            partition: index,
            partitionMaxBytes: 1024 * 1024,
            ...partition,
          },
        ],
      },
    ],
  })
  return response.responses[0]!.partitions[0]!
}
