import { readFileSync } from 'node:fs'

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
