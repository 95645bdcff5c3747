import type { Environment } from '../../../base/environment.ts'
import type { Mutable } from '../../../base/mutable.ts'
import type { RequestOf, ResponseOf } from '../../../protocol/api.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import {
  batchCompression,
  batchIsTransactional,
  checkProducedBatch,
  type ProducedBatchFault,
} from '../../../protocol/record-batch.ts'
import { REFUSED_RECORDS_MAX } from '../../../protocol/records-check.ts'
import type { TransactionGate } from '../../coordinator/transactions/transaction-gate.ts'
import {
  type Answer,
  CLOSE_CONNECTION,
  type Handler,
  NO_RESPONSE,
  type RequestContext,
} from '../../net/handler.ts'
import type { BatchThreads } from '../../partition/batch-threads.ts'
import type { Acknowledgement, Partition } from '../../partition/partition.ts'
import { isJudged, type RecordError } from '../../partition/record-verdicts.ts'
import { queuedMessage } from '../../partition/refusal-messages.ts'
import { NO_LEADER, type PartitionRegistry } from '../../partition/registry.ts'
import { PreparedProduce } from './prepared-produce.ts'
import { type Admitted, type ProduceRefusal, TransactionalProduce } from './transactional-produce.ts'

type ProduceRequest = RequestOf<'Produce'>
type ProduceResponse = ResponseOf<'Produce'>
type PartitionResponse = Mutable<ProduceResponse['responses'][number]['partitionResponses'][number]>

const ACKS_ALL = -1
const ZSTD_SINCE = 7
const CURRENT_LEADER_SINCE = 10
/** Kafka's: a client that names no sensible time waits this long and no longer. */
const TIMEOUT_MS_MAX = 300_000

/**
 * Appends what it is given, synchronously and in order, and answers when that is as durable as `acks` asks: 0 never
 * answers, 1 when it is written, all when it is committed (B3, B4, D1-D12).
 */
export function produceHandler(
  registry: PartitionRegistry,
  gate: TransactionGate,
  threads: BatchThreads,
  environment: Environment,
): Handler<'Produce'> {
  const transactional = new TransactionalProduce(registry, gate)
  const prepared = new PreparedProduce(registry, threads, environment)
  return (asked, context) =>
    prepared.run(asked, context.apiVersion, (request) => {
      const append = (admitted: Admitted) => produceAll(registry, request, context, admitted)
      if (request.transactionalId === null) return append(NOTHING_ADMITTED)
      return transactional.run(request, context.apiVersion, append)
    })
}

const NOTHING_ADMITTED: Admitted = new Map()

function produceAll(
  registry: PartitionRegistry,
  request: ProduceRequest,
  context: RequestContext,
  admitted: Admitted,
): Answer<'Produce'> | Promise<Answer<'Produce'>> {
  const { apiVersion } = context
  const pending = new PendingProduce(request, context, admitted)
  for (const topic of request.topicData) {
    const name = apiVersion >= 13 ? registry.topicName(topic.topicId) : topic.name
    const partitionResponses: PartitionResponse[] = []
    for (const { index, records } of topic.partitionData) {
      const response = pending.add(index)
      partitionResponses.push(response)
      if (name === undefined) fail(response, ERROR_CODES.UNKNOWN_TOPIC_ID, null)
      else produce(registry, name, records as Buffer | null, response, pending)
    }
    pending.responses.push({ name: topic.name, topicId: topic.topicId, partitionResponses })
  }
  return pending.answer()
}

function produce(
  registry: PartitionRegistry,
  topic: string,
  records: Buffer | null,
  response: PartitionResponse,
  pending: PendingProduce,
): void {
  const partition = registry.get(topic, response.index)
  const refusal = refusalOf(registry, partition, topic, records, pending)
  if (refusal !== null) {
    fail(response, refusal.errorCode, refusal.message)
    return
  }
  const leave = pending.admitted.get(partition!) ?? null
  if (leave !== null && 'errorCode' in leave) {
    fail(response, leave.errorCode, leave.message)
    return
  }
  const appended = partition!.append(records!, pending.acknowledgement, leave)
  response.logStartOffset = partition!.logStartOffset
  if (!('endOffset' in appended)) {
    fail(response, appended.errorCode, appended.message)
    pending.tell(appended.recordErrors, response)
    if (appended.errorCode === ERROR_CODES.NOT_LEADER_OR_FOLLOWER && pending.tellsLeader)
      response.currentLeader = registry.currentLeader(partition!)
    return
  }
  response.baseOffset = appended.baseOffset
  response.logAppendTimeMs = appended.logAppendTimeMs
  pending.wait(partition!, appended.endOffset, response)
}

