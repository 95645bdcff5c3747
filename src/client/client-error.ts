import { errorName, isRetriable } from '../protocol/error-codes.ts'
import { type Address, formatAddress } from './address.ts'

/** What a call to a broker can come to besides an answer. `retriable`: the same call may succeed later. */
export abstract class ClientError extends Error {
  abstract readonly retriable: boolean
}

/**
 * A broker said no. `name` is Kafka's name of `code`; the message says what was tried, what the broker said and,
 * where there is something to do about it, what.
 */
export class KafkaError extends ClientError {
  readonly code: number
  override readonly name: string
  readonly retriable: boolean

  constructor(code: number, attempted: string, brokerMessage: string | null = null) {
    const name = errorName(code)
    super(explain(code, name, attempted, brokerMessage))
    this.code = code
    this.name = name
    this.retriable = isRetriable(code)
  }
}

/**
 * No connection, or one that broke. `sent`: the request had left, so that the broker may have done what it asked.
 */
export class ConnectionError extends ClientError {
  override readonly name = 'ConnectionError'
  readonly retriable = true
  readonly address: Address
  readonly sent: boolean

  constructor(address: Address, reason: string, options: { sent: boolean; cause?: unknown }) {
    super(`${formatAddress(address)}: ${reason}`, { cause: options.cause })
    this.address = address
    this.sent = options.sent
  }
}

/** No answer in time. The broker may have done what it was asked, or may yet do it. */
export class TimeoutError extends ClientError {
  override readonly name = 'TimeoutError'
  readonly retriable = true
}

/** The broker has no version of an API that this client has, or lacks a feature. */
export class UnsupportedError extends ClientError {
  override readonly name = 'UnsupportedError'
  readonly retriable = false
}

/** An answer that is not what the protocol says. The connection it came on is closed. */
export class BadAnswerError extends ClientError {
  override readonly name = 'BadAnswerError'
  readonly retriable = false
}

/** What was asked makes no sense or cannot be done in this state; nothing was sent. */
export class RefusedError extends ClientError {
  override readonly name = 'RefusedError'
  readonly retriable = false
}

/** Throws when a broker answered with an error. `attempted` continues "cannot": `create topic orders`. */
export function throwOnError(code: number, attempted: string, brokerMessage: string | null = null): void {
  if (code !== 0) throw new KafkaError(code, attempted, brokerMessage)
}

/** Whether `error` is a broker's answer, of one of the names when any are given. */
export function isKafkaError(error: unknown, ...names: readonly string[]): error is KafkaError {
  return error instanceof KafkaError && (names.length === 0 || names.includes(error.name))
}

const ADVICE: Readonly<Record<string, string>> = {
  UNKNOWN_TOPIC_OR_PARTITION: 'there is no such topic or partition: check the name, or create the topic',
  UNKNOWN_TOPIC_ID: 'the topic was deleted, or deleted and created anew: look it up again',
  LEADER_NOT_AVAILABLE:
    'the partition has no leader at the moment: try again, or see whether its brokers run',
  NOT_LEADER_OR_FOLLOWER: 'leadership has moved: try again',
  TOPIC_ALREADY_EXISTS: 'choose another name, or delete the topic first',
  INVALID_TOPIC_EXCEPTION:
    'a topic name is 1 to 249 of the characters a-z A-Z 0-9 . _ - and neither . nor ..',
  INVALID_PARTITIONS: 'ask for at least 1 partition, and not for fewer than there are',
  INVALID_REPLICATION_FACTOR: 'ask for at least 1 replica and at most as many as there are brokers',
  INVALID_CONFIG: 'a configuration name or value is not known or not allowed: correct it',
  OFFSET_OUT_OF_RANGE: 'the offset is not in the log: start from the beginning or the end',
  MESSAGE_TOO_LARGE: 'send a smaller record, or raise max.message.bytes of the topic',
  RECORD_LIST_TOO_LARGE: 'send fewer bytes at once',
  INVALID_RECORD: 'a record broke a rule of the topic; a compacted topic takes no record without a key',
  INVALID_TIMESTAMP: 'the timestamp is too far from the broker’s clock: correct it',
  NOT_ENOUGH_REPLICAS: 'too few replicas are in sync: bring brokers back, or lower min.insync.replicas',
  NOT_ENOUGH_REPLICAS_AFTER_APPEND:
    'the record was written, but too few replicas have it: bring brokers back before relying on it',
  COORDINATOR_NOT_AVAILABLE: 'the coordinator is starting or moving: try again',
  COORDINATOR_LOAD_IN_PROGRESS: 'the coordinator is loading: try again',
  NOT_COORDINATOR: 'the coordinator has moved: try again',
  GROUP_ID_NOT_FOUND: 'there is no such group: check the name',
  TRANSACTIONAL_ID_NOT_FOUND: 'there is no such transactional id: check the name',
  CONCURRENT_TRANSACTIONS: 'the transaction is being ended at this moment: try again',
  TRANSACTION_COORDINATOR_FENCED: 'another coordinator has taken the transaction over: look again',
  INVALID_PRODUCER_EPOCH: 'the producer has moved on: look again',
  NON_EMPTY_GROUP: 'the group has members: stop its consumers first',
  GROUP_SUBSCRIBED_TO_TOPIC: 'the group still reads the topic: stop its consumers first',
  UNKNOWN_MEMBER_ID: 'the group has dropped this member: join again',
  INCONSISTENT_GROUP_PROTOCOL: 'the members of the group have no assignor in common: use another group name',
  TOPIC_AUTHORIZATION_FAILED: 'this user may not do that with the topic: have it allowed',
  GROUP_AUTHORIZATION_FAILED: 'this user may not do that with the group: have it allowed',
  CLUSTER_AUTHORIZATION_FAILED: 'this user may not do that with the cluster: have it allowed',
  TOPIC_DELETION_DISABLED: 'set delete.topic.enable=true on the broker',
  SASL_AUTHENTICATION_FAILED: 'check the user name and the password',
  UNSUPPORTED_SASL_MECHANISM: 'choose a mechanism that the broker has enabled',
  POLICY_VIOLATION: 'the broker’s policy forbids it: ask for something that it allows',
  KAFKA_STORAGE_ERROR: 'the broker cannot use its disk: look at its log',
  REQUEST_TIMED_OUT: 'the broker did not finish in time: it may yet; look before trying again',
  THROTTLING_QUOTA_EXCEEDED: 'a quota is used up: wait and try again',
}

function explain(code: number, name: string, attempted: string, brokerMessage: string | null): string {
  const said = brokerMessage === null || brokerMessage === '' ? '' : `: ${brokerMessage.replace(/\.$/, '')}`
  const advice = ADVICE[name] === undefined ? '' : ` (${ADVICE[name]})`
  return `cannot ${attempted}: ${name} [${code}]${said}${advice}`
}
