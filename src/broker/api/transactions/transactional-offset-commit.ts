import { ZERO_UUID } from '../../../base/uuid.ts'
import { ERROR_CODES, type ErrorName } from '../../../protocol/error-codes.ts'
import type { TxnOffsetCommitRequest } from '../../../protocol/generated/index.ts'
import type { OffsetToCommit } from '../../coordinator/groups/group-types.ts'
import { OFFSETS_TOPIC } from '../../metadata/internal-topics.ts'
import type { Handler } from '../../net/handler.ts'
import type { Partition } from '../../partition/partition.ts'
import { refusalCode } from '../groups/refusal-codes.ts'
import type { TransactionApiPorts } from './ports.ts'

/** From here on clients know that a transaction must be aborted. */
const ABORTABLE_SINCE = 4
/** From here on the broker makes the group's partition part of the transaction (KIP-890). */
const IMPLICIT_ADD_SINCE = 5

interface Place {
  readonly partitionIndex: number
  errorCode: number
}

/** Offsets that count when the transaction commits (G10). */
export function txnOffsetCommitHandler(ports: TransactionApiPorts): Handler<'TxnOffsetCommit'> {
  return async (request, { apiVersion }) => {
    const offsets: OffsetToCommit[] = []
    const places: Place[] = []
    const topics = request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((partition) => {
        const { partitionIndex } = partition
        const isThere = partitionIndex >= 0 && partitionIndex < ports.topics.partitionCountOf(name)
        const place: Place = { partitionIndex, errorCode: ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION }
        if (!isThere) return place
        places.push(place)
        offsets.push({
          topic: name,
          topicId: ports.topics.idOf(name) ?? ZERO_UUID,
          partition: partitionIndex,
          offset: partition.committedOffset,
          leaderEpoch: partition.committedLeaderEpoch,
          metadata: partition.committedMetadata ?? '',
        })
        return place
      }),
    }))
    if (offsets.length > 0) {
      const errors = await commit(ports, request, offsets, apiVersion)
      places.forEach((place, index) => {
        place.errorCode = typeof errors === 'number' ? errors : errors[index]!
      })
    }
    return { throttleTimeMs: 0, topics }
  }
}

/** One code for all, or one for each. */
async function commit(
  ports: TransactionApiPorts,
  request: TxnOffsetCommitRequest,
  offsets: readonly OffsetToCommit[],
  apiVersion: number,
): Promise<number | readonly number[]> {
  if (request.groupId === '') return ERROR_CODES.INVALID_GROUP_ID
  const index = ports.groups.partitionFor(request.groupId)
  const partition = index === null ? undefined : ports.partitions.get(OFFSETS_TOPIC, index)
  if (partition === undefined) return ERROR_CODES.COORDINATOR_NOT_AVAILABLE
  const { producerId, producerEpoch } = request
  const admission = partition.admissions.begin(producerId, producerEpoch, false)
  try {
    const error = await admit(ports, request, partition, apiVersion)
    if (error !== 'NONE') return errorCodeOf(error, apiVersion)
    // What ended the transaction while the coordinator was asked must not be followed by its offsets.
    const isOpen = partition.producers.isInTransaction(producerId, producerEpoch)
    if (!isOpen && !partition.admissions.isValid(admission)) return ERROR_CODES.INVALID_TXN_STATE
    const reply = await ports.groups.submit<'transactional-commit'>({
      kind: 'transactional-commit',
      groupId: request.groupId,
      producerId,
      producerEpoch,
      generation: request.generationId,
      memberId: request.memberId,
      instanceId: request.groupInstanceId,
      offsets,
    })
    if ('refused' in reply) return refusalCode(reply.refused)
    return reply.errors.map((one) => ERROR_CODES[one === 'GROUP_ID_NOT_FOUND' ? 'ILLEGAL_GENERATION' : one])
  } finally {
    partition.admissions.end(admission)
  }
}

async function admit(
  { transactions }: TransactionApiPorts,
  { transactionalId, producerId, producerEpoch }: TxnOffsetCommitRequest,
  partition: Partition,
  apiVersion: number,
): Promise<ErrorName> {
  if (partition.producers.isInTransaction(producerId, producerEpoch)) return 'NONE'
  const { error, missing } = await transactions.admit({
    transactionalId,
    producerId,
    producerEpoch,
    partitions: [{ topic: OFFSETS_TOPIC, partitions: [partition.index] }],
    adds: apiVersion >= IMPLICIT_ADD_SINCE,
  })
  return missing.length > 0 ? 'TRANSACTION_ABORTABLE' : error
}

function errorCodeOf(error: ErrorName, apiVersion: number): number {
  if (error === 'TRANSACTION_ABORTABLE' && apiVersion < ABORTABLE_SINCE) return ERROR_CODES.INVALID_TXN_STATE
  if (error === 'PRODUCER_FENCED') return ERROR_CODES.INVALID_PRODUCER_EPOCH
  return ERROR_CODES[error]
}
