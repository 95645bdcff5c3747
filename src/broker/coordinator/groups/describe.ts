import type { Group } from './group.ts'
import type { DescribedGroup, ListGroupsReply } from './group-types.ts'
import { NO_BYTES, protocolMetadata } from './member.ts'

/** What administrators are told of a group; metadata only while it is stable, as Kafka does. */
export function describeGroup(groupId: string, group: Group | undefined): DescribedGroup {
  if (group === undefined) return { groupId, state: 'Dead', protocolType: '', protocol: '', members: [] }
  const isStable = group.state === 'Stable'
  return {
    groupId,
    state: group.state,
    protocolType: group.protocolType ?? '',
    protocol: isStable ? (group.protocol ?? '') : '',
    members: [...group.members.values()].map((member) => ({
      memberId: member.id,
      instanceId: member.instanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      metadata: isStable ? protocolMetadata(member, group.protocol) : NO_BYTES,
      assignment: member.assignment,
    })),
  }
}

/** A line of ListGroups. */
export function listGroup(group: Group): ListGroupsReply['groups'][number] {
  return { groupId: group.id, protocolType: group.protocolType ?? '', state: group.state }
}
