import type { LogPosition } from '../../base/log-position.ts'
import {
  batchBaseOffset,
  batchBytes,
  batchIsControl,
  batchLeaderEpoch,
  batchNextOffset,
  batchRecordCount,
} from '../../protocol/record-batch.ts'
import { checkRecords } from '../../protocol/records.ts'
import { offsetName, offsetOfName } from '../file-names.ts'
import type { FileSystem, OpenFile } from '../file-system.ts'
import type { JournalGroup } from '../journal-record.ts'
import { isRoomFrom, scanSegment, searchBeyond } from '../log-scan.ts'
import { judgeScan, type ScanFault } from '../recovery-table.ts'
import type { Findings, Remedy } from './finding.ts'
import { IndexCheck } from './index-check.ts'
import type { PartitionTarget } from './inspection-target.ts'
import { checkSideFiles } from './side-file-check.ts'

/** What has been read. */
export interface CheckTally {
  segments: number
  batches: number
  records: number
  bytes: number
}

/** How a partition is checked. */
export interface PartitionCheckOptions {
  readonly fileSystem: FileSystem
  readonly findings: Findings
  readonly tally: CheckTally
  /** What the journal says of it; null where there is none, or it does not know it. */
  readonly group: JournalGroup | null
  readonly wasClosed: boolean
  /** Also what is in the batches: every record, decompressed. */
  readonly readsRecords: boolean
  /** Told after each stretch of a file. */
  onBytes(byteCount: number): void
}

interface SegmentFile {
  readonly baseOffset: number
  readonly path: string
  readonly byteLength: number
}

const FAULT_TEXT: Readonly<Record<ScanFault, string>> = {
  truncated: 'the file ends in a batch',
  zeros: 'zeros where a batch should begin',
  'bad-shape': 'no record batch where one should begin',
  'bad-crc': 'the CRC of the batch does not fit its bytes',
  'bad-offset': 'the batch has an offset that was there before',
  'bad-epoch': 'the batch has an epoch of before',
  unreadable: 'the disk does not give the bytes',
}
/** Faults of a batch whose length can be believed, or is worth a try: what follows can be looked at. */
const SKIPPABLE = new Set<ScanFault>(['bad-crc', 'bad-offset'])

/** Checks every file of a partition. Returns the offset behind what is whole from the start. */
export async function checkPartition(
  target: PartitionTarget,
  options: PartitionCheckOptions,
): Promise<number> {
  const check = new PartitionCheck(target, options)
  return check.run()
}

class PartitionCheck {
  readonly #target: PartitionTarget
  readonly #options: PartitionCheckOptions
  #segments: SegmentFile[] = []
  /** Behind the last batch of the prefix that is whole. */
  #endOffset = 0
  #nextOffset = 0
  #lastEpoch = -1
  #hasFault = false
  #saidEpoch = false

  constructor(target: PartitionTarget, options: PartitionCheckOptions) {
    this.#target = target
    this.#options = options
  }

