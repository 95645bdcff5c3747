import type { Environment } from '../../../base/environment.ts'
import type { Mutable } from '../../../base/mutable.ts'
import { Turn } from '../../../base/turn.ts'
import type { RequestOf, ResponseOf } from '../../../protocol/api.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import type { Handler } from '../../net/handler.ts'
import type { Partition } from '../../partition/partition.ts'
import type { PartitionRegistry } from '../../partition/registry.ts'
import { type UnknownEnds, waitMs, whenCommitted } from './committed-end.ts'

type Request = RequestOf<'ListOffsets'>
type Asked = Request['topics'][number]['partitions'][number]
type Answered = Mutable<ResponseOf<'ListOffsets'>['topics'][number]['partitions'][number]>

/** The timestamps that stand for a place in the log, each from the version that brought it (E13). */
const LATEST = -1
const EARLIEST = -2
const MAX_TIMESTAMP = -3
const EARLIEST_LOCAL = -4
const LATEST_TIERED = -5
const EARLIEST_PENDING_UPLOAD = -6
const SINCE_VERSION: Readonly<Record<number, number>> = {
  [LATEST]: 0,
  [EARLIEST]: 0,
  [MAX_TIMESTAMP]: 7,
  [EARLIEST_LOCAL]: 8,
  [LATEST_TIERED]: 9,
  [EARLIEST_PENDING_UPLOAD]: 11,
}

const READ_COMMITTED = 1
const LEADER_EPOCH_SINCE = 4
/** Before this version clients know an end that is not yet known by another name. */
const NOT_AVAILABLE_SINCE = 5
/** From here on the client says how long it waits. Before, as long as a disk may take that is not given up. */
const TIMEOUT_SINCE = 10
const TIMEOUT_MS = 10_000

/**
 * Offsets by time or by name. There is no remote storage: what asks for it finds nothing, as on a topic without it.
 * What depends on the end waits for what was appended before the question (`whenCommitted`).
 */
export function listOffsetsHandler(
  registry: PartitionRegistry,
  environment: Environment,
): Handler<'ListOffsets'> {
  return async (request, context) => {
    const { apiVersion } = context
    const timeoutMs = apiVersion >= TIMEOUT_SINCE ? waitMs(request.timeoutMs) : TIMEOUT_MS
    const unknown = await whenCommitted(readToTheEnd(registry, request), timeoutMs)
    const turn = new Turn(environment)
    const topics: ResponseOf<'ListOffsets'>['topics'] = []
    for (const topic of request.topics) {
      const partitions: Answered[] = []
      const duplicates = repeated(topic.partitions)
      for (const asked of topic.partitions) {
        const answered = {
          partitionIndex: asked.partitionIndex,
          errorCode: 0,
          timestamp: -1,
          offset: -1,
          leaderEpoch: -1,
        }
        partitions.push(answered)
        const partition = registry.get(topic.name, asked.partitionIndex)
        if (duplicates.has(asked.partitionIndex)) answered.errorCode = ERROR_CODES.INVALID_REQUEST
        else if (asked.timestamp < 0 && !(apiVersion >= (SINCE_VERSION[asked.timestamp] ?? Infinity)))
          answered.errorCode = ERROR_CODES.UNSUPPORTED_VERSION
        else if (partition === undefined) answered.errorCode = ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION
        else await answer(partition, asked, request.isolationLevel === READ_COMMITTED, unknown, answered)
        if (answered.errorCode === ERROR_CODES.OFFSET_NOT_AVAILABLE && apiVersion < NOT_AVAILABLE_SINCE)
          answered.errorCode = ERROR_CODES.LEADER_NOT_AVAILABLE
        if (apiVersion < LEADER_EPOCH_SINCE) answered.leaderEpoch = -1
        if (turn.isOver) await turn.next()
      }
      topics.push({ name: topic.name, partitions })
    }
    return { throttleTimeMs: 0, topics }
  }
}

/** Where what is asked for may lie behind all that is committed now. */
function* readToTheEnd(registry: PartitionRegistry, { topics }: Request): Iterable<Partition> {
  for (const { name, partitions } of topics)
    for (const { partitionIndex, timestamp } of partitions) {
      const partition = registry.get(name, partitionIndex)
      if (partition !== undefined && dependsOnEnd(timestamp)) yield partition
    }
}

function dependsOnEnd(timestamp: number): boolean {
  return timestamp >= 0 || timestamp === LATEST || timestamp === MAX_TIMESTAMP
}

async function answer(
  partition: Partition,
  asked: Asked,
  committed: boolean,
  unknown: UnknownEnds,
  answered: Answered,
): Promise<void> {
  answered.errorCode = partition.checkLeader(asked.currentLeaderEpoch)
  if (answered.errorCode === 0 && dependsOnEnd(asked.timestamp))
    answered.errorCode = unknown.get(partition) ?? 0
  if (answered.errorCode !== 0) return
  const { log } = partition
  const end = partition.readEnd(committed ? 'committed' : 'uncommitted')
  switch (asked.timestamp) {
    case LATEST:
      if (!partition.isSettled) {
        answered.errorCode = ERROR_CODES.OFFSET_NOT_AVAILABLE
        return
      }
      answered.offset = end
      answered.leaderEpoch = partition.leaderEpoch
      return
    case EARLIEST:
    case EARLIEST_LOCAL:
      answered.offset = log.startOffset
      answered.leaderEpoch = log.marks.termAt(log.startOffset)
      return
    case LATEST_TIERED:
    case EARLIEST_PENDING_UPLOAD:
      return
  }
  const finding =
    asked.timestamp === MAX_TIMESTAMP
      ? log.maxTimestampOffset(end)
      : log.offsetForTimestamp(asked.timestamp, end)
  const found = await finding.catch((error: unknown) => {
    answered.errorCode = partition.readFailed(error)
    return null
  })
  if (found === null) return
  answered.offset = found.offset
  answered.timestamp = found.timestamp
  answered.leaderEpoch = found.leaderEpoch
}

function repeated(partitions: readonly Asked[]): Set<number> {
  const seen = new Set<number>()
  const twice = new Set<number>()
  for (const { partitionIndex } of partitions) {
    if (seen.has(partitionIndex)) twice.add(partitionIndex)
    seen.add(partitionIndex)
  }
  return twice
}
