import type { DataDirectory } from '../../storage/data-directory.ts'
import type { DiskMeter, FileKind, FileMeter } from '../../storage/disk-meter.ts'
import type { CompactionCounters } from '../partition/compactor.ts'
import type { Housekeeping } from '../partition/housekeeping.ts'
import type { Scrubber } from '../partition/scrubber.ts'
import {
  countBy,
  distributionSamples,
  durationSamples,
  type MetricFamily,
  type MetricSource,
  single,
} from './metric-family.ts'

const MS_OF_SECOND = 1000

/** What is asked of the disk: there before the data directory is. */
export function diskMetrics({ kinds }: DiskMeter): MetricSource {
  const counted = (name: string, help: string, value: (meter: FileMeter) => number): MetricFamily => ({
    name,
    type: 'counter',
    labels: ['file'],
    help,
    read: () => Array.from(kinds, ([file, meter]) => ({ labels: { file }, value: value(meter) })),
  })
  const families: readonly MetricFamily[] = [
    {
      name: 'millrace_disk_sync_duration_seconds',
      type: 'histogram',
      labels: ['file'],
      help: 'Time of one fdatasync, by what the file is: log, journal or other.',
      *read() {
        for (const [file, { syncs }] of kinds) yield* durationSamples({ file }, syncs)
      },
    },
    counted('millrace_disk_writes_total', 'Writes.', ({ writes }) => writes),
    counted(
      'millrace_disk_written_bytes_total',
      'Bytes that were written.',
      ({ writtenBytes }) => writtenBytes,
    ),
    {
      name: 'millrace_disk_group_batches',
      type: 'histogram',
      labels: [],
      help: 'Batches that one write to a log took together.',
      read: () => distributionSamples({}, kinds.get('log')!.groups, 1),
    },
    {
      name: 'millrace_disk_failures_total',
      type: 'counter',
      labels: ['file', 'operation', 'fault'],
      help: 'Writes and syncs that failed, for lack of room or for good.',
      *read() {
        for (const [file, { failures }] of kinds) yield* failuresOf(file, failures)
      },
    },
  ]
  return { families }
}

function* failuresOf(file: FileKind, failures: FileMeter['failures']) {
  for (const [operation, faults] of failures)
    for (const [fault, value] of faults) yield { labels: { file, operation, fault }, value }
}

/** The data directory, and what was found when it was opened. */
export function directoryMetrics(directory: DataDirectory, disk: DiskMeter, openingMs: number): MetricSource {
  let freeBytes = Number.NaN
  let totalBytes = Number.NaN
  const outcomes = countBy(directory.reports.map(({ outcome }) => outcome))
  return {
    async prepare() {
      // A disk that does not answer is told by other metrics.
      freeBytes = await disk.freeBytes(directory.path).catch(() => Number.NaN)
      totalBytes = await disk.totalBytes(directory.path).catch(() => Number.NaN)
    },
    families: [
      single('gauge', 'millrace_disk_free_bytes', 'Room for the data directory.', () => freeBytes),
      single('gauge', 'millrace_disk_size_bytes', 'Size of the file system below it.', () => totalBytes),
      single('gauge', 'millrace_disk_full', '1 while writes are refused for lack of room.', () =>
        directory.isFull ? 1 : 0,
      ),
      single('gauge', 'millrace_disk_stalled', '1 while writes are refused until the disk answers.', () =>
        directory.isStalled ? 1 : 0,
      ),
      single(
        'counter',
        'millrace_disk_slow_total',
        'Times that a log has waited for the disk for more than 2 s.',
        () => directory.slowCount,
      ),
      single('gauge', 'millrace_directory_failed', '1 from when a write or a sync has failed.', () =>
        directory.failure === null ? 0 : 1,
      ),
      single(
        'gauge',
        'millrace_recovery_duration_seconds',
        'Time that opening the data directory took at the start.',
        () => openingMs / MS_OF_SECOND,
      ),
      {
        name: 'millrace_recovered_logs',
        type: 'gauge',
        labels: ['outcome'],
        help: 'Logs by what was found of them at the start.',
        read: () => Array.from(outcomes, ([outcome, value]) => ({ labels: { outcome }, value })),
      },
    ],
  }
}

/** Compaction, retention, and what is read again to be checked. */
export function cleaningMetrics(
  compaction: CompactionCounters,
  housekeeping: Housekeeping,
  scrubber: Scrubber,
): MetricSource {
  const counter = (name: string, help: string, value: () => number) => single('counter', name, help, value)
  return {
    families: [
      counter('millrace_compaction_runs_total', 'Compactions of a log.', () => compaction.runs),
      counter(
        'millrace_compaction_failures_total',
        'Logs that could not be read.',
        () => compaction.failures,
      ),
      counter(
        'millrace_compaction_read_bytes_total',
        'Bytes that compaction has read.',
        () => compaction.readBytes,
      ),
      counter(
        'millrace_compaction_written_bytes_total',
        'Bytes that it has written.',
        () => compaction.writtenBytes,
      ),
      counter(
        'millrace_compaction_duration_seconds_total',
        'Time that it took, with its pauses.',
        () => compaction.durationMs / MS_OF_SECOND,
      ),
      single(
        'gauge',
        'millrace_compaction_dirty_ratio',
        'Share of the dirtiest log that was not compacted when it was last looked for.',
        () => compaction.dirtyRatioMax,
      ),
      counter(
        'millrace_retention_deleted_segments_total',
        'Segments that retention has deleted.',
        () => housekeeping.deletedSegments,
      ),
      counter(
        'millrace_retention_failures_total',
        'Passes of retention over a log that failed.',
        () => housekeeping.failures,
      ),
      counter(
        'millrace_scrub_checked_bytes_total',
        'Bytes that were read again to be checked.',
        () => scrubber.checkedBytes,
      ),
      counter(
        'millrace_scrub_corruptions_total',
        'Places that were found damaged.',
        () => scrubber.corruptionCount,
      ),
    ],
  }
}
