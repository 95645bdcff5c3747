import { existsSync, readFileSync, statSync } from 'node:fs'
import { access, constants, mkdtemp, open, readdir, rm, stat, statfs } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { freemem, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import type { Environment } from '../src/base/environment.ts'
import { type Address, formatAddress } from '../src/client/address.ts'
import { crc32cIsNative } from '../src/protocol/crc32c.ts'
import type { FileSystem } from '../src/storage/file-system.ts'
import { loadJournal } from '../src/storage/journal-loader.ts'
import { StorageError } from '../src/storage/storage-error.ts'
import { formatBytes } from './progress.ts'

/** ok: as it should be. advice: it works, and could be better. bites: a broker would fail, or lose what it promised. */
export type Verdict = 'ok' | 'advice' | 'bites'

/** One thing that was looked at. */
export interface Diagnosis {
  readonly check: string
  readonly verdict: Verdict
  readonly what: string
}

const NODE_MIN = [20, 19] as const
const OPEN_FILES_MIN = 1_024
const OPEN_FILES_GOOD = 16_384
const FREE_BYTES_MIN = 64 * 1024 * 1024
const FREE_BYTES_GOOD = 2 * 1024 ** 3
const MEMORY_BYTES_MIN = 256 * 1024 * 1024
const SYNC_ROUNDS = 20
const SYNC_MS_SLOW = 20
const SYNC_MS_UNREAL = 0.02
const SYNC_BYTES = 4_096
const CLOCK_SKEW_MS_MAX = 5_000
/** 2024-01-01: before Millrace was made. */
const CLOCK_MS_MIN = 1_704_067_200_000

const require = createRequire(import.meta.url)

/** The version of Node that runs this. */
export function checkNode(version: string = process.versions.node): Diagnosis {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isOld = major < NODE_MIN[0] || (major === NODE_MIN[0] && minor < NODE_MIN[1])
  return isOld
    ? {
        check: 'node',
        verdict: 'bites',
        what: `Node ${version} is too old: install ${NODE_MIN.join('.')} or later`,
      }
    : { check: 'node', verdict: 'ok', what: `Node ${version}` }
}

/** What the native packages are for; without the first the data directory can't be locked. */
const ADDONS = [
  { name: 'fs-ext', verdict: 'bites', loss: 'the data directory cannot be locked' },
  { name: 'snappy', verdict: 'advice', loss: 'snappy batches cannot be read or written' },
  { name: 'lz4', verdict: 'advice', loss: 'lz4 batches cannot be read or written' },
  { name: 'koffi', verdict: 'advice', loss: 'fetches go through memory instead of sendfile(2)' },
] as const satisfies readonly { name: string; verdict: Verdict; loss: string }[]

/** Which native packages do not load. */
export function checkAddons(load: (name: string) => unknown = require): Diagnosis[] {
  const missing: Diagnosis[] = []
  for (const { name, verdict, loss } of ADDONS) {
    try {
      load(name)
    } catch (error) {
      const [reason] = (error instanceof Error ? error.message : String(error)).split('\n')
      missing.push({
        check: 'addons',
        verdict,
        what: `${name} does not load, ${loss}: npm rebuild ${name} (${reason})`,
      })
    }
  }
  if (!crc32cIsNative)
    missing.push({
      check: 'addons',
      verdict: 'advice',
      what: '@node-rs/crc32 does not load, checksums are slower: npm install --include=optional',
    })
  return missing.length > 0 ? missing : [{ check: 'addons', verdict: 'ok', what: 'all native packages load' }]
}

/** How many files and connections the process may have open. */
export function checkOpenFiles(limits: string | null = readText('/proc/self/limits')): Diagnosis {
  const check = 'open files'
  const found = limits === null ? null : /^Max open files\s+(\d+|unlimited)/m.exec(limits)
  if (found === null || found === undefined)
    return { check, verdict: 'ok', what: 'the limit cannot be read on this system' }
  const limit = found[1] === 'unlimited' ? Number.POSITIVE_INFINITY : Number(found[1])
  if (limit < OPEN_FILES_MIN)
    return {
      check,
      verdict: 'bites',
      what: `at most ${limit}: raise it (ulimit -n ${OPEN_FILES_GOOD}), each partition and connection takes some`,
    }
  if (limit < OPEN_FILES_GOOD)
    return {
      check,
      verdict: 'advice',
      what: `at most ${limit}: enough for ${Math.floor(limit / 4)} partitions or so; raise it for more (ulimit -n ${OPEN_FILES_GOOD})`,
    }
  return { check, verdict: 'ok', what: `at most ${found[1]}` }
}

/** What is free for a broker, within the limit of its container. */
export function checkMemory(): Diagnosis {
  const limitText = readText('/sys/fs/cgroup/memory.max')?.trim()
  const limit = limitText === undefined || limitText === 'max' ? Number.POSITIVE_INFINITY : Number(limitText)
  const available = /^MemAvailable:\s+(\d+) kB/m.exec(readText('/proc/meminfo') ?? '')
  const free = Math.min(limit, available === null ? freemem() : Number(available[1]) * 1024)
  const what = `${formatBytes(free)} to be had of ${formatBytes(Math.min(limit, totalmem()))}`
  return free < MEMORY_BYTES_MIN
    ? { check: 'memory', verdict: 'bites', what: `${what}: a broker needs ${formatBytes(MEMORY_BYTES_MIN)}` }
    : { check: 'memory', verdict: 'ok', what }
}

/** Whether an address can be listened at. `option`: what names another one. */
export function checkPort(address: Address, option: '--listen' | '--http'): Promise<Diagnosis> {
  const check = `port ${formatAddress(address)}`
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ check, verdict: 'bites', what: portFault(error, option) }),
    )
    server.listen({ host: address.host, port: address.port, exclusive: true }, () =>
      server.close(() => resolve({ check, verdict: 'ok', what: 'free' })),
    )
  })
}

