import { batchRecordCount } from '../../protocol/record-batch.ts'

/** What clients have brought to one partition and taken from it since it was opened here. */
export class PartitionTraffic {
  producedBytes = 0
  producedRecords = 0
  fetchedBytes = 0
  fetchedRecords = 0

  /** A batch was taken. */
  produced(batch: Buffer): void {
    this.producedBytes += batch.length
    this.producedRecords += batchRecordCount(batch, 0)
  }

  /** An answer carries these bytes, which lie between two offsets. */
  fetched(byteLength: number, fromOffset: number, endOffset: number): void {
    this.fetchedBytes += byteLength
    this.fetchedRecords += endOffset - fromOffset
  }
}
