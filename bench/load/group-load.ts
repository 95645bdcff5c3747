import { CONSUMER_PROTOCOL, encodeSubscription, RANGE_ASSIGNOR } from '../../src/client/consumer-protocol.ts'
import { ERROR_CODES } from '../../src/protocol/error-codes.ts'
import { uniqueName } from '../../test/support/names.ts'
import { percentile } from '../statistics.ts'
import { openAll } from './many-connections.ts'
import { answerOf, type Request, requestOf, type WireConnection } from './wire-connection.ts'
import type {
  HeartbeatOutcome,
  HeartbeatTask,
  Orders,
  RebalanceOutcome,
  RebalanceTask,
} from './wire-tasks.ts'

const JOIN_VERSION = 5
const SYNC_VERSION = 3
const HEARTBEAT_VERSION = 3
const LEAVE_VERSION = 3
const SESSION_MS = 45_000
const REBALANCE_MS = 120_000
const SUBSCRIPTION = encodeSubscription(['bench'])

/** A member of a group as a consumer is one, but that it consumes nothing. */
class Member {
  /** When it last asked to join. */
  joinedMs = 0
  generation = -1
  onAssigned: () => void = () => {}
  readonly #connection: WireConnection
  readonly #groupId: string
  #memberId = ''
  #isJoining = false
  #heartbeat: Request | null = null

  constructor(connection: WireConnection, groupId: string) {
    this.#connection = connection
    this.#groupId = groupId
  }

  /** Joins and gets its assignment, as often as it takes. */
  async join(): Promise<void> {
    if (this.#isJoining) return
    this.#isJoining = true
    this.#heartbeat = null
    while (!(await this.#tryToJoin()));
    this.#isJoining = false
    this.#heartbeat = requestOf('Heartbeat', HEARTBEAT_VERSION, {
      groupId: this.#groupId,
      generationId: this.generation,
      memberId: this.#memberId,
      groupInstanceId: null,
    })
    this.onAssigned()
  }

  /** Sends one unless it is joining. What it hears of a rebalance it follows. */
  sendHeartbeat(onAnswer: (ms: number, errorCode: number) => void): void {
    if (this.#heartbeat === null) return
    const sentMs = performance.now()
    this.#connection.send(this.#heartbeat, (frame) => {
      const { errorCode } = answerOf('Heartbeat', HEARTBEAT_VERSION, frame)
      onAnswer(performance.now() - sentMs, errorCode)
      if (errorCode === ERROR_CODES.REBALANCE_IN_PROGRESS) void this.join()
    })
  }

  async leave(): Promise<void> {
    this.#heartbeat = null
    const members = [{ memberId: this.#memberId, groupInstanceId: null, reason: null }]
    await this.#connection.call('LeaveGroup', LEAVE_VERSION, {
      groupId: this.#groupId,
      memberId: '',
      members,
    })
    this.#memberId = ''
  }

  async #tryToJoin(): Promise<boolean> {
    this.joinedMs = performance.now()
    const joined = await this.#connection.call('JoinGroup', JOIN_VERSION, {
      groupId: this.#groupId,
      sessionTimeoutMs: SESSION_MS,
      rebalanceTimeoutMs: REBALANCE_MS,
      memberId: this.#memberId,
      groupInstanceId: null,
      protocolType: CONSUMER_PROTOCOL,
      protocols: [{ name: RANGE_ASSIGNOR, metadata: SUBSCRIPTION }],
      reason: null,
    })
    if (joined.errorCode === ERROR_CODES.MEMBER_ID_REQUIRED) {
      this.#memberId = joined.memberId
      return false
    }
    if (joined.errorCode === ERROR_CODES.COORDINATOR_NOT_AVAILABLE) return await pauseAndFail()
    if (joined.errorCode === ERROR_CODES.NOT_COORDINATOR) return await pauseAndFail()
    if (joined.errorCode === ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS) return await pauseAndFail()
    if (joined.errorCode !== 0) throw new Error(`error ${joined.errorCode} on join`)
    this.#memberId = joined.memberId
    const assignment = Buffer.alloc(32)
    const synced = await this.#connection.call('SyncGroup', SYNC_VERSION, {
      groupId: this.#groupId,
      generationId: joined.generationId,
      memberId: this.#memberId,
      groupInstanceId: null,
      protocolType: null,
      protocolName: null,
      assignments: joined.members.map(({ memberId }) => ({ memberId, assignment })),
    })
    if (synced.errorCode === ERROR_CODES.REBALANCE_IN_PROGRESS) return false
    if (synced.errorCode !== 0) throw new Error(`error ${synced.errorCode} on sync`)
    this.generation = joined.generationId
    return true
  }
}