function portFault(error: NodeJS.ErrnoException, option: string): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `in use: stop what listens there (a broker that already runs?), or choose another with ${option}`
    case 'EACCES':
      return `not permitted: choose a port from 1024 on with ${option}`
    case 'EADDRNOTAVAIL':
      return `this machine has no such address: choose another with ${option}`
    default:
      return error.message
  }
}

/** Whether the clock can be right: later than this program, and with the disk's. */
export function checkClock(nowMs: number, fileMs: number | null): Diagnosis {
  const now = new Date(nowMs).toISOString()
  if (nowMs < CLOCK_MS_MIN)
    return {
      check: 'clock',
      verdict: 'bites',
      what: `it says ${now}: set it, record timestamps and retention go by it`,
    }
  if (fileMs !== null && Math.abs(fileMs - nowMs) > CLOCK_SKEW_MS_MAX)
    return {
      check: 'clock',
      verdict: 'bites',
      what: `it says ${now}, a file written now says ${new Date(fileMs).toISOString()}: have one clock (NTP) on this machine and its file server`,
    }
  return { check: 'clock', verdict: 'ok', what: now }
}

/** Where the file system of the data directory keeps its bytes, as far as that matters. */
const FILE_SYSTEMS: Readonly<Record<number, { name: string; verdict: Verdict; why: string }>> = {
  16914836: {
    name: 'tmpfs',
    verdict: 'advice',
    why: 'it is memory: nothing survives a restart of the machine',
  },
  2240043254: {
    name: 'ramfs',
    verdict: 'advice',
    why: 'it is memory: nothing survives a restart of the machine',
  },
  26985: { name: 'NFS', verdict: 'advice', why: 'fsync and locks are only as good as the server' },
  4283649346: { name: 'CIFS', verdict: 'bites', why: 'locks and fsync cannot be relied on' },
  2035054128: { name: 'overlayfs', verdict: 'advice', why: 'it goes with its container: mount a volume' },
}

/** Directory, permissions, room, speed of fsync, lock, journal, and the clock of the files. */
export async function checkDataDirectory(
  path: string,
  fileSystem: FileSystem,
  environment: Environment,
): Promise<Diagnosis[]> {
  const found: Diagnosis[] = []
  const exists = existsSync(path)
  const place = exists ? path : nearestParent(path)
  const writable = await access(place, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  )
  if (exists && !statSync(path).isDirectory()) {
    found.push({
      check: 'data directory',
      verdict: 'bites',
      what: `${path} is not a directory: choose another with --data`,
    })
    return [...found, checkClock(environment.wallMs(), null)]
  }
  if (!writable) {
    found.push({
      check: 'data directory',
      verdict: 'bites',
      what: `no permission to write in ${place}: change its owner, or choose another with --data`,
    })
    return [...found, checkClock(environment.wallMs(), null)]
  }
  found.push({ check: 'data directory', verdict: 'ok', what: exists ? path : `${path} will be made` })
  found.push(...(await checkRoom(place)))
  const probe = await probeDisk(place, environment)
  found.push(probe.diagnosis, checkClock(environment.wallMs(), probe.fileMs))
  if (exists) found.push(...(await checkContents(path, fileSystem)))
  return found
}

