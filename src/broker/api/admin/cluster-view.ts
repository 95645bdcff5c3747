import type { PartitionImage, TopicImage } from '../../metadata/metadata-image.ts'
import type { ConnectionInfo } from '../../net/handler.ts'
import type { AdminPorts } from './ports.ts'

/** A broker as the clients of one listener reach it. */
export interface ReachableBroker {
  readonly nodeId: number
  readonly host: string
  readonly port: number
  readonly rack: string | null
}

/** The brokers that have an address on the listener of this connection; this one always does (C4). */
export function reachableBrokers(
  { metadata, options }: Pick<AdminPorts, 'metadata' | 'options'>,
  connection: ConnectionInfo,
): ReachableBroker[] {
  const { nodeId, brokers } = metadata.image
  const own = options.advertisedAddress(connection.listenerName, connection)
  const reachable: ReachableBroker[] = [{ nodeId, ...own, rack: options.get('broker.rack') }]
  for (const broker of brokers.values()) {
    if (broker.id === nodeId) continue
    const endpoint = broker.endpoints.find(({ listener }) => listener === connection.listenerName)
    if (endpoint !== undefined)
      reachable.push({ nodeId: broker.id, host: endpoint.host, port: endpoint.port, rack: broker.rack })
  }
  return reachable.sort((a, b) => a.nodeId - b.nodeId)
}

/** The replicas of a partition that can't be written: the one here, where its log is damaged. */
export function offlineReplicasOf(
  { metadata, partitions }: Pick<AdminPorts, 'metadata' | 'partitions'>,
  topic: TopicImage,
  { index }: PartitionImage,
): number[] {
  return partitions.isDamaged(topic.id, index) ? [metadata.image.nodeId] : []
}

/** Who leads a partition. `led` is false when nobody is known to. */
export function leadershipOf(
  { metadata, partitions }: Pick<AdminPorts, 'metadata' | 'partitions'>,
  topic: TopicImage,
  partition: PartitionImage,
): { readonly leaderId: number; readonly leaderEpoch: number; readonly led: boolean } {
  if (partition.leader !== metadata.image.nodeId)
    return { leaderId: partition.leader, leaderEpoch: partition.leaderEpoch, led: partition.leader >= 0 }
  const epoch = partitions.leaderEpochOf(topic.id, partition.index)
  return epoch === null
    ? { leaderId: -1, leaderEpoch: partition.leaderEpoch, led: false }
    : { leaderId: partition.leader, leaderEpoch: epoch, led: true }
}
