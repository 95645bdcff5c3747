import { readdirSync, readFileSync } from 'node:fs'
import { DescriptorBudget } from '../../base/descriptor-budget.ts'

/** What the process has open by itself, where the system doesn't say: streams, pollers, pipes between threads. */
const OWN_GUESS = 32
/** For what Node and the libraries open for a moment, and a thread of its own takes five. */
const SPARE = 24
/** With less than this nothing works anyhow. */
const CAPACITY_MIN = 16

let budget: DescriptorBudget | null = null

/** How many files and sockets this process may have open at once; Infinity where the system doesn't say. */
export function openFilesMax(): number {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1]
    return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit)
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/**
 * The descriptors of this process that brokers may take: its limit without what was open when it was first asked for.
 * One for all brokers of a process, as the limit is.
 */
export function processDescriptors(): DescriptorBudget {
  budget ??= DescriptorBudget.of(Math.max(CAPACITY_MIN, openFilesMax() - openNow() - SPARE))
  return budget
}

function openNow(): number {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return OWN_GUESS
  }
}
