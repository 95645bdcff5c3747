import type { Environment } from '../../../base/environment.ts'
import type { Uuid } from '../../../base/uuid.ts'
import type { AdvertisedApi } from '../../../protocol/api.ts'
import type { MetadataNode } from '../../metadata/metadata-node.ts'
import type { BrokerOptions } from '../../options.ts'

/** The partitions of this broker, as far as these handlers ask. */
export interface PartitionStates {
  /**
   * Resolves true once every partition of the topic that this broker shall lead is open and led, false when that cannot
   * be (the disk failed, the topic is gone). Never rejects.
   */
  ready(topicId: Uuid): Promise<boolean>
  /** The epoch in which this broker leads the partition; null when it does not, or not yet. */
  leaderEpochOf(topicId: Uuid, index: number): number | null
  /** The partition's log here is damaged: read up to where it breaks off, and never written. */
  isDamaged(topicId: Uuid, index: number): boolean
}

/** The data directory, as far as these handlers ask. */
export interface LogDirectory {
  /** As the broker was told. */
  readonly path: string
  /** Bytes of a partition's log; null when it is not here. */
  sizeOf(topic: string, index: number): number | null
  /** Room of the volume, none while writes are refused for lack of it; null when that cannot be told. Never rejects. */
  space(): Promise<{ readonly totalBytes: number; readonly usableBytes: number } | null>
  /** It takes nothing any more, or its disk does not answer. */
  hasFailed(): boolean
}

/** How far the log of the metadata is. */
export interface MetadataLogState {
  readonly leaderEpoch: number
  readonly highWatermark: number
  readonly endOffset: number
}

/** What the admin handlers are made of. */
export interface AdminPorts {
  readonly metadata: MetadataNode
  readonly options: BrokerOptions
  readonly partitions: PartitionStates
  readonly environment: Environment
  readonly logDirectory: LogDirectory
  readonly metadataLog: () => MetadataLogState
  /** Everything that this broker serves, these handlers' own APIs included. */
  readonly advertised: () => readonly AdvertisedApi[]
  /** The levels of the broker's loggers, by name, as Kafka names levels. */
  readonly loggers: () => ReadonlyMap<string, string>
}
