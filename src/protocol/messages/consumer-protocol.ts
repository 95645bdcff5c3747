/**
 * What classic consumers put into the opaque bytes of JoinGroup and SyncGroup, behind an int16 version.
 */

import { array, bytes, int32, message, string } from '../schema.ts'

export const ConsumerProtocolSubscription = message({
  kind: 'data',
  name: 'ConsumerProtocolSubscription',
  versions: '0-3',
  flexible: 'none',
  fields: {
    topics: array().of(string()),
    userData: bytes({ nullable: true, default: null }),
    ownedPartitions: array({ versions: '1+', ignorable: true }).of({
      topic: string(),
      partitions: array().of(int32()),
    }),
    generationId: int32({ versions: '2+', default: -1, ignorable: true }),
    rackId: string({ versions: '3+', nullable: true, default: null, ignorable: true }),
  },
})

export const ConsumerProtocolAssignment = message({
  kind: 'data',
  name: 'ConsumerProtocolAssignment',
  versions: '0-3',
  flexible: 'none',
  fields: {
    assignedPartitions: array().of({
      topic: string(),
      partitions: array().of(int32()),
    }),
    userData: bytes({ nullable: true, default: null }),
  },
})
