import type { Command } from 'commander'
import { loadCompression } from '../../src/protocol/compression.ts'
import type { FileLock, FileSystem } from '../../src/storage/file-system.ts'
import type { Finding, FindingKind, Remedy } from '../../src/storage/inspection/finding.ts'
import { inspectionTarget } from '../../src/storage/inspection/inspection-target.ts'
import { type CheckReport, checkLog } from '../../src/storage/inspection/log-check.ts'
import { applyRemedy, keptAt, remediesOf } from '../../src/storage/inspection/log-repair.ts'
import { StorageError } from '../../src/storage/storage-error.ts'
import { CliError, EXIT_FAILED, EXIT_NOT_FOUND, EXIT_OK, EXIT_USAGE } from '../exit-code.ts'
import type { Io } from '../io.ts'
import { type DumpOptions, logDump } from '../log-dump.ts'
import { parseCount, parseOffset } from '../parse.ts'
import { formatBytes, Progress } from '../progress.ts'
import type { Wiring } from '../wiring.ts'

/** What `log check` was told. */
export interface CheckCommandOptions {
  /** Frames, CRCs and offsets, and not what is in the records. */
  readonly quick?: boolean
}

/** `log check`: every file under a path. Exit code 1 when something is not as it should be. */
export async function logCheck(
  io: Io,
  json: boolean,
  fileSystem: FileSystem,
  path: string,
  options: CheckCommandOptions,
): Promise<number> {
  return withLock(fileSystem, path, 'if-there', async () => {
    const report = await check(io, fileSystem, path, options.quick !== true)
    await tellReport(io, json, report)
    return exitCodeOf(report)
  })
}

/** `log repair`: what a check finds and can be mended without loss; done only with `yes`. */
export async function logRepair(
  io: Io,
  json: boolean,
  fileSystem: FileSystem,
  path: string,
  options: { yes?: boolean },
): Promise<number> {
  return withLock(fileSystem, path, 'always', async () => {
    const before = await check(io, fileSystem, path, false)
    const remedies = remediesOf(before.findings)
    if (!json) await tellReport(io, json, before)
    for (const remedy of remedies) {
      if (options.yes === true) await applyRemedy(fileSystem, remedy)
      const { action, path: file } = remedy
      const done = options.yes === true
      if (json) await io.out(`${JSON.stringify({ action, file, kept: keptAt(remedy), done })}\n`)
      else await io.out(`${done ? 'done' : 'would'}: ${remedyText(remedy)}\n`)
    }
    const damaged = before.findings.filter(({ kind }) => kind === 'damaged').length
    if (damaged > 0)
      io.note(
        `${damaged} ${damaged === 1 ? 'place is' : 'places are'} damaged and left as ${damaged === 1 ? 'it is' : 'they are'}: bring back a copy of these files`,
      )
    if (remedies.length === 0) {
      if (damaged === 0) io.note('nothing to repair')
      return damaged > 0 ? EXIT_FAILED : EXIT_OK
    }
    if (options.yes !== true) {
      io.note('nothing was changed: --yes does it')
      return EXIT_FAILED
    }
    return exitCodeOf(await check(io, fileSystem, path, false))
  })
}

async function check(
  io: Io,
  fileSystem: FileSystem,
  path: string,
  readsRecords: boolean,
): Promise<CheckReport> {
  await loadCompression()
  const progress = new Progress(io, 'checking')
  try {
    return await checkLog(fileSystem, path, {
      readsRecords,
      onProgress: (done, total) =>
        progress.show(done, total, `${formatBytes(done)} of ${formatBytes(total)}`),
    })
  } finally {
    progress.end()
  }
}

/** Damage that is only a note is none. */
function exitCodeOf(report: CheckReport): number {
  return report.findings.some(({ kind }) => kind !== 'note') ? EXIT_FAILED : EXIT_OK
}

const COLOURS: Readonly<Record<FindingKind, number>> = { damaged: 31, torn: 33, stale: 33, note: 2 }

async function tellReport(io: Io, json: boolean, report: CheckReport): Promise<void> {
  const { findings, ...counts } = report
  if (json) {
    for (const { kind, path, position, what, remedies } of findings)
      await io.out(
        `${JSON.stringify({ kind, file: path, position, what, remedies: remedies.map(({ action }) => action) })}\n`,
      )
    await io.out(`${JSON.stringify({ ...counts, whole: exitCodeOf(report) === EXIT_OK })}\n`)
    return
  }
  for (const finding of findings) await io.out(`${findingLine(io, finding)}\n`)
  const { partitions, segments, batches, records, bytes } = counts
  await io.out(
    `${partitions} partition${partitions === 1 ? '' : 's'}, ${segments} segment${segments === 1 ? '' : 's'}, ${batches} batches, ${records} records, ${formatBytes(bytes)}: ${verdict(report)}\n`,
  )
}

