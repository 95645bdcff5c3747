import type { TransactionRecord } from './transaction-types.ts'

/** What things weigh beside their names, rounded up from measured heaps. A character counts as two bytes. */
const ID_BYTES = 1024
const TOPIC_BYTES = 256
const PARTITION_BYTES = 16
const CHARACTER_BYTES = 2

/** What a transactional id keeps in memory, with the partitions of its open transaction. */
export function transactionBytes(transactionalId: string, record: TransactionRecord | undefined): number {
  if (record === undefined) return 0
  let bytes = ID_BYTES + transactionalId.length * CHARACTER_BYTES
  for (const { topic, partitions } of record.partitions)
    bytes += TOPIC_BYTES + topic.length * CHARACTER_BYTES + partitions.length * PARTITION_BYTES
  return bytes
}
