import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** Linux counts in hundredths of a second on every machine that runs Node. */
const TICKS_PER_SECOND = 100

/** CPU time that a process and its threads have used, user and system, in seconds. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/** Memory of a process that is resident, in bytes: what it shares with the page cache counts as well. */
export function residentBytes(pid: number): number {
  return statusBytes(pid, 'VmRSS')
}

/** The part of its resident memory that is no file's: heap, stacks, buffers. */
export function anonymousBytes(pid: number): number {
  return statusBytes(pid, 'RssAnon')
}

function statusBytes(pid: number, name: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const match = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)
  return Number(match?.[1] ?? Number.NaN) * 1024
}

/**
 * CPU time that the threads of a process which live now have used, in seconds, by the scheduler's own clock: exact
 * where hundredths are too coarse. NaN where the kernel does not tell.
 */
export function threadSeconds(pid: number): number {
  let nanoseconds = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const path = `/proc/${pid}/task/${thread}/schedstat`
    nanoseconds += existsSync(path) ? Number(readFileSync(path, 'utf8').split(' ', 1)[0]) : Number.NaN
  }
  return nanoseconds / 1e9
}
