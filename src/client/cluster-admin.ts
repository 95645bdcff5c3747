import { defaultDescribeClusterRequest, defaultMetadataRequest } from '../protocol/generated/metadata.ts'
import { throwOnError } from './client-error.ts'
import type { Cluster } from './cluster.ts'

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
