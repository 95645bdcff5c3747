import {
  batchBaseOffset,
  batchBytes,
  batchIsControl,
  batchProducerId,
} from '../../src/protocol/record-batch.ts'
import { decodeRecords } from '../../src/protocol/records.ts'

interface Aborted {
  readonly producerId: number
  readonly firstOffset: number
}

/** What a consumer of committed records hands on: it skips those of aborted transactions up to their markers (E11). */
export function committedValues(records: Buffer, aborted: readonly Aborted[] | null): string[] {
  const values: string[] = []
  const upcoming = [...(aborted ?? [])]
  const skipped = new Set<number>()
  for (let at = 0; at < records.length; at += batchBytes(records, at)) {
    while (upcoming.length > 0 && upcoming[0]!.firstOffset <= batchBaseOffset(records, at))
      skipped.add(upcoming.shift()!.producerId)
    const producerId = batchProducerId(records, at)
    if (batchIsControl(records, at)) skipped.delete(producerId)
    else if (!skipped.has(producerId))
      for (const { value } of decodeRecords(records.subarray(at, at + batchBytes(records, at))))
        values.push(String(value))
  }
  return values
}
