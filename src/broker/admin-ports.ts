import { assert } from '../base/assert.ts'
import type { AdvertisedApi } from '../protocol/api.ts'
import type { FileSystem } from '../storage/file-system.ts'
import { nodeFileSystem } from '../storage/node-file-system.ts'
import { StorageError } from '../storage/storage-error.ts'
import type { AdminPorts, LogDirectory } from './api/admin/ports.ts'
import type { BrokerSettings } from './broker-settings.ts'
import { METADATA_TOPIC } from './metadata/internal-topics.ts'
import type { MetadataNode } from './metadata/metadata-node.ts'
import type { Partition } from './partition/partition.ts'
import type { PartitionRegistry } from './partition/registry.ts'
import type { TopicFollower } from './partition/topic-follower.ts'

/** What the admin handlers see of the broker. */
export function adminPorts(
  { options, environment, fileSystem = nodeFileSystem }: BrokerSettings,
  services: { metadata: MetadataNode; registry: PartitionRegistry; follower: TopicFollower },
  advertised: () => readonly AdvertisedApi[],
): AdminPorts {
  const { metadata, registry, follower } = services
  const metadataPartition = registry.ownPartition(METADATA_TOPIC)
  assert(metadataPartition !== undefined, 'the metadata log is open')
  return {
    metadata,
    options,
    environment,
    partitions: follower,
    logDirectory: logDirectory(options.dataDirectory, fileSystem, registry, metadataPartition),
    metadataLog: () => ({
      leaderEpoch: metadataPartition.leaderEpoch,
      highWatermark: metadataPartition.highWatermark,
      endOffset: metadataPartition.log.endOffset,
    }),
    advertised,
    loggers: () => new Map([['root', 'INFO']]),
  }
}

function logDirectory(
  path: string,
  fileSystem: FileSystem,
  registry: PartitionRegistry,
  metadataPartition: Partition,
): LogDirectory {
  const isFull = (): boolean =>
    [metadataPartition, ...registry.partitions()].some(({ log }) => log.refusal() === 'full')
  return {
    path,
    sizeOf: (topic, index) => registry.get(topic, index)?.log.sizeBytes ?? null,
    async space() {
      try {
        const [totalBytes, usableBytes] = await Promise.all([
          fileSystem.totalBytes(path),
          fileSystem.freeBytes(path),
        ])
        // A disk in memory may have no bound, and the wire has one.
        return { totalBytes: wireBytes(totalBytes), usableBytes: isFull() ? 0 : wireBytes(usableBytes) }
      } catch (error) {
        if (error instanceof StorageError) return null
        throw error
      }
    },
    hasFailed: () => OFFLINE.has(metadataPartition.log.refusal()),
  }
}

/** All logs of the directory refuse writes together then. */
const OFFLINE: ReadonlySet<string | null> = new Set(['failed', 'stalled'])

function wireBytes(bytes: number): number {
  return Math.min(bytes, Number.MAX_SAFE_INTEGER)
}