function nearestParent(path: string): string {
  let at = path
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at)
  return at
}

async function checkRoom(place: string): Promise<Diagnosis[]> {
  const { bavail, bsize, type, ffree, files } = await statfs(place)
  const free = bavail * bsize
  const check = 'disk'
  const found: Diagnosis[] = []
  const what = `${formatBytes(free)} free`
  if (free < FREE_BYTES_MIN)
    found.push({ check, verdict: 'bites', what: `${what}: free some, or choose another place with --data` })
  else if (free < FREE_BYTES_GOOD)
    found.push({
      check,
      verdict: 'advice',
      what: `${what}: mind log.retention.bytes, a full disk refuses writes`,
    })
  else found.push({ check, verdict: 'ok', what })
  if (files > 0 && ffree < 1_000)
    found.push({ check, verdict: 'bites', what: `${ffree} inodes free: files cannot be made` })
  const known = FILE_SYSTEMS[type]
  if (known !== undefined) found.push({ check, verdict: known.verdict, what: `${known.name}: ${known.why}` })
  return found
}

/** Writes and syncs a small file, as a broker does for each group of requests. */
async function probeDisk(
  place: string,
  environment: Environment,
): Promise<{ diagnosis: Diagnosis; fileMs: number | null }> {
  const check = 'fsync'
  let folder: string | null = null
  try {
    folder = await mkdtemp(join(place, '.millrace-doctor-'))
    const path = join(folder, 'probe')
    const file = await open(path, 'w')
    const block = Buffer.alloc(SYNC_BYTES, 1)
    const times: number[] = []
    try {
      for (let round = 0; round < SYNC_ROUNDS; round++) {
        await file.write(block, 0, block.length, round * SYNC_BYTES)
        const startMs = environment.monotonicMs()
        await file.datasync()
        times.push(environment.monotonicMs() - startMs)
      }
    } finally {
      await file.close()
    }
    return { diagnosis: syncDiagnosis(times.sort((a, b) => a - b)), fileMs: (await stat(path)).mtimeMs }
  } catch (error) {
    return {
      diagnosis: { check, verdict: 'bites', what: error instanceof Error ? error.message : String(error) },
      fileMs: null,
    }
  } finally {
    if (folder !== null) await rm(folder, { recursive: true, force: true })
  }
}

/** What the times of some fsyncs, sorted, mean for acks=all. */
export function syncDiagnosis(times: readonly number[]): Diagnosis {
  const check = 'fsync'
  const median = times[Math.floor(times.length / 2)]!
  const what = `${median.toFixed(2)} ms (slowest of ${times.length}: ${times.at(-1)!.toFixed(2)} ms)`
  if (median > SYNC_MS_SLOW)
    return {
      check,
      verdict: 'advice',
      what: `${what}: a slow disk, and each acks=all waits for it; batch more in the producer (linger.ms)`,
    }
  if (median < SYNC_MS_UNREAL)
    return {
      check,
      verdict: 'advice',
      what: `${what}: too quick for a disk; whether it survives a power cut is up to what lies below`,
    }
  return { check, verdict: 'ok', what }
}

/** Who holds it, and whether its journal can be believed. */
async function checkContents(path: string, fileSystem: FileSystem): Promise<Diagnosis[]> {
  const found: Diagnosis[] = []
  const names = await readdir(path)
  if (names.includes('.lock')) {
    try {
      const holder = readText(join(path, '.lock')) ?? ''
      const lock = await fileSystem.lock(join(path, '.lock'), holder)
      lock.release()
      found.push({ check: 'lock', verdict: 'ok', what: 'held by nobody' })
    } catch (error) {
      if (!(error instanceof StorageError)) throw error
      found.push({
        check: 'lock',
        verdict: 'bites',
        what: `${error.message}: stop that process, or choose another directory with --data`,
      })
      return found
    }
  }
  try {
    const journal = await loadJournal(fileSystem, path)
    const ended = journal.wasClosed
      ? 'closed in order'
      : 'not closed in order: the next start checks the logs'
    found.push({ check: 'journal', verdict: 'ok', what: `${journal.groups.size} partitions, ${ended}` })
  } catch (error) {
    if (!(error instanceof StorageError)) throw error
    found.push({
      check: 'journal',
      verdict: 'bites',
      what: `${error.message}: run 'millrace log check ${path}'`,
    })
  }
  return found
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
