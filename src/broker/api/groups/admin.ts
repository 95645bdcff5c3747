import { Turn } from '../../../base/turn.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import {
  defaultDeleteGroupsResponse,
  defaultDescribeGroupsResponse,
  defaultDescribeGroupsResponseGroup,
  defaultListGroupsResponse,
} from '../../../protocol/generated/index.ts'
import type { Handler } from '../../net/handler.ts'
import { mapInTurns } from '../in-turns.ts'
import type { GroupApiPorts } from './ports.ts'
import { refusalCode } from './refusal-codes.ts'

type Ports = Pick<GroupApiPorts, 'coordinator' | 'environment'>

/** From here on a group that is not there is an error and not merely dead (C16). */
const DESCRIBE_NOT_FOUND_MIN = 6
const SHOWN_LENGTH_MAX = 255
const GROUP_TYPE = 'classic'
/** Operation numbers of Kafka's ACLs that a group knows: read, delete, describe, describe and alter configs. */
const GROUP_OPERATIONS = (1 << 3) | (1 << 6) | (1 << 8) | (1 << 10) | (1 << 11)

/** Each group once, in the order in which they are asked for. */
export function describeGroupsHandler({ coordinator, environment }: Ports): Handler<'DescribeGroups'> {
  return async (request, { apiVersion }) => {
    const described = await coordinator.describeGroups(request.groups)
    const turn = new Turn(environment)
    const groups = await mapInTurns(turn, described, ([groupId, found]) => {
      const group = { ...defaultDescribeGroupsResponseGroup(), groupId }
      if ('refused' in found) return { ...group, errorCode: refusalCode(found.refused) }
      if (found.state === 'Dead' && apiVersion >= DESCRIBE_NOT_FOUND_MIN) {
        const errorMessage = notFound(groupId)
        return { ...group, groupState: found.state, errorCode: ERROR_CODES.GROUP_ID_NOT_FOUND, errorMessage }
      }
      return {
        ...group,
        groupState: found.state,
        protocolType: found.protocolType,
        protocolData: found.protocol,
        members: found.members.map((member) => ({
          memberId: member.memberId,
          groupInstanceId: member.instanceId,
          clientId: member.clientId,
          clientHost: member.clientHost,
          memberMetadata: member.metadata,
          memberAssignment: member.assignment,
        })),
        ...(request.includeAuthorizedOperations ? { authorizedOperations: GROUP_OPERATIONS } : {}),
      }
    })
    return { ...defaultDescribeGroupsResponse(), groups }
  }
}

/** A message has to fit in a string of the protocol, whatever a client asks for. */
function notFound(groupId: string): string {
  return groupId.length > SHOWN_LENGTH_MAX ? 'Group not found.' : `Group ${groupId} not found.`
}

/** Filters are compared without regard to case; a name that is none matches nothing. */
export function listGroupsHandler({ coordinator, environment }: Ports): Handler<'ListGroups'> {
  return async (request) => {
    const response = defaultListGroupsResponse()
    const reply = await coordinator.listGroups()
    if ('refused' in reply) return { ...response, errorCode: refusalCode(reply.refused) }
    const states = filterOf(request.statesFilter)
    const types = filterOf(request.typesFilter)
    if (types !== null && !types.has(GROUP_TYPE)) return response
    const turn = new Turn(environment)
    const { groups } = response
    for (const { groupId, protocolType, state } of reply.groups) {
      if (states === null || states.has(state.toLowerCase()))
        groups.push({ groupId, protocolType, groupState: state, groupType: GROUP_TYPE })
      if (turn.isOver) await turn.next()
    }
    return response
  }
}

function filterOf(names: readonly string[]): ReadonlySet<string> | null {
  return names.length === 0 ? null : new Set(names.map((name) => name.toLowerCase()))
}

/** Each group once, in the order in which they are named. */
export function deleteGroupsHandler({ coordinator, environment }: Ports): Handler<'DeleteGroups'> {
  return async (request) => {
    const deleted = await coordinator.deleteGroups(request.groupsNames)
    const turn = new Turn(environment)
    const results = await mapInTurns(turn, deleted, ([groupId, result]) => ({
      groupId,
      errorCode: 'refused' in result ? refusalCode(result.refused) : ERROR_CODES[result.error],
    }))
    return { ...defaultDeleteGroupsResponse(), results }
  }
}
