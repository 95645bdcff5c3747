import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import type {
  DescribeLogDirsResponseResult,
  DescribeLogDirsResponseResultTopic,
} from '../../../protocol/generated/index.ts'
import type { Handler } from '../../net/handler.ts'
import type { AdminPorts } from './ports.ts'

const UNKNOWN_BYTES = -1

/**
 * How much the partitions take of the data directory, and how much room its volume has (C13). Partitions that are not
 * here are left out, as in Kafka.
 */
export function describeLogDirsHandler(ports: AdminPorts): Handler<'DescribeLogDirs'> {
  return async (request) => {
    const { logDirectory, metadata } = ports
    const topics =
      request.topics === null
        ? [...metadata.image.topics.values()].map(({ name, partitions }) =>
            describe(ports, name, partitions.length),
          )
        : present(ports, request.topics).map(([name, indexes]) => describe(ports, name, indexes))
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

/** Each topic once, with each of its partitions that are here once. */
function present(
  { logDirectory }: AdminPorts,
  topics: readonly { readonly topic: string; readonly partitions: readonly number[] }[],
): [string, Set<number>][] {
  const indexesOf = new Map<string, Set<number>>()
  for (const { topic, partitions } of topics) {
    const indexes = indexesOf.get(topic) ?? new Set()
    for (const index of partitions) if (logDirectory.sizeOf(topic, index) !== null) indexes.add(index)
    if (indexes.size > 0) indexesOf.set(topic, indexes)
  }
  return [...indexesOf]
}

function describe(
  { logDirectory }: AdminPorts,
  name: string,
  wanted: number | Iterable<number>,
): DescribeLogDirsResponseResultTopic {
  const indexes =
    typeof wanted === 'number' ? Array.from({ length: wanted }, (_, index) => index) : [...wanted]
  const partitions = indexes.flatMap((partitionIndex) => {
    const partitionSize = logDirectory.sizeOf(name, partitionIndex)
    return partitionSize === null ? [] : [{ partitionIndex, partitionSize, offsetLag: 0, isFutureKey: false }]
  })
  return { name, partitions }
}
