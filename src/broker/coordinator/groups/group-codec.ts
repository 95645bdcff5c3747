import type { EventCodec } from '../../../base/machine.ts'
import {
  defaultOffsetCommitValue,
  GROUP_METADATA_KEY_TYPE,
  LEGACY_OFFSET_COMMIT_KEY_TYPE,
  OFFSET_COMMIT_KEY_TYPE,
  readGroupMetadataKey,
  readGroupMetadataValue,
  readOffsetCommitKey,
  readOffsetCommitValue,
  writeGroupMetadataKey,
  writeGroupMetadataValue,
  writeOffsetCommitKey,
  writeOffsetCommitValue,
} from '../../../protocol/generated/group-records.ts'
import {
  decodeRecordKey,
  decodeVersioned,
  encodeRecordKey,
  encodeVersioned,
  prefixOf,
} from '../../../protocol/versioned.ts'
import type { CommittedOffset, GroupEvent, GroupRecord } from './group-types.ts'

/** Kafka 4.3 writes these versions; a commit with its own retention can only be said in version 1. */
const GROUP_VERSION = 3
const OFFSET_VERSION = 4
const OFFSET_VERSION_WITH_EXPIRY = 1
const VALUE_VERSION_MAX = 4

/**
 * Kafka's records of __consumer_offsets: OffsetCommit keys (type 1, and 0 of old logs) and GroupMetadata keys (type
 * 2). Other types belong to kinds of groups that are not here and are skipped.
 */
export const groupCodec: EventCodec<GroupEvent> = {
  encode(event) {
    if (event.kind === 'group') {
      return {
        key: encodeRecordKey(writeGroupMetadataKey, GROUP_METADATA_KEY_TYPE, { group: event.groupId }),
        value: event.record === null ? null : encodeGroup(event.record),
      }
    }
    const { groupId: group, topic, partition } = event
    return {
      key: encodeRecordKey(writeOffsetCommitKey, OFFSET_COMMIT_KEY_TYPE, { group, topic, partition }),
      value: event.committed === null ? null : encodeOffset(event.committed),
    }
  },

  decode(key, value) {
    if (key === null) return null
    switch (prefixOf(key)) {
      case LEGACY_OFFSET_COMMIT_KEY_TYPE:
      case OFFSET_COMMIT_KEY_TYPE: {
        const { group: groupId, topic, partition } = decodeRecordKey(readOffsetCommitKey, key)
        const committed = value === null ? null : decodeOffset(value)
        return { kind: 'offset', groupId, topic, partition, committed }
      }
      case GROUP_METADATA_KEY_TYPE: {
        const { group: groupId } = decodeRecordKey(readGroupMetadataKey, key)
        return { kind: 'group', groupId, record: value === null ? null : decodeGroup(value) }
      }
      default:
        return null
    }
  },
}

function encodeOffset(committed: CommittedOffset): Buffer {
  const hasExpiry = committed.expireTimestampMs !== -1
  return encodeVersioned(writeOffsetCommitValue, hasExpiry ? OFFSET_VERSION_WITH_EXPIRY : OFFSET_VERSION, {
    ...defaultOffsetCommitValue(),
    offset: committed.offset,
    leaderEpoch: committed.leaderEpoch,
    metadata: committed.metadata,
    commitTimestamp: committed.commitTimestampMs,
    expireTimestamp: committed.expireTimestampMs,
    topicId: committed.topicId,
  })
}

function decodeOffset(bytes: Buffer): CommittedOffset {
  const value = decodeVersioned(readOffsetCommitValue, VALUE_VERSION_MAX, bytes)
  return {
    offset: value.offset,
    leaderEpoch: value.leaderEpoch,
    metadata: value.metadata,
    commitTimestampMs: value.commitTimestamp,
    expireTimestampMs: value.expireTimestamp,
    topicId: value.topicId,
  }
}

function encodeGroup(record: GroupRecord): Buffer {
  return encodeVersioned(writeGroupMetadataValue, GROUP_VERSION, {
    protocolType: record.protocolType,
    generation: record.generation,
    protocol: record.protocol,
    leader: record.leader,
    currentStateTimestamp: record.stateTimestampMs,
    members: record.members.map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.instanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      rebalanceTimeout: member.rebalanceTimeoutMs,
      sessionTimeout: member.sessionTimeoutMs,
      subscription: member.subscription,
      assignment: member.assignment,
    })),
  })
}

function decodeGroup(bytes: Buffer): GroupRecord {
  const value = decodeVersioned(readGroupMetadataValue, VALUE_VERSION_MAX, bytes)
  return {
    protocolType: value.protocolType,
    generation: value.generation,
    protocol: value.protocol,
    leader: value.leader,
    stateTimestampMs: value.currentStateTimestamp,
    members: value.members.map((member) => ({
      memberId: member.memberId,
      instanceId: member.groupInstanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      rebalanceTimeoutMs: member.rebalanceTimeout === -1 ? member.sessionTimeout : member.rebalanceTimeout,
      sessionTimeoutMs: member.sessionTimeout,
      subscription: Buffer.from(member.subscription),
      assignment: Buffer.from(member.assignment),
    })),
  }
}
