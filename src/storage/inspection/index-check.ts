import { batchBaseOffset, batchLastOffset, batchMaxTimestamp } from '../../protocol/record-batch.ts'
import { type FileSystem, readWhole } from '../file-system.ts'
import { OFFSET_ENTRY_BYTES, OffsetIndex, TIME_ENTRY_BYTES, TimeIndex } from '../sparse-index.ts'

/** A place in an index file, and what is wrong there. */
export interface IndexFault {
  readonly path: string
  readonly position: number
  readonly what: string
}

/**
 * Holds the two indexes of a segment against its batches, as they come by in order: an entry of `.index` must name the
 * start of a batch and its last offset, one of `.timeindex` the largest timestamp up to the batch that has its offset.
 */
export class IndexCheck {
  /** The first fault of each file. */
  readonly faults: IndexFault[] = []
  readonly #path: string
  readonly #baseOffset: number
  #offsets: OffsetIndex | null = null
  #times: TimeIndex | null = null
  #offsetEntry = 0
  #timeEntry = 0
  #maxTimestamp = -1

  private constructor(path: string, baseOffset: number) {
    this.#path = path
    this.#baseOffset = baseOffset
  }

  /**
   * `path` is the segment's without its suffix. Of the segment that takes appends the indexes lag behind, and may not
   * be there yet.
   */
  static async open(
    fileSystem: FileSystem,
    path: string,
    segment: { readonly baseOffset: number; readonly byteLength: number; readonly isActive: boolean },
  ): Promise<IndexCheck> {
    const { baseOffset, byteLength, isActive } = segment
    const check = new IndexCheck(path, baseOffset)
    const offsets = withoutRoom(await readWhole(fileSystem, `${path}.index`))
    const times = withoutRoom(await readWhole(fileSystem, `${path}.timeindex`))
    check.#offsets = offsets === null ? null : OffsetIndex.decode(offsets, byteLength)
    check.#times = times === null ? null : TimeIndex.decode(times)
    if (offsets === null && !isActive) check.#fault('.index', 0, 'the file is missing')
    if (offsets !== null && check.#offsets === null)
      check.#fault('.index', 0, 'its entries are out of order or out of the file')
    if (times === null && !isActive) check.#fault('.timeindex', 0, 'the file is missing')
    if (times !== null && check.#times === null) check.#fault('.timeindex', 0, 'its entries are out of order')
    return check
  }

  /** A whole batch of the segment, at `filePosition`. */
  visit(buffer: Buffer, position: number, filePosition: number): void {
    const base = batchBaseOffset(buffer, position)
    const last = batchLastOffset(buffer, position)
    const timestamp = batchMaxTimestamp(buffer, position)
    this.#maxTimestamp = Math.max(this.#maxTimestamp, timestamp)
    if (this.#offsets !== null) this.#visitOffsets(this.#offsets, last, filePosition)
    if (this.#times !== null) this.#visitTimes(this.#times, base, last, timestamp)
  }

  /** Behind the last batch. */
  finish(): void {
    if (this.#offsets !== null && this.#offsetEntry < this.#offsets.count)
      this.#failOffsets('it names a place behind the last batch')
    if (this.#times !== null && this.#timeEntry < this.#times.count)
      this.#failTimes('it names an offset behind the last batch')
  }

  #visitOffsets(index: OffsetIndex, last: number, filePosition: number): void {
    if (this.#offsetEntry >= index.count || index.positionAt(this.#offsetEntry) > filePosition) return
    const named = this.#baseOffset + index.lastAt(this.#offsetEntry)
    if (index.positionAt(this.#offsetEntry) < filePosition)
      this.#failOffsets(`it names position ${index.positionAt(this.#offsetEntry)}, where no batch begins`)
    else if (named !== last) this.#failOffsets(`it names offset ${named}, its batch ends with ${last}`)
    else this.#offsetEntry++
  }

  #visitTimes(index: TimeIndex, base: number, last: number, timestamp: number): void {
    while (this.#times !== null && this.#timeEntry < index.count) {
      const offset = this.#baseOffset + index.offsetAt(this.#timeEntry)
      if (offset > last) return
      const named = index.timestampAt(this.#timeEntry)
      if (offset < base) this.#failTimes(`it names offset ${offset}, which is in no batch`)
      else if (named !== timestamp || named !== this.#maxTimestamp)
        this.#failTimes(
          `it names timestamp ${named} at offset ${offset}, where the largest is ${this.#maxTimestamp}`,
        )
      else this.#timeEntry++
    }
  }

  #failOffsets(what: string): void {
    this.#fault('.index', this.#offsetEntry * OFFSET_ENTRY_BYTES, what)
    this.#offsets = null
  }

  #failTimes(what: string): void {
    this.#fault('.timeindex', this.#timeEntry * TIME_ENTRY_BYTES, what)
    this.#times = null
  }

  #fault(suffix: string, position: number, what: string): void {
    this.faults.push({ path: `${this.#path}${suffix}`, position, what })
  }
}

/** A file that was only made ready, as Kafka's are while their segment is written to, has no entries. */
function withoutRoom(bytes: Buffer | null): Buffer | null {
  return bytes?.every((byte) => byte === 0) === true ? Buffer.alloc(0) : bytes
}
