import type { Compression } from '../../src/protocol/record-batch.ts'

/** What the parent of a load's process says: whether it has said so, and when it does. */
export interface Orders {
  /** Says that all is prepared, and resolves when the parent says to start. */
  ready(): Promise<void>
  /** Resolves when the parent says to stop. */
  readonly stopped: Promise<void>
}

/** Writes prepared batches, a batch a request, to the partitions in turn. */
export interface ProduceTask {
  readonly mode: 'produce'
  readonly port: number
  readonly topic: string
  readonly partitions: number
  readonly connections: number
  /** Requests under way over all connections. */
  readonly inFlight: number
  readonly recordBytes: number
  readonly batchRecords: number
  /** So many keys, over and over; without keys where it is left out. */
  readonly keys?: number
  /** Ends after so many batches; goes on until it is told to stop where it is left out. */
  readonly batches?: number
  /** As fast as it goes where it is left out. */
  readonly batchesPerSecond?: number
  /** Compresses each batch once, of values that are text; of values that cannot be compressed where it is left out. */
  readonly compression?: Compression
}

export interface ProduceOutcome {
  readonly records: number
  readonly bytes: number
  readonly seconds: number
  /** From a batch's send to its answer, ms. */
  readonly p50: number
  readonly p99: number
}

/** Reads what a program sends that is no broker. */
export interface PullTask {
  readonly mode: 'pull'
  readonly port: number
  readonly inFlight: number
  readonly answerBytes: number
  /** Ends after so many. */
  readonly bytes: number
}

export interface PullOutcome {
  readonly bytes: number
  readonly seconds: number
}

/** Reads batches without looking at the records in them. */
export interface FetchTask {
  readonly mode: 'fetch'
  readonly port: number
  readonly topic: string
  readonly partitions: number
  readonly connections: number
  /** Fetches under way, each of one partition. */
  readonly inFlight: number
  readonly partitionBytes: number
  /** Ends after so many bytes of batches. */
  readonly bytes: number
  /** Where in each partition the fetches begin, as a share of what is in it. */
  readonly from: readonly number[]
}

export interface FetchOutcome {
  readonly records: number
  readonly bytes: number
  readonly fetches: number
  readonly seconds: number
}

/** Opens connections, asks on each what a client asks first, and holds them. */
export interface IdleTask {
  readonly mode: 'idle'
  readonly port: number
  readonly connections: number
}

export interface IdleOutcome {
  /** Connections that still answered at the end. */
  readonly held: number
  readonly refused: number
}

/** Members of groups that do nothing but send heartbeats, each on a connection of its own. */
export interface HeartbeatTask {
  readonly mode: 'heartbeat'
  readonly port: number
  readonly groups: number
  readonly membersPerGroup: number
  readonly heartbeatMs: number
  readonly seconds: number
}

export interface HeartbeatOutcome {
  readonly members: number
  readonly joinSeconds: number
  readonly heartbeats: number
  readonly errors: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** A group that one member more joins, over and over. */
export interface RebalanceTask {
  readonly mode: 'rebalance'
  readonly port: number
  readonly members: number
  readonly heartbeatMs: number
  readonly rounds: number
}

export interface RebalanceOutcome {
  /** From the join that makes the others join again, to the last assignment; ms, a value for each round. */
  readonly fromTrigger: readonly number[]
  /** From the last member's join to the last assignment. */
  readonly fromLastJoin: readonly number[]
}

export type WireTask = ProduceTask | FetchTask | PullTask | IdleTask | HeartbeatTask | RebalanceTask

/** What a task ends with. */
export type OutcomeOf<Task extends WireTask> = Task extends ProduceTask
  ? ProduceOutcome
  : Task extends FetchTask
    ? FetchOutcome
    : Task extends PullTask
      ? PullOutcome
      : Task extends IdleTask
        ? IdleOutcome
        : Task extends HeartbeatTask
          ? HeartbeatOutcome
          : RebalanceOutcome