  async run(): Promise<number> {
    const { fileSystem, group, findings } = this.#options
    const { path, onlySegment } = this.#target
    await this.#listSegments()
    const first = this.#segments[0]?.baseOffset ?? 0
    this.#nextOffset = first
    this.#endOffset = group === null ? first : Math.max(first, group.startOffset)
    if (group !== null && onlySegment === null && first > group.startOffset)
      findings.add(
        'damaged',
        path,
        `the log begins at offset ${group.startOffset}, its first file at ${first}: a file is missing`,
      )
    for (let index = 0; index < this.#segments.length; index++) await this.#checkSegment(index)
    if (onlySegment !== null) return this.#endOffset
    if (!this.#hasFault) this.#judgeEnd()
    await checkSideFiles({
      fileSystem,
      findings,
      path,
      group,
      endOffset: this.#endOffset,
      hasFault: this.#hasFault,
    })
    return this.#endOffset
  }

  async #listSegments(): Promise<void> {
    const { fileSystem } = this.#options
    const { path, onlySegment } = this.#target
    for (const name of await fileSystem.list(path)) {
      const baseOffset = offsetOfName(name, '.log')
      if (baseOffset === null || (onlySegment !== null && baseOffset !== onlySegment)) continue
      const stat = await fileSystem.stat(`${path}/${name}`)
      this.#segments.push({
        baseOffset,
        path: `${path}/${offsetName(baseOffset)}`,
        byteLength: stat!.byteLength,
      })
    }
  }

  async #checkSegment(index: number): Promise<void> {
    const { fileSystem, findings, tally } = this.#options
    const segment = this.#segments[index]!
    const logPath = `${segment.path}.log`
    tally.segments++
    if (segment.baseOffset < this.#nextOffset) {
      this.#hasFault = true
      findings.add(
        'damaged',
        logPath,
        `the file begins at offset ${segment.baseOffset}, the one before ends at ${this.#nextOffset}`,
      )
    } else if (segment.baseOffset > this.#nextOffset) {
      findings.add(
        'note',
        logPath,
        `no records from offset ${this.#nextOffset} to ${segment.baseOffset - 1} (compaction leaves such gaps; so does a file that was lost)`,
      )
    }
    this.#nextOffset = segment.baseOffset
    const file = await fileSystem.open(logPath, 'read')
    try {
      const indexes = await IndexCheck.open(fileSystem, segment.path, {
        ...segment,
        isActive: index === this.#segments.length - 1,
      })
      const isWhole = await this.#readSegment(index, file, indexes)
      if (!isWhole) return
      indexes.finish()
      this.#reportIndexes(segment, indexes)
    } finally {
      await file.close()
    }
  }

  #reportIndexes(segment: SegmentFile, indexes: IndexCheck): void {
    const remedy: Remedy = {
      action: 'rebuild-indexes',
      path: `${segment.path}.log`,
      position: segment.byteLength,
    }
    for (const [index, { path, position, what }] of indexes.faults.entries())
      this.#options.findings.add('stale', path, what, { position, remedies: index === 0 ? [remedy] : [] })
  }

  /** Goes through a file, and over what is broken where that can be. Returns whether all of it is whole. */
  async #readSegment(index: number, file: OpenFile, indexes: IndexCheck): Promise<boolean> {
    const segment = this.#segments[index]!
    let at = 0
    let isWhole = true
    while (at < segment.byteLength) {
      let filePosition = at
      const found = await scanSegment(file, at, segment.byteLength, {
        expectedOffset: this.#nextOffset,
        allowsGaps: true,
        epochFits: () => true,
        rewrites: false,
        accept: (buffer, position) => {
          this.#accept(segment, buffer, position, filePosition)
          indexes.visit(buffer, position, filePosition)
          filePosition += batchBytes(buffer, position)
        },
      })
      this.#options.onBytes(found.position - at)
      if (found.fault === null) return isWhole
      const isLast = index === this.#segments.length - 1
      const mayBeRoom = found.fault === 'zeros' && isLast
      if (mayBeRoom && (await isRoomFrom(file, found.position, segment.byteLength))) return isWhole
      isWhole = false
      const byteLength = await this.#settle(index, file, found.position, found.fault)
      if (byteLength === 0) return false
      at = found.position + byteLength
    }
    return isWhole
  }

  #accept(segment: SegmentFile, buffer: Buffer, position: number, filePosition: number): void {
    const { tally, findings, readsRecords } = this.#options
    tally.batches++
    tally.records += batchRecordCount(buffer, position)
    tally.bytes += batchBytes(buffer, position)
    this.#nextOffset = batchNextOffset(buffer, position)
    if (!this.#hasFault) this.#endOffset = Math.max(this.#endOffset, this.#nextOffset)
    this.#checkEpoch(segment, buffer, position, filePosition)
    if (!readsRecords || batchIsControl(buffer, position)) return
    const fault = checkRecords(buffer, position)
    if (fault === null) return
    findings.add(
      'damaged',
      `${segment.path}.log`,
      `the CRC fits, but the records of the batch at offset ${batchBaseOffset(buffer, position)} can't be read: ${fault}`,
      { position: filePosition },
    )
  }

  #checkEpoch(segment: SegmentFile, buffer: Buffer, position: number, filePosition: number): void {
    const { group, findings } = this.#options
    const epoch = batchLeaderEpoch(buffer, position)
    const base = batchBaseOffset(buffer, position)
    const expected =
      group !== null && base >= group.marks.first().startOffset ? group.marks.termAt(base) : null
    const what =
      expected !== null && epoch !== expected
        ? `the batch at offset ${base} is of epoch ${epoch}, the journal says ${expected}`
        : epoch < this.#lastEpoch
          ? `the batch at offset ${base} is of epoch ${epoch}, the one before of ${this.#lastEpoch}`
          : null
    this.#lastEpoch = Math.max(this.#lastEpoch, epoch)
    if (what === null || this.#saidEpoch) return
    this.#saidEpoch = true
    findings.add('damaged', `${segment.path}.log`, what, { position: filePosition })
  }

  /** Says what a broken place is. Returns how many bytes to go on behind, or 0. */
  async #settle(index: number, file: OpenFile, position: number, fault: ScanFault): Promise<number> {
    const { findings } = this.#options
    const segment = this.#segments[index]!
    const logPath = `${segment.path}.log`
    const isFirst = !this.#hasFault
    this.#hasFault = true
    const verdict = isFirst ? await this.#judge(index, file, position, fault) : null
    if (verdict?.kind === 'cut') {
      findings.add('torn', logPath, `${FAULT_TEXT[fault]}: a write that did not finish`, {
        position,
        remedies: this.#cutRemedies(index, position),
      })
      return 0
    }
    const reason = verdict?.kind === 'damaged' ? ` (${verdict.reason})` : ''
    findings.add('damaged', logPath, `${FAULT_TEXT[fault]}, behind offset ${this.#nextOffset - 1}${reason}`, {
      position,
    })
    return SKIPPABLE.has(fault) ? skippedBytes(file, position, segment.byteLength) : 0
  }

  async #judge(
    index: number,
    file: OpenFile,
    position: number,
    fault: ScanFault,
  ): Promise<ReturnType<typeof judgeScan>> {
    const { fileSystem, group, wasClosed } = this.#options
    const beyond = await searchBeyond(file, position, this.#segments[index]!.byteLength, this.#nextOffset)
    let { validBeyond, hasZeroBlock } = beyond
    for (const later of this.#segments.slice(index + 1)) {
      const other = await fileSystem.open(`${later.path}.log`, 'read')
      const found = await searchBeyond(other, 0, later.byteLength, this.#nextOffset).finally(() =>
        other.close(),
      )
      if (found.validBeyond === null) continue
      validBeyond = Math.max(validBeyond ?? 0, found.validBeyond)
      hasZeroBlock = false
    }
    const claim = group?.claim ?? null
    const isClosed = wasClosed && group !== null
    return judgeScan({ end: this.#end(), fault, validBeyond, hasZeroBlock, claim, wasClosed: isClosed })
  }

  /** As the scan at a start names the end of the prefix. */
  #end(): LogPosition {
    const { group } = this.#options
    const offset = this.#nextOffset
    if (group === null) return { term: 0, minor: 0, offset }
    let index = group.marks.count - 1
    while (index > 0 && group.marks.at(index).startOffset > offset) index--
    const { term, minor } = group.marks.at(index)
    return { term, minor, offset }
  }

  #cutRemedies(index: number, position: number): Remedy[] {
    const remedies: Remedy[] = this.#segments
      .slice(index + 1)
      .map(({ path }) => ({ action: 'set-aside', path: `${path}.log` }))
    const { path, byteLength } = this.#segments[index]!
    const logPath = `${path}.log`
    if (position === 0 && index > 0) return [...remedies, { action: 'set-aside', path: logPath }]
    return [
      ...remedies,
      { action: 'cut', path: logPath, position, byteLength: byteLength - position },
      { action: 'rebuild-indexes', path: logPath, position },
    ]
  }

  /** The files end where the prefix does: is that as far as this replica has promised? */
  #judgeEnd(): void {
    const { group, findings } = this.#options
    const claim = group?.claim ?? null
    if (claim === null || claim.offset <= this.#endOffset) return
    this.#hasFault = true
    findings.add(
      'damaged',
      this.#target.path,
      `the log ends at offset ${this.#endOffset}, and ${claim.offset} was promised: acknowledged records are missing`,
    )
  }
}

/** Length that the batch at `position` gives itself, or 0 where it leads out of the file. */
async function skippedBytes(file: OpenFile, position: number, fileBytes: number): Promise<number> {
  const head = Buffer.alloc(12)
  if ((await file.read(head, position)) < head.length) return 0
  const byteLength = batchBytes(head, 0)
  return byteLength > head.length && position + byteLength <= fileBytes ? byteLength : 0
}
