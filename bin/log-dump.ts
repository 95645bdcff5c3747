import { uuidToString } from '../src/base/uuid.ts'
import { loadCompression } from '../src/protocol/compression.ts'
import { batchIsControl, batchNextOffset } from '../src/protocol/record-batch.ts'
import { DecompressionError, decodeRecords, MalformedRecordsError } from '../src/protocol/records.ts'
import { offsetOfName, parentOf, parsePartitionName } from '../src/storage/file-names.ts'
import { type FileSystem, readWhole } from '../src/storage/file-system.ts'
import { batchesOf, type DumpedBatch } from '../src/storage/inspection/batch-dump.ts'
import { baseName, inspectionTarget } from '../src/storage/inspection/inspection-target.ts'
import { decodeFrame } from '../src/storage/journal-record.ts'
import { decodeSnapshot } from '../src/storage/journal-snapshot.ts'
import { readProducerSnapshot } from '../src/storage/producer-snapshot.ts'
import { OffsetIndex, TimeIndex } from '../src/storage/sparse-index.ts'
import { decodeAborted } from '../src/storage/transaction-index.ts'
import { batchFields, batchLine, markerText, recordFields, recordLine } from './dump-format.ts'
import { CliError, EXIT_FAILED, EXIT_OK } from './exit-code.ts'
import { internalEvent } from './internal-records.ts'
import type { Io } from './io.ts'
import { printable } from './table.ts'

/** What `log dump` was told. */
export interface DumpOptions {
  readonly records?: boolean
  /** Of internal topics, what their records mean. */
  readonly decode?: boolean
  /** From the batch that holds this offset on. */
  readonly fromOffset?: number
  /** So many batches of each file. */
  readonly batches?: number
}

interface Dump {
  readonly io: Io
  readonly json: boolean
  readonly fileSystem: FileSystem
  readonly options: DumpOptions
  exitCode: number
}

/** `log dump`: what is in files, as it is. Reads only; a broker may be running. */
export async function logDump(
  io: Io,
  json: boolean,
  fileSystem: FileSystem,
  paths: readonly string[],
  options: DumpOptions,
): Promise<number> {
  await loadCompression()
  const dump: Dump = { io, json, fileSystem, options, exitCode: EXIT_OK }
  const files: string[] = []
  for (const path of paths) files.push(...(await filesUnder(fileSystem, path)))
  if (files.length === 0) throw new CliError(`there is nothing to dump in ${paths.join(', ')}`)
  for (const [index, file] of files.entries()) {
    if (!json) await io.out(`${index > 0 ? '\n' : ''}${file}\n`)
    await dumpFile(dump, file)
  }
  return dump.exitCode
}

/** A file itself; of directories their log files, in order. */
async function filesUnder(fileSystem: FileSystem, path: string): Promise<string[]> {
  const stat = await fileSystem.stat(path)
  if (stat !== null && !stat.isDirectory) return [path]
  const { partitions } = await inspectionTarget(fileSystem, path)
  const files: string[] = []
  for (const partition of partitions)
    for (const name of await fileSystem.list(partition.path))
      if (offsetOfName(name, '.log') !== null) files.push(`${partition.path}/${name}`)
  return files
}

async function dumpFile(dump: Dump, path: string): Promise<void> {
  const name = baseName(path)
  if (name.endsWith('.log')) return dumpLog(dump, path)
  const bytes = (await readWhole(dump.fileSystem, path))!
  const lines = linesOf(name, bytes)
  if (lines === null)
    throw new CliError(
      `cannot tell what ${path} is: dump takes .log, .index, .timeindex, .txnindex, .snapshot, raft.journal, raft.snapshot, and the text files beside them`,
    )
  for (const fields of lines) await tell(dump, path, fields)
}

async function tell(dump: Dump, path: string, fields: Record<string, unknown>): Promise<void> {
  if (dump.json) return dump.io.out(`${JSON.stringify({ file: path, ...fields })}\n`)
  const parts = Object.entries(fields).map(([name, value]) => `${name} ${textOf(value)}`)
  await dump.io.out(`${'line' in fields ? String(fields['line']) : parts.join('  ')}\n`)
}

function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

/** Entries of every kind of file but logs; null: of no known kind. */
function linesOf(name: string, bytes: Buffer): Record<string, unknown>[] | null {
  const baseOffset = Number(/^\d{20}/.exec(name)?.[0] ?? 0)
  if (name.endsWith('.index')) return offsetLines(bytes, baseOffset)
  if (name.endsWith('.timeindex')) return timeLines(bytes, baseOffset)
  if (name.endsWith('.txnindex')) return decodeAborted(bytes, baseOffset).map((entry) => ({ ...entry }))
  if (name.endsWith('.snapshot') && /^\d{20}/.test(name)) {
    const entries = readProducerSnapshot(bytes)
    if (!Array.isArray(entries)) throw new CliError(`${name} is no producer snapshot: ${entries.fault}`)
    return entries.map((entry) => ({ ...entry }))
  }
  if (name.startsWith('raft.journal')) return journalLines(bytes)
  if (name.startsWith('raft.snapshot')) return snapshotLines(bytes)
  if (/checkpoint$|^partition\.metadata$|^meta\.properties$|^\.lock$/.test(name))
    return bytes
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .map((line) => ({ line }))
  return null
}

