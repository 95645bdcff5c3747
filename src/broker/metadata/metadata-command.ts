import type { Uuid } from '../../base/uuid.ts'
import type { Assignment, ConfigResource, Endpoint } from './metadata-event.ts'
import type { TopicImage } from './metadata-image.ts'

/** Of partition counts and replication factors: as the broker's options say. */
export const BROKER_DEFAULT = -1

/** A topic that somebody wants. */
export interface TopicCreation {
  readonly name: string
  /** BROKER_DEFAULT, and with `assignment` always so. */
  readonly partitionCount: number
  readonly replicationFactor: number
  /** The replicas of each partition; null: the broker chooses. */
  readonly assignment: readonly PartitionAssignment[] | null
  readonly configs: readonly (readonly [name: string, value: string | null])[]
}

/** The replicas that somebody chose for one partition, the preferred leader first. */
export interface PartitionAssignment {
  readonly index: number
  readonly replicas: readonly number[]
}

/** A topic named by its name or by its id. */
export type TopicReference = { readonly name: string } | { readonly id: Uuid }

/** More partitions for a topic. */
export interface PartitionsAddition {
  readonly name: string
  /** Partitions that the topic shall have. */
  readonly count: number
  /** The replicas of each new partition; null: the broker chooses. */
  readonly assignment: Assignment | null
}

export type ConfigOperation = 'set' | 'delete' | 'append' | 'subtract'

/** What shall become of the configs of one resource. */
export interface ConfigAlteration {
  readonly resource: ConfigResource
  readonly name: string
  /** Drops every config that is not named. */
  readonly replace: boolean
  readonly changes: readonly {
    readonly name: string
    readonly operation: ConfigOperation
    readonly value: string | null
  }[]
}

/** A topic that is on disk. */
export interface FoundTopic {
  readonly name: string
  readonly id: Uuid
  readonly partitionCount: number
}

/** What the metadata can be asked for. */
export type MetadataCommand =
  | {
      readonly kind: 'create-topics'
      readonly topics: readonly TopicCreation[]
      readonly validateOnly: boolean
      /** By the broker itself: names that are kept from clients are allowed. */
      readonly internal: boolean
    }
  | { readonly kind: 'delete-topics'; readonly topics: readonly TopicReference[] }
  | {
      readonly kind: 'create-partitions'
      readonly topics: readonly PartitionsAddition[]
      readonly validateOnly: boolean
    }
  | {
      readonly kind: 'alter-configs'
      readonly alterations: readonly ConfigAlteration[]
      readonly validateOnly: boolean
    }
  | { readonly kind: 'allocate-producer-ids'; readonly brokerId: number }
  | {
      readonly kind: 'register-broker'
      readonly brokerId: number
      readonly incarnation: Uuid
      readonly rack: string | null
      readonly endpoints: readonly Endpoint[]
    }
  | { readonly kind: 'adopt-topics'; readonly brokerId: number; readonly topics: readonly FoundTopic[] }

/** A refusal for a client, or what was made. `message` is null where `errorCode` says it all. */
export interface TopicOutcome {
  readonly errorCode: number
  readonly message: string | null
  /** As created, deleted or grown (also with validateOnly); null on an error. */
  readonly topic: TopicImage | null
}

/** NONE, or a refusal for a client. `message` is null where `errorCode` says it all. */
export interface ItemOutcome {
  readonly errorCode: number
  readonly message: string | null
}

/** Answers, item by item in the order of the command. */
export type MetadataOutcome =
  | { readonly kind: 'create-topics'; readonly topics: readonly TopicOutcome[] }
  | { readonly kind: 'delete-topics'; readonly topics: readonly TopicOutcome[] }
  | { readonly kind: 'create-partitions'; readonly topics: readonly TopicOutcome[] }
  | { readonly kind: 'alter-configs'; readonly alterations: readonly ItemOutcome[] }
  | {
      readonly kind: 'allocate-producer-ids'
      readonly block: { readonly first: number; readonly count: number }
    }
  | { readonly kind: 'register-broker'; readonly epoch: number }
  | {
      readonly kind: 'adopt-topics'
      /** known: was there; adopted: is there now; conflict: the name or the id belongs to another topic. */
      readonly topics: readonly ('known' | 'adopted' | 'conflict')[]
    }

export type OutcomeOf<Kind extends MetadataCommand['kind']> = Extract<MetadataOutcome, { kind: Kind }>
export type CommandOf<Kind extends MetadataCommand['kind']> = Extract<MetadataCommand, { kind: Kind }>

/** The machine's answer: the outcome, and what it took for those who hold a committed image. */
export interface MetadataReply {
  readonly outcome: MetadataOutcome
}
