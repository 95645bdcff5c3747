import { assert } from '../../base/assert.ts'
import type { Environment } from '../../base/environment.ts'
import type { Logger } from '../../base/logger.ts'
import type { Refusal } from '../../base/machine.ts'
import { Turn } from '../../base/turn.ts'
import { isLack } from '../../storage/storage-error.ts'
import type { CoordinatorTopic } from './coordinator-topic.ts'
import type { Group } from './groups/group.ts'
import { groupCodec } from './groups/group-codec.ts'
import type { GroupConfig } from './groups/group-config.ts'
import { GroupMachine } from './groups/group-machine.ts'
import { GroupMemory } from './groups/group-memory.ts'
import type {
  DeleteGroupsReply,
  DescribeGroupsReply,
  GroupCommand,
  GroupEvent,
  GroupReply,
  GroupRequests,
  ListGroupsReply,
} from './groups/group-types.ts'
import type { MachineLog } from './machine-log.ts'
import { partitionForGroup } from './partition-for-group.ts'
import { type Caller, MachineRuntime, type Refused } from './runtime.ts'

export interface GroupCoordinatorOptions {
  readonly topic: CoordinatorTopic
  readonly config: GroupConfig
  readonly environment: Environment
  readonly logger: Logger
  /** Largest batch of the offsets topic. */
  readonly batchBytesMax: number
  /** offsets.commit.timeout.ms */
  readonly commitTimeoutMs?: number
}

type GroupRuntime = MachineRuntime<GroupCommand, GroupEvent, GroupReply>

const ENSURE_MS_MAX = 1_000
/**
 * Groups of one partition that are described, or deleted, by one command: between two others are served. A group may have
 * tens of thousands of offsets, each of which is an event when it is deleted.
 */
const DESCRIBED_AT_ONCE = 50
const DELETED_AT_ONCE = 1
const DELETION_RETRY_MS = 1_000
/** How long after it was dropped a machine is loaded again. */
const RELOAD_MS = 1_000

/** Groups and offsets of the partitions of __consumer_offsets that this broker leads: one machine each. */
export class GroupCoordinator {
  readonly #options: GroupCoordinatorOptions
  readonly #runtimes = new Map<number, GroupRuntime>()
  readonly #machines = new Map<number, GroupMachine>()
  /** Of all groups, whichever partition they are in. */
  readonly memory: GroupMemory

  constructor(options: GroupCoordinatorOptions) {
    this.#options = options
    this.memory = GroupMemory.of(options.config.memoryBytesMax)
  }

  /** This broker leads the partition from now on: its groups are loaded, then served. Resolves when that is done. */
  async lead(partition: number, log: MachineLog): Promise<void> {
    this.resign(partition)
    const { config, environment, logger, batchBytesMax, commitTimeoutMs } = this.#options
    const machine = new GroupMachine(config, this.memory)
    let hasServed = false
    const runtime: GroupRuntime = new MachineRuntime({
      machine,
      codec: groupCodec,
      log,
      environment,
      logger,
      batchBytesMax,
      ...(commitTimeoutMs === undefined ? {} : { commitTimeoutMs }),
      onDropped: (refusal) => {
        machine.close()
        logger.warn('group coordinator dropped', { partition, refusal })
        if (hasServed && refusal === 'unavailable') this.#reload(partition, log, runtime)
      },
    })
    this.#runtimes.set(partition, runtime)
    this.#machines.set(partition, machine)
    try {
      await runtime.start()
      hasServed = true
    } catch (error) {
      logger.error('groups could not be loaded', { partition, error: String(error) })
      if (isLack(error)) this.#reload(partition, log, runtime)
    }
  }

