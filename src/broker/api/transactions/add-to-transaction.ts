import { Turn } from '../../../base/turn.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import {
  type AddPartitionsToTxnRequestTransaction,
  defaultAddPartitionsToTxnResponse,
} from '../../../protocol/generated/index.ts'
import { PartitionSet } from '../../coordinator/transactions/topic-partitions.ts'
import { OFFSETS_TOPIC } from '../../metadata/internal-topics.ts'
import type { Handler } from '../../net/handler.ts'
import { refusalCode } from '../groups/refusal-codes.ts'
import { mapInTurns } from '../in-turns.ts'
import { transactionErrorCode } from './error-codes.ts'
import type { TransactionApiPorts } from './ports.ts'

/** From here on brokers ask for several transactions at once (KIP-890, G9). */
const BATCH_SINCE = 4
/** What such brokers add is of clients that have an epoch for each transaction. */
const VERSION_OF_BATCHES = 2

type Asked = AddPartitionsToTxnRequestTransaction
type Topics = Asked['topics']
/** The error of one partition. */
type ErrorOf = (topic: string, partition: number) => number

/** Adds partitions to a transaction, or says which of them are part of it. */
export function addPartitionsToTxnHandler(ports: TransactionApiPorts): Handler<'AddPartitionsToTxn'> {
  return async (request, { apiVersion }) => {
    const response = defaultAddPartitionsToTxnResponse()
    if (apiVersion < BATCH_SINCE) {
      const asked: Asked = {
        transactionalId: request.v3AndBelowTransactionalId,
        producerId: request.v3AndBelowProducerId,
        producerEpoch: request.v3AndBelowProducerEpoch,
        verifyOnly: false,
        topics: request.v3AndBelowTopics,
      }
      const errorOf = await add(ports, asked, apiVersion)
      return { ...response, resultsByTopicV3AndBelow: results(asked.topics, errorOf) }
    }
    const turn = new Turn(ports.environment)
    const answered = await mapInTurns(turn, request.transactions, async (asked) => {
      const errorOf = await (asked.verifyOnly ? verify(ports, asked) : add(ports, asked, apiVersion))
      return { transactionalId: asked.transactionalId, topicResults: results(asked.topics, errorOf) }
    })
    return { ...response, resultsByTransaction: await Promise.all(answered) }
  }
}

function results(topics: Topics, errorOf: ErrorOf) {
  return topics.map(({ name, partitions }) => ({
    name,
    resultsByPartition: partitions.map((partitionIndex) => ({
      partitionIndex,
      partitionErrorCode: errorOf(name, partitionIndex),
    })),
  }))
}

/** All of them or, where one is not there, none. */
async function add(ports: TransactionApiPorts, asked: Asked, apiVersion: number): Promise<ErrorOf> {
  const { transactionalId, producerId, producerEpoch } = asked
  const isThere = (topic: string, partition: number) =>
    partition >= 0 && partition < ports.topics.partitionCountOf(topic)
  if (asked.topics.some(({ name, partitions }) => partitions.some((partition) => !isThere(name, partition))))
    return (topic, partition) =>
      isThere(topic, partition) ? ERROR_CODES.OPERATION_NOT_ATTEMPTED : ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION
  const reply = await ports.transactions.submit<'add-partitions'>({
    kind: 'add-partitions',
    transactionalId,
    producerId,
    producerEpoch,
    partitions: partitionsOf(asked.topics),
    clientVersion: apiVersion < BATCH_SINCE ? 0 : VERSION_OF_BATCHES,
  })
  const code = 'refused' in reply ? refusalCode(reply.refused) : transactionErrorCode(reply.error, apiVersion)
  return () => code
}

async function verify(ports: TransactionApiPorts, asked: Asked): Promise<ErrorOf> {
  const { transactionalId, producerId, producerEpoch } = asked
  if (transactionalId === '') return () => ERROR_CODES.INVALID_REQUEST
  const reply = await ports.transactions.submit<'verify-partitions'>({
    kind: 'verify-partitions',
    transactionalId,
    producerId,
    producerEpoch,
    partitions: partitionsOf(asked.topics),
  })
  if ('refused' in reply) return () => refusalCode(reply.refused)
  if (reply.error !== 'NONE') return () => ERROR_CODES[reply.error]
  const missing = new PartitionSet(reply.missing)
  return (topic, partition) =>
    missing.has(topic, partition) ? ERROR_CODES.TRANSACTION_ABORTABLE : ERROR_CODES.NONE
}

function partitionsOf(topics: Topics) {
  return topics.map(({ name, partitions }) => ({ topic: name, partitions }))
}

/** The partition that keeps the group's offsets becomes part of the transaction. */
export function addOffsetsToTxnHandler(ports: TransactionApiPorts): Handler<'AddOffsetsToTxn'> {
  return async (request, { apiVersion }) => {
    const answer = (errorCode: number) => ({ throttleTimeMs: 0, errorCode })
    const { transactionalId, producerId, producerEpoch, groupId } = request
    await ports.groups.ensureTopic()
    const partition = ports.groups.partitionFor(groupId)
    if (partition === null) return answer(ERROR_CODES.COORDINATOR_NOT_AVAILABLE)
    const reply = await ports.transactions.submit<'add-partitions'>({
      kind: 'add-partitions',
      transactionalId,
      producerId,
      producerEpoch,
      partitions: [{ topic: OFFSETS_TOPIC, partitions: [partition] }],
      clientVersion: 0,
    })
    if ('refused' in reply) return answer(refusalCode(reply.refused))
    return answer(transactionErrorCode(reply.error, apiVersion))
  }
}
