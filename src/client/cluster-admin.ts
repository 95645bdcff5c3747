import { ERROR_CODES } from '../protocol/error-codes.ts'
import {
  type DescribeLogDirsResponse,
  defaultDescribeLogDirsRequest,
} from '../protocol/generated/log-dirs.ts'
import { defaultDescribeClusterRequest, defaultMetadataRequest } from '../protocol/generated/metadata.ts'
import { ClientError, throwOnError } from './client-error.ts'
import type { Cluster } from './cluster.ts'
import type { TopicPartition } from './position.ts'

/** A broker as the cluster knows it. */
export interface BrokerDescription {
  readonly brokerId: number
  readonly host: string
  readonly port: number
  readonly rack: string | null
  readonly controller: boolean
}

/** The cluster, and how its partitions are. */
export interface ClusterDescription {
  readonly clusterId: string | null
  readonly brokers: readonly BrokerDescription[]
  readonly topics: number
  readonly partitions: number
  /** Partitions without a leader. */
  readonly leaderless: number
  /** Partitions that have fewer replicas in sync than replicas. */
  readonly underReplicated: number
}

/** Asks any broker. */
export async function describeCluster(cluster: Cluster): Promise<ClusterDescription> {
  return cluster.retrying({}, async () => {
    const shape = await brokersOf(cluster)
    const topics = (await cluster.describeTopics(null)).filter(({ errorCode }) => errorCode === 0)
    const partitions = topics.flatMap((topic) => topic.partitions)
    return {
      clusterId: shape.clusterId,
      brokers: shape.brokers.sort((a, b) => a.brokerId - b.brokerId),
      topics: topics.length,
      partitions: partitions.length,
      leaderless: partitions.filter(({ leaderId }) => leaderId < 0).length,
      underReplicated: partitions.filter(
        ({ isrNodes, replicaNodes }) => isrNodes.length < replicaNodes.length,
      ).length,
    }
  })
}

async function brokersOf(
  cluster: Cluster,
): Promise<{ clusterId: string | null; brokers: BrokerDescription[] }> {
  const [nodeId] = cluster.nodeIds
  const connection = nodeId === undefined ? null : await cluster.connection(nodeId, 'main')
  if (connection?.supports('DescribeCluster') === true) {
    const answer = await connection.request('DescribeCluster', defaultDescribeClusterRequest())
    throwOnError(answer.errorCode, 'describe the cluster', answer.errorMessage)
    return {
      clusterId: answer.clusterId,
      brokers: answer.brokers.map(({ brokerId, host, port, rack }) => ({
        brokerId,
        host,
        port,
        rack,
        controller: brokerId === answer.controllerId,
      })),
    }
  }
  const answer = await cluster.any('Metadata', { ...defaultMetadataRequest(), topics: [] })
  throwOnError(answer.errorCode, 'describe the cluster')
  return {
    clusterId: answer.clusterId,
    brokers: answer.brokers.map(({ nodeId: brokerId, host, port, rack }) => ({
      brokerId,
      host,
      port,
      rack,
      controller: brokerId === answer.controllerId,
    })),
  }
}

/** A directory of a broker that takes no records: no byte of it is usable, or it cannot be written at all. */
export interface BadDisk {
  readonly brokerId: number
  readonly path: string
  readonly fault: 'full' | 'failed'
}

/** What of a cluster does not work as it should. */
export interface ClusterHealth {
  readonly brokers: number
  readonly topics: number
  readonly partitions: number
  readonly hasController: boolean
  /** Brokers that the others tell of and that do not answer. */
  readonly unreachable: readonly number[]
  readonly disks: readonly BadDisk[]
  readonly leaderless: readonly TopicPartition[]
  /** A replica's log is damaged, or its disk is gone: it takes no records. */
  readonly offline: readonly TopicPartition[]
  /** Fewer replicas in sync than replicas. */
  readonly underReplicated: readonly TopicPartition[]
}

