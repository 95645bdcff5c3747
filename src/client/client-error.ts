import { errorName, isRetriable } from '../protocol/error-codes.ts'
import { type Address, formatAddress } from './address.ts'

/** What a call to a broker can come to besides an answer. `retriable`: the same call may succeed later. */
export abstract class ClientError extends Error {
  abstract readonly retriable: boolean
}

/** What a request named. */
export interface Subject {
  readonly kind: 'topic' | 'group' | 'transaction' | 'broker'
  readonly name: string
}

/**
 * A broker said no. `name` is Kafka's name of `code`; the message says what was tried, why not in the broker's words or,
 * where it has none, in ours, and what to do about it.
 */
export class KafkaError extends ClientError {
  readonly code: number
  override readonly name: string
  readonly retriable: boolean
  /** What the broker was asked about; null where that is not one thing with a name. */
  readonly subject: Subject | null
  readonly #attempted: string
  readonly #brokerMessage: string | null

  constructor(
    code: number,
    attempted: string,
    details: { brokerMessage?: string | null; subject?: Subject; todo?: string } = {},
  ) {
    const { brokerMessage = null, subject = null, todo } = details
    const name = errorName(code)
    super(explain(name, code, attempted, brokerMessage, todo))
    this.code = code
    this.name = name
    this.retriable = isRetriable(code)
    this.subject = subject
    this.#attempted = attempted
    this.#brokerMessage = brokerMessage
  }

  /** The same with other words on what to do about it. */
  advising(todo: string): KafkaError {
    return new KafkaError(this.code, this.#attempted, {
      brokerMessage: this.#brokerMessage,
      ...(this.subject === null ? {} : { subject: this.subject }),
      todo,
    })
  }
}

/**
 * No connection, or one that broke. `sent`: the request had left, so that the broker may have done what it asked.
 */
export class ConnectionError extends ClientError {
  override readonly name = 'ConnectionError'
  readonly retriable = true
  readonly address: Address
  /** The message without the address. */
  readonly reason: string
  readonly sent: boolean