  /**
   * What the log says is served again, unless somebody else leads by then. A log that can't be read is not tried again, but
   * for one whose file no descriptor was left for.
   */
  #reload(partition: number, log: MachineLog, dropped: GroupRuntime): void {
    this.#options.environment.setTimer(RELOAD_MS, () => {
      if (this.#runtimes.get(partition) === dropped) void this.lead(partition, log)
    })
  }

  /** This broker does not lead the partition any more, or stops. */
  resign(partition: number, refusal: Refusal = 'not-leader'): void {
    this.#runtimes.get(partition)?.close(refusal)
    this.#runtimes.delete(partition)
    this.#machines.get(partition)?.close()
    this.#machines.delete(partition)
  }

  /** Resigns from everything. */
  close(): void {
    for (const partition of [...this.#runtimes.keys()]) this.resign(partition)
  }

  /** Why each partition that is led here refuses its commands; null: it serves. */
  *refusals(): Iterable<Refusal | null> {
    for (const runtime of this.#runtimes.values()) yield runtime.refusal
  }

  /** Every group of the partitions led here, as it is now: to be looked at within the turn. */
  *groups(): Iterable<Group> {
    for (const machine of this.#machines.values()) yield* machine.groups.values()
  }

  /** Waits for the topic to be there, but not longer than a second. */
  ensureTopic(): Promise<boolean> {
    if (this.#options.topic.partitionCount() !== null) return Promise.resolve(true)
    return new Promise((resolve, reject) => {
      const timer = this.#options.environment.setTimer(ENSURE_MS_MAX, () => resolve(false))
      this.#options.topic.ensure().then((isThere) => {
        timer.cancel()
        resolve(isThere)
      }, reject)
    })
  }

  /** Partition that a group's coordinator leads; null while the topic is not there. */
  partitionFor(groupId: string): number | null {
    const count = this.#options.topic.partitionCount()
    return count === null ? null : partitionForGroup(groupId, count)
  }

  /** Decides a command for one group. A member that is kept waiting is given up when its connection is gone. */
  submit<Kind extends keyof GroupRequests>(
    command: GroupRequests[Kind]['command'],
    connection: Pick<Caller<GroupCommand>, 'onClose'> | null = null,
  ): Promise<GroupRequests[Kind]['reply'] | Refused> {
    const caller = connection === null ? null : callerOf(connection, command.groupId, memberIdOf(command))
    const reply = this.#submitTo(this.partitionFor(command.groupId), command, caller)
    return reply as Promise<GroupRequests[Kind]['reply'] | Refused>
  }

  /** Every group of the partitions led here; refused where one of them can't say. */
  async listGroups(): Promise<ListGroupsReply | Refused> {
    const turn = new Turn(this.#options.environment)
    const replies: Promise<GroupReply | Refused>[] = []
    for (const runtime of [...this.#runtimes.values()]) {
      replies.push(runtime.submit({ kind: 'list-groups' }))
      if (turn.isOver) await turn.next()
    }
    const groups: ListGroupsReply['groups'][number][] = []
    for (const reply of await Promise.all(replies)) {
      if ('refused' in reply) {
        if (reply.refused !== 'not-leader') return reply
      } else if (reply.kind === 'list-groups') for (const group of reply.groups) groups.push(group)
    }
    return { kind: 'list-groups', groups }
  }

  /** Each group as described by its partition, or why it can't be. */
  describeGroups(
    groupIds: readonly string[],
  ): Promise<ReadonlyMap<string, DescribeGroupsReply['groups'][number] | Refused>> {
    return this.#forEachGroup(groupIds, DESCRIBED_AT_ONCE, async (partition, ids) => {
      const reply = await this.#submitTo(partition, { kind: 'describe-groups', groupIds: ids })
      return 'refused' in reply || reply.kind !== 'describe-groups' ? (reply as Refused) : reply.groups
    })
  }

  /** Deletes groups; what became of each, or why that is not known. */
  deleteGroups(
    groupIds: readonly string[],
  ): Promise<ReadonlyMap<string, DeleteGroupsReply['groups'][number] | Refused>> {
    return this.#forEachGroup(groupIds, DELETED_AT_ONCE, async (partition, ids) => {
      const reply = await this.#submitTo(partition, { kind: 'delete-groups', groupIds: ids })
      return 'refused' in reply || reply.kind !== 'delete-groups' ? (reply as Refused) : reply.groups
    })
  }

  /** Topics are gone: their offsets go too, in every partition, now or as soon as it takes commands. */
  topicsDeleted(topics: readonly string[]): void {
    for (const runtime of this.#runtimes.values()) this.#deleteOffsets(runtime, topics)
  }

  /** Ends a producer's transaction in a partition of the topic. */
  endTransaction(
    partition: number,
    producer: { readonly id: number; readonly epoch: number },
    coordinatorEpoch: number,
    isCommit: boolean,
  ): Promise<Refused | null> {
    const runtime = this.#runtimes.get(partition)
    if (runtime === undefined) return Promise.resolve({ refused: 'not-leader' })
    return runtime.endTransaction(producer, coordinatorEpoch, isCommit)
  }

  #submitTo(
    partition: number | null,
    command: GroupCommand,
    caller: Caller<GroupCommand> | null = null,
  ): Promise<GroupReply | Refused> {
    const runtime = partition === null ? undefined : this.#runtimes.get(partition)
    if (runtime === undefined) return Promise.resolve({ refused: 'not-leader' })
    return runtime.submit(command, caller)
  }

  #deleteOffsets(runtime: GroupRuntime, topics: readonly string[]): void {
    void runtime.submit({ kind: 'topics-deleted', topics }).then((reply) => {
      if (!('refused' in reply) || reply.refused === 'not-leader') return
      if (![...this.#runtimes.values()].includes(runtime)) return
      this.#options.environment.setTimer(DELETION_RETRY_MS, () => this.#deleteOffsets(runtime, topics))
    })
  }

  async #forEachGroup<Result extends { readonly groupId: string }>(
    groupIds: readonly string[],
    atOnce: number,
    ask: (partition: number | null, groupIds: readonly string[]) => Promise<readonly Result[] | Refused>,
  ): Promise<ReadonlyMap<string, Result | Refused>> {
    const turn = new Turn(this.#options.environment)
    // What is not answered yet is there, so that the answers have the order of the questions.
    const results = new Map<string, Result | Refused | null>()
    const parts = new Map<number | null, string[]>()
    const asked: Promise<void>[] = []
    const askFor = async (partition: number | null, ids: readonly string[]): Promise<void> => {
      const answer = await ask(partition, ids)
      if ('refused' in answer) for (const groupId of ids) results.set(groupId, answer)
      else for (const result of answer) results.set(result.groupId, result)
    }
    for (const groupId of groupIds) {
      if (results.has(groupId)) continue
      results.set(groupId, null)
      const partition = this.partitionFor(groupId)
      const ids = parts.get(partition) ?? []
      if (ids.push(groupId) === 1) parts.set(partition, ids)
      if (ids.length === atOnce) {
        parts.delete(partition)
        asked.push(askFor(partition, ids))
      }
      if (turn.isOver) await turn.next()
    }
    for (const [partition, ids] of parts) {
      asked.push(askFor(partition, ids))
      if (turn.isOver) await turn.next()
    }
    await Promise.all(asked)
    for (const result of results.values())
      assert(result !== null, 'every group that was asked about is answered')
    return results as ReadonlyMap<string, Result | Refused>
  }
}

function memberIdOf(command: GroupRequests[keyof GroupRequests]['command']): string {
  return 'memberId' in command ? command.memberId : ''
}

/** Keeps nothing of the command but the names in it. */
function callerOf(
  connection: Pick<Caller<GroupCommand>, 'onClose'>,
  groupId: string,
  memberId: string,
): Caller<GroupCommand> {
  return {
    onClose: (callback) => connection.onClose(callback),
    gone: (ticket) => ({ kind: 'deserted', groupId, memberId, ticket }),
  }
}
