import { Turn } from '../../../base/turn.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import type {
  DescribeLogDirsResponseResult,
  DescribeLogDirsResponseResultTopic,
} from '../../../protocol/generated/index.ts'
import type { Handler } from '../../net/handler.ts'
import { mapInTurns, namedOnce } from '../in-turns.ts'
import type { AdminPorts } from './ports.ts'

const UNKNOWN_BYTES = -1

/**
 * How much the partitions take of the data directory, and how much room its volume has (C13). Partitions that are not
 * here are left out, as in Kafka.
 */
export function describeLogDirsHandler(ports: AdminPorts): Handler<'DescribeLogDirs'> {
  return async (request) => {
    const { logDirectory, metadata } = ports
    const turn = new Turn(ports.environment)
    const topics =
      request.topics === null
        ? await mapInTurns(turn, [...metadata.image.topics.values()], ({ name, partitions }) =>
            describe(ports, name, Array.from(partitions.keys())),
          )
        : await mapInTurns(turn, await namedIn(request.topics, turn), ([name, indexes]) =>
            describe(ports, name, [...indexes]),
          )
    const space = await logDirectory.space()
    const result: DescribeLogDirsResponseResult = {
      errorCode: logDirectory.hasFailed() ? ERROR_CODES.KAFKA_STORAGE_ERROR : ERROR_CODES.NONE,
      logDir: logDirectory.path,
      topics: topics.filter(({ partitions }) => partitions.length > 0),
      totalBytes: space?.totalBytes ?? UNKNOWN_BYTES,
      usableBytes: space?.usableBytes ?? UNKNOWN_BYTES,
      isCordoned: false,
    }
    return { throttleTimeMs: 0, errorCode: ERROR_CODES.NONE, results: [result] }
  }
}

function namedIn(
  topics: readonly { readonly topic: string; readonly partitions: readonly number[] }[],
  turn: Turn,
): Promise<Map<string, Set<number>>> {
  return namedOnce(
    turn,
    topics,
    ({ topic }) => topic,
    ({ partitions }) => partitions,
  )
}

/** What of the partitions is here. */
function describe(
  { logDirectory }: AdminPorts,
  name: string,
  indexes: readonly number[],
): DescribeLogDirsResponseResultTopic {
  const partitions = indexes.flatMap((partitionIndex) => {
    const partitionSize = logDirectory.sizeOf(name, partitionIndex)
    return partitionSize === null ? [] : [{ partitionIndex, partitionSize, offsetLag: 0, isFutureKey: false }]
  })
  return { name, partitions }
}
