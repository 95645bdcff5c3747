/** Where on disk partitions lie (KIP-113, KIP-827). */

import { array, bool, int16, int32, int64, message, string } from '../schema.ts'

export const AlterReplicaLogDirsRequest = message({
  kind: 'request',
  name: 'AlterReplicaLogDirs',
  key: 34,
  versions: '1-2',
  flexible: '2+',
  fields: {
    dirs: array().of({
      path: string(),
      topics: array().of({
        name: string(),
        partitions: array().of(int32()),
      }),
    }),
  },
})

export const AlterReplicaLogDirsResponse = message({
  kind: 'response',
  name: 'AlterReplicaLogDirs',
  key: 34,
  versions: '1-2',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32(),
    results: array().of({
      topicName: string(),
      partitions: array().of({
        partitionIndex: int32(),
        errorCode: int16(),
      }),
    }),
  },
})

export const DescribeLogDirsRequest = message({
  kind: 'request',
  name: 'DescribeLogDirs',
  key: 35,
  versions: '1-5',
  flexible: '2+',
  fields: {
    topics: array({ nullable: true }).of({
      topic: string(),
      partitions: array().of(int32()),
    }),
  },
})

export const DescribeLogDirsResponse = message({
  kind: 'response',
  name: 'DescribeLogDirs',
  key: 35,
  versions: '1-5',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16({ versions: '3+', ignorable: true }),
    results: array().of({
      errorCode: int16(),
      logDir: string(),
      topics: array().of({
        name: string(),
        partitions: array().of({
          partitionIndex: int32(),
          partitionSize: int64(),
          offsetLag: int64(),
          isFutureKey: bool(),
        }),
      }),
      totalBytes: int64({ versions: '4+', default: -1, ignorable: true }),
      usableBytes: int64({ versions: '4+', default: -1, ignorable: true }),
      isCordoned: bool({ versions: '5+', ignorable: true }),
    }),
  },
})