function findingLine(io: Io, { kind, path, position, what }: Finding): string {
  const word = io.colourOut ? `\x1b[${COLOURS[kind]}m${kind}\x1b[0m` : kind
  const place = position === null ? path : `${path} at ${position}`
  return `${word}: ${place}: ${what}`
}

function verdict({ findings }: CheckReport): string {
  const count = (kind: FindingKind): number => findings.filter((finding) => finding.kind === kind).length
  const parts = (['damaged', 'torn', 'stale'] as const)
    .map((kind) => [count(kind), kind] as const)
    .filter(([number]) => number > 0)
    .map(([number, kind]) => `${number} ${kind}`)
  return parts.length === 0 ? 'whole' : parts.join(', ')
}

function remedyText(remedy: Remedy): string {
  switch (remedy.action) {
    case 'cut':
      return `cut ${remedy.path} at ${remedy.position}: ${remedy.byteLength} bytes of a write that did not finish go to ${keptAt(remedy)}`
    case 'set-aside':
      return `rename ${remedy.path} to ${keptAt(remedy)}`
    case 'rebuild-indexes':
      return `make the indexes of ${remedy.path} anew`
    case 'remove':
      return `remove ${remedy.path}, which is made anew from the log`
  }
}

/** Holds the lock of the data directory that a path is, or lies in, meanwhile. */
async function withLock(
  fileSystem: FileSystem,
  path: string,
  when: 'always' | 'if-there',
  action: () => Promise<number>,
): Promise<number> {
  let lock: FileLock | null = null
  try {
    const { directory } = await inspectionTarget(fileSystem, path)
    const lockPath = directory === null ? null : `${directory}/.lock`
    if (lockPath !== null && (when === 'always' || (await fileSystem.stat(lockPath)) !== null))
      lock = await fileSystem.lock(lockPath, `process ${process.pid}\n`)
    return await action()
  } catch (error) {
    throw storageFault(error)
  } finally {
    lock?.release()
  }
}

/** An error of the disk, for a reader. */
export function storageFault(error: unknown): unknown {
  if (!(error instanceof StorageError)) return error
  switch (error.fault) {
    case 'missing':
      return new CliError(error.message, EXIT_NOT_FOUND)
    case 'mismatch':
      return new CliError(error.message, EXIT_USAGE)
    case 'locked':
      return new CliError(
        `the data directory is used: ${error.message}; stop that process first (millrace log dump reads beside a broker)`,
      )
    default:
      return new CliError(error.message)
  }
}

const PATH_HELP = 'a data directory, the directory of a partition, or a .log file'

/** The `log` group of commands. */
export function logCommands(program: Command, wiring: Wiring): void {
  const log = program.command('log').description('look into the files of a data directory, without a broker')
  const fileSystem = async (): Promise<FileSystem> =>
    (await import('../../src/storage/node-file-system.ts')).nodeFileSystem
  const dump = log
    .command('dump')
    .description('print what is in files: batches, records, index entries, snapshots, the journal')
    .argument('<path...>', 'files, or directories of partitions')
    .option('--records', 'also the records of each batch')
    .option(
      '--decode',
      'also the records, and of internal topics (groups, transactions, metadata) what they mean',
    )
    .option('--from-offset <offset>', 'from the batch that holds this offset on', parseOffset)
    .option('--batches <count>', 'at most so many batches of each file', parseCount)
    .action((paths: string[], options: DumpOptions) =>
      wiring.local(dump, async (io, json) => {
        try {
          return await logDump(io, json, await fileSystem(), paths, options)
        } catch (error) {
          throw storageFault(error)
        }
      }),
    )
  wiring.example(
    dump,
    'millrace log dump millrace-data/orders-0 --records --from-offset 1000 --batches 10',
    'millrace log dump millrace-data/orders-0/00000000000000000000.index',
    'millrace log dump millrace-data/__consumer_offsets-7 --decode',
  )
  const checkCommand = log
    .command('check')
    .description('check every batch, index, snapshot and the journal; changes nothing')
    .argument('<path>', PATH_HELP)
    .option('--quick', 'frames, CRCs and offsets, and not what is in the records')
    .action((path: string, options: CheckCommandOptions) =>
      wiring.local(checkCommand, async (io, json) => logCheck(io, json, await fileSystem(), path, options)),
    )
  wiring.example(checkCommand, 'millrace log check millrace-data')
  const repair = log
    .command('repair')
    .description('cut torn ends, make indexes anew: says what, and does it only with --yes')
    .argument('<path>', PATH_HELP)
    .option('--yes', 'do it')
    .action((path: string, options: { yes?: boolean }) =>
      wiring.local(repair, async (io, json) => logRepair(io, json, await fileSystem(), path, options)),
    )
  wiring.example(repair, 'millrace log repair millrace-data', 'millrace log repair millrace-data --yes')
}