function offsetLines(bytes: Buffer, baseOffset: number): Record<string, unknown>[] {
  const index = OffsetIndex.decode(bytes, Number.MAX_SAFE_INTEGER)
  if (index === null) throw new CliError('the entries of the index are out of order: run millrace log check')
  return Array.from({ length: index.count }, (_, entry) => ({
    offset: baseOffset + index.lastAt(entry),
    position: index.positionAt(entry),
  }))
}

function timeLines(bytes: Buffer, baseOffset: number): Record<string, unknown>[] {
  const index = TimeIndex.decode(bytes)
  if (index === null) throw new CliError('the entries of the index are out of order: run millrace log check')
  return Array.from({ length: index.count }, (_, entry) => ({
    timestamp: index.timestampAt(entry),
    offset: baseOffset + index.offsetAt(entry),
  }))
}

function journalLines(bytes: Buffer): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = []
  for (let at = 0, frame = decodeFrame(bytes, 0); frame !== null; frame = decodeFrame(bytes, at)) {
    const { type, ref, ...rest } = frame.record
    const body: Record<string, unknown> = { ...rest }
    for (const id of ['topicId', 'replicaId'])
      if (typeof body[id] === 'string')
        body[id] = uuidToString(body[id] as Parameters<typeof uuidToString>[0])
    lines.push({ lsn: frame.lsn, filePosition: at, synced: frame.syncedLsn, group: ref, type, ...body })
    at += frame.byteLength
  }
  return lines
}

function snapshotLines(bytes: Buffer): Record<string, unknown>[] {
  const snapshot = decodeSnapshot(bytes)
  if (snapshot === null)
    throw new CliError('the snapshot of the journal is not whole: run millrace log check')
  return [...snapshot.groups.values()].map(({ ref, topicId, replicaId, marks, ...rest }) => ({
    group: ref,
    lsn: snapshot.lsn,
    ...rest,
    topicId: uuidToString(topicId),
    replicaId: uuidToString(replicaId),
    marks: marks.list(),
  }))
}

async function dumpLog(dump: Dump, path: string): Promise<void> {
  const { io, options, fileSystem } = dump
  const file = await fileSystem.open(path, 'read')
  let left = options.batches ?? Number.POSITIVE_INFINITY
  try {
    const batches = batchesOf(file)
    for (;;) {
      const next = left > 0 ? await batches.next() : null
      if (next === null) return
      if (next.done === true) {
        if (next.value !== null) {
          dump.exitCode = EXIT_FAILED
          io.note(`${path} at ${next.value.filePosition}: ${next.value.what}`)
        }
        return
      }
      const batch = next.value
      if (batchNextOffset(batch.buffer, batch.position) <= (options.fromOffset ?? 0)) continue
      left--
      await dumpBatch(dump, path, batch)
    }
  } finally {
    await file.close()
  }
}

async function dumpBatch(dump: Dump, path: string, batch: DumpedBatch): Promise<void> {
  const { io, json, options } = dump
  const fields = batchFields(batch)
  if (!batch.isValid) dump.exitCode = EXIT_FAILED
  await io.out(json ? `${JSON.stringify({ file: path, batch: fields })}\n` : `${batchLine(fields)}\n`)
  if ((options.records !== true && options.decode !== true) || !batch.isValid) return
  try {
    const records = decodeRecords(batch.buffer, batch.position)
    const isControl = batchIsControl(batch.buffer, batch.position)
    const topic = parsePartitionName(baseName(parentOf(path)))?.topic ?? ''
    const lines = records.map((record) => {
      const event = options.decode === true && !isControl ? internalEvent(topic, record) : null
      if (event !== null)
        return json
          ? JSON.stringify({
              file: path,
              record: { offset: record.offset, timestamp: record.timestamp, event },
            })
          : `    offset ${record.offset}  ${printable(JSON.stringify(event))}`
      if (json)
        return JSON.stringify({
          file: path,
          record: recordFields(record),
          ...(isControl ? { marker: markerText(record) } : {}),
        })
      return isControl ? `    offset ${record.offset}  ${markerText(record)}` : recordLine(record)
    })
    await io.out(lines.map((line) => `${line}\n`).join(''))
  } catch (error) {
    if (!(error instanceof MalformedRecordsError || error instanceof DecompressionError)) throw error
    dump.exitCode = EXIT_FAILED
    io.note(`${path} at ${batch.filePosition}: the records can't be read: ${error.message}`)
  }
}
