import { ownCopy } from '../../../base/bytes.ts'
import type { RequestOf, ResponseOf } from '../../../protocol/api.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import {
  defaultHeartbeatResponse,
  defaultJoinGroupResponse,
  defaultLeaveGroupResponse,
  defaultLeaveGroupResponseMember,
  defaultSyncGroupResponse,
} from '../../../protocol/generated/index.ts'
import type { JoinCommand, JoinReply, SyncCommand, SyncReply } from '../../coordinator/groups/group-types.ts'
import type { Refused } from '../../coordinator/runtime.ts'
import type { Handler, RequestContext } from '../../net/handler.ts'
import type { GroupApiPorts } from './ports.ts'
import { refusalCode } from './refusal-codes.ts'

/** From which versions on a client understands what it is answered. */
const JOIN_REBALANCE_TIMEOUT_MIN = 1
const JOIN_MEMBER_ID_REQUIRED_MIN = 4
const JOIN_NULLABLE_PROTOCOL_MIN = 7
const JOIN_SKIP_ASSIGNMENT_MIN = 9
const SYNC_PROTOCOL_REQUIRED_MIN = 5
const LEAVE_LIST_MIN = 3

/** What a request that waits for other members keeps by itself; what it says is its member's, and counted there. */
const WAITING_BYTES = 1024

type Ports = Pick<GroupApiPorts, 'coordinator'>

/**
 * Answers when the generation begins: that can take as long as the rebalance timeout, and meanwhile nothing here refers to
 * the request. What it says has been copied.
 */
export function joinGroupHandler({ coordinator }: Ports): Handler<'JoinGroup'> {
  return (request, context) => {
    const { apiVersion, connection } = context
    const { memberId } = request
    if (!context.waits(WAITING_BYTES)) return joinResponse({ refused: 'overloaded' }, memberId, apiVersion)
    return coordinator
      .submit<'join'>(joinCommand(request, context), connection)
      .then((reply) => joinResponse(reply, memberId, apiVersion))
  }
}

function joinCommand(request: RequestOf<'JoinGroup'>, context: RequestContext): JoinCommand {
  const { apiVersion, clientId, connection } = context
  return {
    kind: 'join',
    groupId: request.groupId,
    memberId: request.memberId,
    instanceId: request.groupInstanceId,
    clientId: clientId ?? '',
    clientHost: `/${connection.clientHost}`,
    sessionTimeoutMs: request.sessionTimeoutMs,
    rebalanceTimeoutMs:
      apiVersion >= JOIN_REBALANCE_TIMEOUT_MIN ? request.rebalanceTimeoutMs : request.sessionTimeoutMs,
    protocolType: request.protocolType,
    protocols: request.protocols.map(({ name, metadata }) => ({ name, metadata: ownCopy(metadata) })),
    memberIdRequired: apiVersion >= JOIN_MEMBER_ID_REQUIRED_MIN,
    canSkipAssignment: apiVersion >= JOIN_SKIP_ASSIGNMENT_MIN,
  }
}

function joinResponse(
  reply: JoinReply | Refused,
  memberId: string,
  apiVersion: number,
): ResponseOf<'JoinGroup'> {
  const response = defaultJoinGroupResponse()
  const noProtocol = apiVersion >= JOIN_NULLABLE_PROTOCOL_MIN ? null : ''
  if ('refused' in reply)
    return { ...response, errorCode: refusalCode(reply.refused), protocolName: noProtocol, memberId }
  return {
    ...response,
    errorCode: ERROR_CODES[reply.error],
    generationId: reply.generation,
    protocolType: reply.protocolType,
    protocolName: reply.protocol ?? noProtocol,
    leader: reply.leader,
    skipAssignment: reply.skipAssignment,
    memberId: reply.memberId,
    members: reply.members.map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.instanceId,
      metadata: member.metadata,
    })),
  }
}

/** Answers when the leader has handed in the assignment and it is durable. It keeps as little as JoinGroup does. */
export function syncGroupHandler({ coordinator }: Ports): Handler<'SyncGroup'> {
  return (request, context) => {
    const { apiVersion, connection } = context
    if (
      apiVersion >= SYNC_PROTOCOL_REQUIRED_MIN &&
      (request.protocolType === null || request.protocolName === null)
    )
      return { ...defaultSyncGroupResponse(), errorCode: ERROR_CODES.INCONSISTENT_GROUP_PROTOCOL }
    if (!context.waits(WAITING_BYTES)) return syncResponse({ refused: 'overloaded' })
    return coordinator.submit<'sync'>(syncCommand(request), connection).then(syncResponse)
  }
}

function syncCommand(request: RequestOf<'SyncGroup'>): SyncCommand {
  return {
    kind: 'sync',
    groupId: request.groupId,
    generation: request.generationId,
    memberId: request.memberId,
    instanceId: request.groupInstanceId,
    protocolType: request.protocolType,
    protocol: request.protocolName,
    assignments: request.assignments.map(({ memberId, assignment }) => ({
      memberId,
      assignment: ownCopy(assignment),
    })),
  }
}

function syncResponse(reply: SyncReply | Refused): ResponseOf<'SyncGroup'> {
  const response = defaultSyncGroupResponse()
  if ('refused' in reply) return { ...response, errorCode: refusalCode(reply.refused) }
  return {
    ...response,
    errorCode: ERROR_CODES[reply.error],
    protocolType: reply.protocolType,
    protocolName: reply.protocol,
    assignment: reply.assignment,
  }
}

/** While the groups are loaded a heartbeat is simply well: the member may still be in its generation. */
export function heartbeatHandler({ coordinator }: Ports): Handler<'Heartbeat'> {
  return async (request) => {
    const response = defaultHeartbeatResponse()
    const reply = await coordinator.submit<'heartbeat'>({
      kind: 'heartbeat',
      groupId: request.groupId,
      generation: request.generationId,
      memberId: request.memberId,
      instanceId: request.groupInstanceId,
    })
    if (!('refused' in reply)) return { ...response, errorCode: ERROR_CODES[reply.error] }
    if (reply.refused === 'loading') return response
    return { ...response, errorCode: refusalCode(reply.refused) }
  }
}

/** Old clients leave alone, newer ones several at a time, each with its own answer (KIP-345). */
export function leaveGroupHandler({ coordinator }: Ports): Handler<'LeaveGroup'> {
  return async (request, { apiVersion }) => {
    const response = defaultLeaveGroupResponse()
    const isList = apiVersion >= LEAVE_LIST_MIN
    const members = isList
      ? request.members.map(({ memberId, groupInstanceId }) => ({ memberId, instanceId: groupInstanceId }))
      : [{ memberId: request.memberId, instanceId: null }]
    const reply = await coordinator.submit<'leave'>({ kind: 'leave', groupId: request.groupId, members })
    if ('refused' in reply) return { ...response, errorCode: refusalCode(reply.refused) }
    if (!isList) {
      const error = reply.error === 'NONE' ? reply.members[0]!.error : reply.error
      return { ...response, errorCode: ERROR_CODES[error] }
    }
    return {
      ...response,
      errorCode: ERROR_CODES[reply.error],
      members: reply.members.map(({ memberId, instanceId, error }) => ({
        ...defaultLeaveGroupResponseMember(),
        memberId,
        groupInstanceId: instanceId,
        errorCode: ERROR_CODES[error],
      })),
    }
  }
}