/** Asks any broker for the others and all partitions, and each broker whether it answers and can write. */
export async function clusterHealth(cluster: Cluster): Promise<ClusterHealth> {
  const { brokers } = await brokersOf(cluster)
  const topics = (await cluster.describeTopics(null)).filter(({ errorCode }) => errorCode === 0)
  const partitions = topics.flatMap(({ name, partitions: list }) =>
    list.map((partition) => ({ ...partition, topic: name ?? '', partition: partition.partitionIndex })),
  )
  const place = ({ topic, partition }: TopicPartition): TopicPartition => ({ topic, partition })
  const answers = await Promise.all(brokers.map(({ brokerId }) => doesAnswer(cluster, brokerId)))
  const answering = brokers.map(({ brokerId }) => brokerId).filter((_, index) => answers[index])
  const disks = await Promise.all(answering.map((brokerId) => badDisksOf(cluster, brokerId)))
  return {
    brokers: brokers.length,
    topics: topics.length,
    partitions: partitions.length,
    hasController: brokers.some(({ controller }) => controller),
    unreachable: brokers.map(({ brokerId }) => brokerId).filter((_, index) => !answers[index]),
    disks: disks.flat(),
    leaderless: partitions.filter(({ leaderId }) => leaderId < 0).map(place),
    offline: partitions.filter(({ offlineReplicas }) => offlineReplicas.length > 0).map(place),
    underReplicated: partitions
      .filter(({ isrNodes, replicaNodes }) => isrNodes.length < replicaNodes.length)
      .map(place),
  }
}

/** None of a broker that does not tell. */
async function badDisksOf(cluster: Cluster, brokerId: number): Promise<BadDisk[]> {
  try {
    const { results } = await cluster.onNode(brokerId, 'DescribeLogDirs', {
      ...defaultDescribeLogDirsRequest(),
      topics: [],
    })
    return results.flatMap(({ errorCode, logDir, usableBytes }): BadDisk[] => {
      if (errorCode === ERROR_CODES.KAFKA_STORAGE_ERROR) return [{ brokerId, path: logDir, fault: 'failed' }]
      return errorCode === 0 && usableBytes === 0 ? [{ brokerId, path: logDir, fault: 'full' }] : []
    })
  } catch (error) {
    if (error instanceof ClientError) return []
    throw error
  }
}

async function doesAnswer(cluster: Cluster, brokerId: number): Promise<boolean> {
  try {
    await cluster.onNode(brokerId, 'Metadata', { ...defaultMetadataRequest(), topics: [] })
    return true
  } catch (error) {
    if (error instanceof ClientError) return false
    throw error
  }
}

/** The log of one replica: how large it is. */
export interface ReplicaLog extends TopicPartition {
  readonly bytes: number
  /** Offsets that it lacks to the high watermark, or, of a future one, to the log that it will replace. */
  readonly offsetLag: number
  /** It is being moved here from another directory. */
  readonly isFuture: boolean
}

/** A directory of logs. Its size and room are null where the broker is too old to say. */
export interface LogDirectory {
  readonly brokerId: number
  readonly path: string
  readonly totalBytes: number | null
  readonly usableBytes: number | null
  readonly logs: readonly ReplicaLog[]
}

/** The directories of all brokers, or of one, with all logs in them. Throws KafkaError where a directory is offline. */
export async function describeLogDirectories(
  cluster: Cluster,
  brokerId: number | null = null,
): Promise<LogDirectory[]> {
  const nodeIds = brokerId === null ? [...cluster.nodeIds].sort((a, b) => a - b) : [brokerId]
  const answers = await Promise.all(
    nodeIds.map((nodeId) =>
      cluster.retrying({}, async () => {
        const body = { ...defaultDescribeLogDirsRequest(), topics: null }
        const answer = await cluster.onNode(nodeId, 'DescribeLogDirs', body)
        throwOnError(answer.errorCode, `describe the log directories of broker ${nodeId}`)
        return answer.results.map((result) => {
          throwOnError(result.errorCode, `describe the log directory ${result.logDir} of broker ${nodeId}`)
          return logDirectory(nodeId, result)
        })
      }),
    ),
  )
  return answers.flat()
}

function logDirectory(brokerId: number, result: DescribeLogDirsResponse['results'][number]): LogDirectory {
  const known = (bytes: number): number | null => (bytes < 0 ? null : bytes)
  return {
    brokerId,
    path: result.logDir,
    totalBytes: known(result.totalBytes),
    usableBytes: known(result.usableBytes),
    logs: result.topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, partitionSize, offsetLag, isFutureKey }) => ({
        topic: name,
        partition: partitionIndex,
        bytes: partitionSize,
        offsetLag,
        isFuture: isFutureKey,
      })),
    ),
  }
}