/** What is wrong with the request itself, before its partition is asked. */
function refusalOf(
  registry: PartitionRegistry,
  partition: Partition | undefined,
  topic: string,
  records: Buffer | null,
  pending: PendingProduce,
): ProduceRefusal | null {
  if (!pending.acksAreValid) return { errorCode: ERROR_CODES.INVALID_REQUIRED_ACKS, message: null }
  if (partition === undefined) return { errorCode: ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION, message: null }
  if (registry.isInternal(topic))
    return {
      errorCode: ERROR_CODES.INVALID_TOPIC_EXCEPTION,
      message: `only the broker itself writes to ${topic}`,
    }
  const fault = frameFault(records)
  if (fault !== null) return { errorCode: FAULT_CODES[fault], message: `record batch refused: ${fault}` }
  if (!pending.takesZstd && batchCompression(records!, 0) === 'zstd')
    return {
      errorCode: ERROR_CODES.UNSUPPORTED_COMPRESSION_TYPE,
      message: `zstd needs Produce ${ZSTD_SINCE}`,
    }
  if (!pending.isTransactional && batchIsTransactional(records!, 0))
    return { errorCode: ERROR_CODES.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, message: null }
  return null
}

/** What has been judged is known to have passed. */
function frameFault(records: Buffer | null): ProducedBatchFault | null {
  if (records === null) return 'invalid-record'
  return isJudged(records) ? null : checkProducedBatch(records, 0, records.length)
}

const FAULT_CODES: Record<ProducedBatchFault, number> = {
  corrupt: ERROR_CODES.CORRUPT_MESSAGE,
  'invalid-record': ERROR_CODES.INVALID_RECORD,
  'unsupported-compression': ERROR_CODES.UNSUPPORTED_COMPRESSION_TYPE,
}

/** Kafka's answer where nothing was appended: base offset and start offset unknown. */
function fail(response: PartitionResponse, errorCode: number, message: string | null): void {
  response.errorCode = errorCode
  response.errorMessage = message
  response.baseOffset = -1
  response.logAppendTimeMs = -1
}

/** One request's partitions until the last of them is as durable as was asked. */
class PendingProduce {
  readonly responses: ProduceResponse['responses'] = []
  /** D6: older clients can't have meant it. */
  readonly takesZstd: boolean
  /** KIP-951. */
  readonly tellsLeader: boolean
  /** Whether the request names a transactional id. */
  readonly isTransactional: boolean
  readonly admitted: Admitted
  readonly #context: RequestContext
  readonly #acks: number
  readonly #timeoutMs: number
  #open = 0
  #errorsLeft = REFUSED_RECORDS_MAX
  #settle: ((answer: Answer<'Produce'>) => void) | null = null

  constructor(request: ProduceRequest, context: RequestContext, admitted: Admitted) {
    const { apiVersion } = context
    this.#context = context
    this.takesZstd = apiVersion >= ZSTD_SINCE
    this.tellsLeader = apiVersion >= CURRENT_LEADER_SINCE
    this.isTransactional = request.transactionalId !== null
    this.admitted = admitted
    this.#acks = request.acks
    this.#timeoutMs = Math.min(TIMEOUT_MS_MAX, Math.max(0, request.timeoutMs))
  }

  get acksAreValid(): boolean {
    return this.#acks === 0 || this.#acks === 1 || this.#acks === ACKS_ALL
  }

  get acknowledgement(): Acknowledgement {
    return this.#acks === ACKS_ALL ? 'committed' : 'written'
  }

  add(index: number): PartitionResponse {
    return {
      index,
      errorCode: 0,
      baseOffset: -1,
      logAppendTimeMs: -1,
      logStartOffset: -1,
      recordErrors: [],
      errorMessage: null,
      currentLeader: NO_LEADER,
    }
  }

  /** As many as one answer names: a record is seven bytes, or none to speak of in a compressed batch, and its error fifty. */
  tell(errors: readonly RecordError[], response: PartitionResponse): void {
    for (const { batchIndex, message } of errors) {
      if (this.#errorsLeft-- <= 0) return
      response.recordErrors.push({ batchIndex, batchIndexErrorMessage: message })
    }
  }

  /** With acks=0 too the request stays open until its bytes are written: its memory is the batch's. */
  wait(partition: Partition, endOffset: number, response: PartitionResponse): void {
    this.#open++
    partition.whenReached(this.acknowledgement, endOffset, this.#timeoutMs, {
      reached: (errorCode) => {
        if (errorCode !== 0) fail(response, errorCode, queuedMessage(partition.log.refusal()))
        if (partition.log.writtenEndOffset < endOffset || errorCode !== 0) this.#context.keepFrame()
        this.#open--
        if (this.#open === 0) this.#settle?.(this.#answer())
      },
    })
  }

  answer(): Answer<'Produce'> | Promise<Answer<'Produce'>> {
    if (this.#open === 0) return this.#answer()
    return new Promise((resolve) => {
      this.#settle = resolve
    })
  }

  #answer(): Answer<'Produce'> {
    if (this.#acks !== 0) return { responses: this.responses, throttleTimeMs: 0, nodeEndpoints: [] }
    for (const topic of this.responses)
      for (const partition of topic.partitionResponses) if (partition.errorCode !== 0) return CLOSE_CONNECTION
    return NO_RESPONSE
  }
}
