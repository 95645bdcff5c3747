import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { ZERO_UUID } from '../../src/base/uuid.ts'
import { API_TABLE, type ApiName, encodeRequest, type OutgoingRequestOf } from '../../src/protocol/api.ts'
import { defaultMetadataRequest, defaultMetadataRequestTopic } from '../../src/protocol/generated/metadata.ts'
import {
  defaultFetchRequest,
  defaultFetchRequestTopicPartition,
} from '../../src/protocol/generated/produce-fetch.ts'
import { defaultCreateTopicsRequestTopic } from '../../src/protocol/generated/topics.ts'
import { encodeBatch } from '../../src/protocol/records.ts'
import { produce } from '../support/data-requests.ts'
import { WireClient } from '../support/wire-client.ts'

/** Something that a client with no manners does. */
export interface Abuse {
  readonly name: string
  readonly pauseMs?: number
  /** Makes ready what it needs, and resolves to one round of it. */
  begin(port: number): Promise<() => Promise<void>>
}

const TOPIC = 'abused'
const MANY = 10_000
/** As many as a partition keeps in mind. */
const PRODUCERS = 100_000
/** Topics that are there, for requests that name them all. */
const STANDING = 2000

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

async function dial(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

function frameOf<Name extends ApiName>(
  name: Name,
  version: number,
  request: OutgoingRequestOf<Name>,
): Buffer {
  return Buffer.concat(encodeRequest(API_TABLE[name], version, 1, 'hostile', request).pieces as Buffer[])
}

function announced(size: number): Buffer {
  const bytes = Buffer.alloc(12)
  bytes.writeInt32BE(size, 0)
  bytes.writeInt16BE(API_TABLE.Produce.key, 4)
  bytes.writeInt16BE(9, 6)
  return bytes
}

async function create(
  client: WireClient,
  names: readonly string[],
  configs: Readonly<Record<string, string>> = {},
  validateOnly = false,
): Promise<void> {
  await client.call('CreateTopics', 5, {
    timeoutMs: 60_000,
    validateOnly,
    topics: names.map((name) => ({
      ...defaultCreateTopicsRequestTopic(),
      name,
      numPartitions: 1,
      replicationFactor: 1,
      configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
    })),
  })
}

function named(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`)
}

/** One request again and again, of a client that waits for the answers. */
function repeated<Name extends ApiName>(
  name: Name,
  version: number,
  request: OutgoingRequestOf<Name>,
  prepare: (client: WireClient) => Promise<void> = async () => {},
): (port: number) => Promise<() => Promise<void>> {
  return async (port) => {
    const client = await WireClient.open(port)
    await prepare(client)
    return async () => {
      await client.send(name, version, request).frame
    }
  }
}

/** Batches to a topic of its own. */
function produced(
  topic: string,
  batches: () => readonly Buffer[],
  configs: Readonly<Record<string, string>> = {},
): (port: number) => Promise<() => Promise<void>> {
  return async (port) => {
    const client = await WireClient.open(port)
    await create(client, [topic], configs)
    const made = batches()
    return async () => {
      for (const batch of made) await produce(client, topic, Buffer.from(batch))
    }
  }
}

const COMPACTED = { 'cleanup.policy': 'compact' }

/** Requests of one batch each, as fast as they are taken; resolves when the last one is acknowledged. */
async function produceAll(client: WireClient, topic: string, batches: Iterable<Buffer>): Promise<void> {
  let frames: Promise<Buffer>[] = []
  for (const records of batches) {
    const partitionData = [{ index: 0, records }]
    const topicData = [{ name: topic, topicId: ZERO_UUID, partitionData }]
    frames.push(
      client.send('Produce', 9, { transactionalId: null, acks: -1, timeoutMs: 30_000, topicData }).frame,
    )
    if (frames.length < 1000) continue
    await Promise.all(frames)
    frames = []
  }
  await Promise.all(frames)
}

/** The first batches of producers that nobody gave their ids. */
function* firstBatches(producerId: number, count: number, valueBytes: number): Generator<Buffer> {
  const records = [{ timestamp: Date.now(), key: null, value: Buffer.alloc(valueBytes) }]
  for (let next = 0; next < count; next++)
    yield encodeBatch({ producerId: producerId + next, producerEpoch: 0, baseSequence: 0, records })
}

/** Some 1 MB of gzip, as a busy producer would send it: text that compresses to a third. */
function largeGzip(keys: number): Buffer {
  const word = () => randomBytes(6).toString('hex')
  const records = Array.from({ length: 12_000 }, (_, index) => ({
    timestamp: 1000,
    key: Buffer.from(`key-${index % keys}`),
    value: Buffer.from(`${word()} ${word()} ${'and so on '.repeat(10)} ${word()}`),
  }))
  return encodeBatch({ compression: 'gzip', records })
}

const partitionsOf = (count: number) => Array.from({ length: count }, (_, index) => index)

/** Every way to misbehave that is measured, each by its name in the table. */
export const ABUSES: readonly Abuse[] = [
  {
    name: 'garbage and other protocols, 100 connections at once',
    async begin(port) {
      const garbage = [Buffer.from('GET / HTTP/1.1\r\n\r\n'), randomBytes(200), Buffer.alloc(64, 0xff)]
      return async () => {
        await Promise.all(
          partitionsOf(100).map(async (index) => {
            const socket = await dial(port)
            socket.resume().write(garbage[index % garbage.length]!)
            await Promise.race([once(socket, 'close'), new Promise((resolve) => setTimeout(resolve, 50))])
            socket.destroy()
          }),
        )
      }
    },
  },
  {
    name: 'huge lengths: 100 MB announced, little sent',
    pauseMs: 200,
    async begin(port) {
      return async () => {
        const sockets = await Promise.all(partitionsOf(20).map(() => dial(port)))
        for (const socket of sockets) socket.write(announced(100 * 1024 * 1024 - 100))
        await new Promise((resolve) => setTimeout(resolve, 100))
        for (const socket of sockets) socket.destroy()
      }
    },
  },
  {
    name: 'half-open peers and resets',
    async begin(port) {
      const request = frameOf('Fetch', 12, { ...defaultFetchRequest(), maxWaitMs: 60_000, minBytes: 1 })
      return async () => {
        for (const index of partitionsOf(50)) {
          const socket = await dial(port)
          socket.write(request)
          if (index % 2 === 0) socket.end()
          else socket.resetAndDestroy()
        }
      }
    },
  },
  {
    name: 'slow readers of large answers',
    pauseMs: 100,
    async begin(port) {
      const client = await WireClient.open(port)
      await create(client, [TOPIC])
      const batch = encodeBatch({
        records: [{ timestamp: 1000, key: null, value: randomBytes(900_000) }],
      })
      for (const _ of partitionsOf(8)) await produce(client, TOPIC, Buffer.from(batch))
      const request = frameOf('Fetch', 11, fetchRequest([0], 50_000_000))
      const readers: Socket[] = []
      return async () => {
        const reader = await dial(port)
        reader.pause()
        for (const _ of partitionsOf(50)) reader.write(request)
        readers.push(reader)
        if (readers.length > 20) readers.shift()!.destroy()
      }
    },
  },
  {
    name: 'decompression bombs to a compacted topic',
    begin: produced(
      'bombed',
      () => [
        encodeBatch({
          compression: 'gzip',
          records: [{ timestamp: 1000, key: Buffer.from('k'), value: Buffer.alloc(60 * 1024 * 1024) }],
        }),
      ],
      COMPACTED,
    ),
  },
  {
    name: 'batches of 1 MB of gzip to a compacted topic',
    begin: produced('gzipped', () => [largeGzip(1_000_000)], COMPACTED),
  },
  {
    name: 'batches of 1 MB of gzip that compaction thins',
    pauseMs: 100,
    begin: produced('thinned', () => partitionsOf(4).map(() => largeGzip(9000)), {
      ...COMPACTED,
      'segment.bytes': '1048576',
      'min.cleanable.dirty.ratio': '0',
      'max.message.bytes': '4000000',
    }),
  },
  {
    name: 'batches of 1 MB of gzip to a topic of another codec',
    begin: produced('recompressed', () => [largeGzip(1_000_000)], { 'compression.type': 'lz4' }),
  },
  {
    name: 'a time looked up in batches of 1 MB of gzip',
    async begin(port) {
      const client = await WireClient.open(port)
      await create(client, ['timed'], { 'message.timestamp.type': 'CreateTime' })
      await produce(client, 'timed', largeGzip(1_000_000))
      return async () => {
        const partitions = [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp: 1000 }]
        const topics = partitionsOf(20).map(() => ({ name: 'timed', partitions }))
        await client.send('ListOffsets', 7, { replicaId: -1, isolationLevel: 0, timeoutMs: 0, topics }).frame
      }
    },
  },
  {
    name: '10,000 topics asked for at once, none of them there',
    begin: repeated('Metadata', 9, {
      ...defaultMetadataRequest(),
      topics: named('asked', MANY).map((name) => ({ ...defaultMetadataRequestTopic(), name })),
      allowAutoTopicCreation: false,
    }),
  },
  {
    name: '10,000 topics created in one request, tried only',
    begin: async (port) => {
      const client = await WireClient.open(port)
      return () => create(client, named('tried', MANY), { 'segment.ms': '1000000' }, true)
    },
  },
  {
    name: `${STANDING} topics created in one request`,
    pauseMs: 500,
    begin: async (port) => {
      const client = await WireClient.open(port)
      let round = 0
      return async () => {
        const names = named(`made-${round++}`, STANDING)
        await create(client, names)
        await client.call('DeleteTopics', 5, { topicNames: names, topics: [], timeoutMs: 60_000 })
      }
    },
  },
  {
    name: `metadata of ${STANDING} topics`,
    begin: repeated('Metadata', 9, { ...defaultMetadataRequest(), topics: null }, standing),
  },
  {
    name: `configs of ${STANDING} topics described`,
    begin: repeated(
      'DescribeConfigs',
      4,
      {
        resources: named('standing', STANDING).map((resourceName) => ({
          resourceType: 2,
          resourceName,
          configurationKeys: null,
        })),
        includeSynonyms: true,
        includeDocumentation: true,
      },
      standing,
    ),
  },
  {
    name: 'committed offsets of 19,000 partitions',
    begin: repeated('OffsetFetch', 7, {
      groupId: 'group',
      topics: [{ name: 'standing-0', partitionIndexes: partitionsOf(19_000) }],
      groups: [],
      requireStable: false,
    }),
  },
  {
    name: 'a fetch of 19,000 partitions',
    begin: repeated('Fetch', 11, { ...fetchRequest(partitionsOf(19_000), 1000), maxWaitMs: 0 }),
  },
  {
    name: `a fetch of ${STANDING} topics`,
    begin: repeated(
      'Fetch',
      11,
      {
        ...fetchRequest([], 1000),
        maxWaitMs: 0,
        topics: named('standing', STANDING).map((topic) => ({
          ...fetchRequest([0], 1000).topics[0]!,
          topic,
        })),
      },
      standing,
    ),
  },
  {
    name: 'offsets of 19,000 partitions listed',
    begin: repeated('ListOffsets', 7, {
      replicaId: -1,
      isolationLevel: 0,
      timeoutMs: 0,
      topics: [
        {
          name: 'standing-0',
          partitions: partitionsOf(19_000).map((partitionIndex) => ({
            partitionIndex,
            currentLeaderEpoch: -1,
            timestamp: -1,
          })),
        },
      ],
    }),
  },
  {
    name: '19,000 partitions produced to at once',
    begin: repeated('Produce', 9, {
      transactionalId: null,
      acks: -1,
      timeoutMs: 1000,
      topicData: [
        {
          name: 'nowhere',
          topicId: ZERO_UUID,
          partitionData: partitionsOf(19_000).map((index) => ({ index, records: null })),
        },
      ],
    }),
  },
  {
    name: '19,000 offsets committed at once',
    begin: repeated('OffsetCommit', 7, {
      groupId: 'committer',
      generationIdOrMemberEpoch: -1,
      memberId: '',
      groupInstanceId: null,
      retentionTimeMs: -1,
      topics: [
        {
          name: 'standing-0',
          topicId: ZERO_UUID,
          partitions: partitionsOf(19_000).map((partitionIndex) => ({
            partitionIndex,
            committedOffset: 1,
            committedLeaderEpoch: -1,
            committedMetadata: 'x'.repeat(20),
          })),
        },
      ],
    }),
  },
  {
    name: '10,000 groups described at once',
    begin: repeated('DescribeGroups', 5, {
      groups: named('group', MANY),
      includeAuthorizedOperations: false,
    }),
  },
  {
    name: 'connections opened and closed as fast as it goes',
    async begin(port) {
      return async () => {
        const sockets = await Promise.all(partitionsOf(50).map(() => dial(port)))
        for (const socket of sockets) socket.destroy()
        await turn()
      }
    },
  },
  {
    name: `${PRODUCERS} producers of one partition, and a segment for every few more`,
    pauseMs: 100,
    async begin(port) {
      const client = await WireClient.open(port)
      await create(client, ['written'], { 'segment.bytes': '1048576' })
      await produceAll(client, 'written', firstBatches(0, PRODUCERS, 1))
      let known = PRODUCERS
      return async () => {
        await produceAll(client, 'written', firstBatches(known, 20, 60_000))
        known += 20
      }
    },
  },
  {
    name: 'gzip of nothing: 1 MB of empty members',
    begin: produced('members', () => {
      const member = gzipSync(Buffer.alloc(0))
      const batch = encodeBatch({ compression: 'gzip', records: [{ timestamp: 1, key: null, value: null }] })
      return [Buffer.concat([batch, ...partitionsOf(40_000).map(() => member)])]
    }),
  },
]

async function standing(client: WireClient): Promise<void> {
  await create(client, named('standing', STANDING))
}

function fetchRequest(partitions: readonly number[], maxBytes: number) {
  return {
    ...defaultFetchRequest(),
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 50_000_000,
    topics: [
      {
        topic: TOPIC,
        topicId: ZERO_UUID,
        partitions: partitions.map((partition) => ({
          ...defaultFetchRequestTopicPartition(),
          partition,
          fetchOffset: 0,
          partitionMaxBytes: maxBytes,
        })),
      },
    ],
  }
}