async function pauseAndFail(): Promise<false> {
  await new Promise((resolve) => setTimeout(resolve, 200))
  return false
}

/** Makes the coordinator's topic where it is made when it is first asked for. */
async function findCoordinator(connection: WireConnection, groupId: string): Promise<void> {
  for (;;) {
    const answer = await connection.call('FindCoordinator', 3, {
      key: groupId,
      keyType: 0,
      coordinatorKeys: [],
    })
    if (answer.errorCode === 0) return
    await pauseAndFail()
  }
}

/** All join; then every member sends a heartbeat every so often, evenly spread. */
export async function heartbeatLoad(task: HeartbeatTask, orders: Orders): Promise<HeartbeatOutcome> {
  const count = task.groups * task.membersPerGroup
  const connections = await openAll(task.port, count)
  const prefix = uniqueName('bench')
  await findCoordinator(connections[0]!, `${prefix}-0`)
  const members = connections.map(
    (connection, index) => new Member(connection, `${prefix}-${index % task.groups}`),
  )
  let ended = 0
  for (const connection of connections) connection.onClose(() => ended++)
  const latencies: number[] = []
  let errors = 0
  let isMeasuring = false
  const startMs = performance.now()
  const timers: NodeJS.Timeout[] = []
  const beat = (member: Member): void =>
    member.sendHeartbeat((ms, errorCode) => {
      if (!isMeasuring) return
      latencies.push(ms)
      if (errorCode !== 0) errors++
    })
  members.forEach((member, index) => {
    const phaseMs = (task.heartbeatMs * index) / count
    setTimeout(() => {
      timers.push(setInterval(() => beat(member), task.heartbeatMs))
    }, phaseMs)
  })
  await Promise.all(members.map((member) => member.join()))
  const joinSeconds = (performance.now() - startMs) / 1000
  await new Promise((resolve) => setTimeout(resolve, task.heartbeatMs * 2))
  await orders.ready()
  isMeasuring = true
  await new Promise((resolve) => setTimeout(resolve, task.seconds * 1000))
  isMeasuring = false
  for (const timer of timers) clearInterval(timer)
  return {
    members: count - ended,
    joinSeconds,
    heartbeats: latencies.length,
    errors,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    max: percentile(latencies, 1),
  }
}

/** One member more joins a settled group, and leaves it again. */
export async function rebalanceLoad(task: RebalanceTask, orders: Orders): Promise<RebalanceOutcome> {
  const connections = await openAll(task.port, task.members)
  const groupId = uniqueName('bench')
  await findCoordinator(connections[0]!, groupId)
  const members = connections.map((connection) => new Member(connection, groupId))
  members.forEach((member, index) => {
    const phaseMs = (task.heartbeatMs * index) / members.length
    setTimeout(() => setInterval(() => member.sendHeartbeat(() => {}), task.heartbeatMs), phaseMs)
  })
  const last = members.at(-1)!
  const others = members.slice(0, -1)
  await Promise.all(others.map((member) => member.join()))
  await allInOneGeneration(others, -1)
  await orders.ready()
  const fromTrigger: number[] = []
  const fromLastJoin: number[] = []
  for (let round = 0; round < task.rounds; round++) {
    await new Promise((resolve) => setTimeout(resolve, task.heartbeatMs * (1 + round / task.rounds)))
    const before = others[0]!.generation
    const startMs = performance.now()
    const settled = allInOneGeneration(members, before)
    await last.join()
    await settled
    const endMs = performance.now()
    fromTrigger.push(endMs - startMs)
    fromLastJoin.push(endMs - Math.max(...members.map(({ joinedMs }) => joinedMs)))
    const left = allInOneGeneration(others, last.generation)
    await last.leave()
    await left
  }
  return { fromTrigger, fromLastJoin }
}

/** Resolves when all have an assignment of the same generation, a later one than `after`. */
function allInOneGeneration(members: readonly Member[], after: number): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      const { generation } = members[0]!
      if (generation > after && members.every((member) => member.generation === generation)) resolve()
    }
    for (const member of members) member.onAssigned = look
    look()
  })
}