  constructor(address: Address, reason: string, options: { sent: boolean; cause?: unknown }) {
    super(`${formatAddress(address)}: ${reason}`, { cause: options.cause })
    this.address = address
    this.reason = reason
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
export function throwOnError(
  code: number,
  attempted: string,
  brokerMessage: string | null = null,
  subject?: Subject,
): void {
  if (code !== 0)
    throw new KafkaError(code, attempted, { brokerMessage, ...(subject === undefined ? {} : { subject }) })
}

/** Whether `error` is a broker's answer, of one of the names when any are given. */
export function isKafkaError(error: unknown, ...names: readonly string[]): error is KafkaError {
  return error instanceof KafkaError && (names.length === 0 || names.includes(error.name))
}

interface Advice {
  /** Why not, for where the broker does not say it. */
  readonly why: string
  /** What to do about it, where that is more than the reason says. */
  readonly todo?: string
  /** What was attempted names the thing already: the broker's sentence would only name it again. */
  readonly isEnough?: true
}

const ADVICE: Readonly<Record<string, Advice>> = {
  UNKNOWN_TOPIC_OR_PARTITION: {
    why: 'there is no such topic or partition',
    todo: 'check the name, or create the topic',
    isEnough: true,
  },
  UNKNOWN_TOPIC_ID: { why: 'the topic was deleted, or deleted and created anew', todo: 'look it up again' },
  LEADER_NOT_AVAILABLE: {
    why: 'the partition has no leader at the moment',
    todo: 'try again, or see whether its brokers run',
  },
  NOT_LEADER_OR_FOLLOWER: { why: 'leadership has moved', todo: 'try again' },
  TOPIC_ALREADY_EXISTS: {
    why: 'a topic of that name is there already',
    todo: 'choose another name, or delete the topic first',
    isEnough: true,
  },
  INVALID_TOPIC_EXCEPTION: {
    why: 'a topic name is 1 to 249 of the characters a-z A-Z 0-9 . _ - and neither . nor ..',
  },
  INVALID_PARTITIONS: { why: 'there must be at least 1 partition, and not fewer than there are' },
  INVALID_REPLICATION_FACTOR: {
    why: 'there are not as many brokers as that',
    todo: 'ask for at least 1 replica and at most as many as there are brokers',
  },
  INVALID_CONFIG: { why: 'a configuration name or value is not known or not allowed' },
  OFFSET_OUT_OF_RANGE: { why: 'the offset is not in the log', todo: 'start from the beginning or the end' },
  MESSAGE_TOO_LARGE: {
    why: 'the topic takes no record of that size',
    todo: 'send a smaller record, or raise max.message.bytes of the topic',
  },
  RECORD_LIST_TOO_LARGE: { why: 'these are too many bytes at once', todo: 'send fewer' },
  INVALID_RECORD: {
    why: 'a record broke a rule of the topic; a compacted topic takes no record without a key',
  },
  INVALID_TIMESTAMP: { why: 'the timestamp is too far from the broker’s clock', todo: 'correct it' },
  NOT_ENOUGH_REPLICAS: {
    why: 'too few replicas are in sync',
    todo: 'bring brokers back, or lower min.insync.replicas',
  },
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: {
    why: 'the record was written, but too few replicas have it',
    todo: 'bring brokers back before relying on it',
  },
  COORDINATOR_NOT_AVAILABLE: { why: 'the coordinator is starting or moving', todo: 'try again' },
  COORDINATOR_LOAD_IN_PROGRESS: { why: 'the coordinator is loading', todo: 'try again' },
  NOT_COORDINATOR: { why: 'the coordinator has moved', todo: 'try again' },
  GROUP_ID_NOT_FOUND: { why: 'there is no such group', todo: 'check the name', isEnough: true },
  TRANSACTIONAL_ID_NOT_FOUND: {
    why: 'there is no such transactional id',
    todo: 'check the name',
    isEnough: true,
  },
  CONCURRENT_TRANSACTIONS: { why: 'the transaction is being ended at this moment', todo: 'try again' },
  TRANSACTION_COORDINATOR_FENCED: {
    why: 'another coordinator has taken the transaction over',
    todo: 'look again',
  },
  INVALID_PRODUCER_EPOCH: { why: 'the producer has moved on', todo: 'look again' },
  NON_EMPTY_GROUP: { why: 'the group has members', todo: 'stop its consumers first' },
  GROUP_SUBSCRIBED_TO_TOPIC: { why: 'the group still reads the topic', todo: 'stop its consumers first' },
  UNKNOWN_MEMBER_ID: { why: 'the group has dropped this member', todo: 'join again' },
  INCONSISTENT_GROUP_PROTOCOL: {
    why: 'the members of the group have no assignor in common',
    todo: 'use another group name',
  },
  TOPIC_AUTHORIZATION_FAILED: {
    why: 'this user may not do that with the topic',
    todo: 'have it allowed',
  },
  GROUP_AUTHORIZATION_FAILED: {
    why: 'this user may not do that with the group',
    todo: 'have it allowed',
  },
  CLUSTER_AUTHORIZATION_FAILED: {
    why: 'this user may not do that with the cluster',
    todo: 'have it allowed',
  },
  TOPIC_DELETION_DISABLED: {
    why: 'the broker lets nobody delete topics',
    todo: 'set delete.topic.enable=true on it',
  },
  SASL_AUTHENTICATION_FAILED: { why: 'the broker does not know this user', todo: 'check name and password' },
  UNSUPPORTED_SASL_MECHANISM: {
    why: 'the broker has not enabled the mechanism',
    todo: 'choose one that it has',
  },
  POLICY_VIOLATION: { why: 'the broker’s policy forbids it', todo: 'ask for something that it allows' },
  KAFKA_STORAGE_ERROR: {
    why: 'the broker cannot write to its disk',
    todo: 'look at the room on it, and at the broker’s log',
  },
  REQUEST_TIMED_OUT: {
    why: 'the broker did not finish in time, and may yet',
    todo: 'look before trying again',
  },
  THROTTLING_QUOTA_EXCEEDED: { why: 'a quota is used up', todo: 'wait and try again' },
}

/** Each thing once: the broker's words, where it has some, stand in place of ours. */
function explain(
  name: string,
  code: number,
  attempted: string,
  brokerMessage: string | null,
  wanted: string | undefined,
): string {
  const advice = ADVICE[name]
  const said = (advice?.isEnough === true ? '' : (brokerMessage ?? '')).trim().replace(/\.$/, '')
  const why = said !== '' ? said : advice?.why
  if (why === undefined) return `cannot ${attempted}: ${name} [${code}]`
  const todo = wanted ?? advice?.todo
  return `cannot ${attempted}: ${why}${todo === undefined ? '' : `: ${todo}`} (${name})`
}
