import { Turn } from '../../../base/turn.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import type { Handler } from '../../net/handler.ts'
import type { AdminPorts } from './ports.ts'

/**
 * There is one directory: a partition may be put where it lies, and nowhere else (KIP-113). Each is answered once; where
 * it is named for several directories, the last counts.
 */
export function alterReplicaLogDirsHandler({
  logDirectory,
  environment,
}: AdminPorts): Handler<'AlterReplicaLogDirs'> {
  return async ({ dirs }) => {
    const turn = new Turn(environment)
    const wanted = new Map<string, Map<number, number>>()
    for (const { path, topics } of dirs)
      for (const { name, partitions } of topics) {
        const codes = wanted.get(name) ?? new Map<number, number>()
        wanted.set(name, codes)
        for (const index of partitions) codes.set(index, errorCodeOf(path, name, index))
        if (turn.isOver) await turn.next()
      }
    const results = [...wanted].map(([topicName, codes]) => ({
      topicName,
      partitions: [...codes].map(([partitionIndex, errorCode]) => ({ partitionIndex, errorCode })),
    }))
    return { throttleTimeMs: 0, results }
  }

  function errorCodeOf(path: string, topic: string, index: number): number {
    if (path !== logDirectory.path) return ERROR_CODES.LOG_DIR_NOT_FOUND
    if (logDirectory.sizeOf(topic, index) === null) return ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION
    return logDirectory.hasFailed() ? ERROR_CODES.KAFKA_STORAGE_ERROR : ERROR_CODES.NONE
  }
}
