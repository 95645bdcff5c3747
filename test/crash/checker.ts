import type { CrashEvent, FinalRecord, WrittenValue } from './history.ts'
import { type Violation, Violations } from './violations.ts'

/** What can be wrong. */
export type ViolationRule =
  /** An acknowledged record is not in the log, or not where it was acknowledged. */
  | 'lost'
  | 'moved'
  /** A record is in the log more than once, or without having been sent, or with another value. */
  | 'doubled'
  | 'phantom'
  | 'damaged'
  /** Records of one producer lie in another order than they were sent in, or offsets are missing. */
  | 'reordered'
  | 'gap'
  /** A producer that may retry for ever was told to give up. */
  | 'refused'
  /** What a consumer was given is not what the log has. */
  | 'consumed-other'
  /** A consumer was sent back behind what it had committed. */
  | 'consumer-back'
  /** A committed offset went back, or is one that nobody committed. */
  | 'commit-lost'
  | 'commit-phantom'

/**
 * Checks what clients were told against the log as it is at the end. Sound for one consumer that is alone in its group,
 * handles a batch at a time, and waits for each commit before it goes on.
 */
export function checkHistory(
  history: readonly CrashEvent[],
  finalLog: ReadonlyMap<number, readonly FinalRecord[]>,
): Violation<ViolationRule>[] {
  const violations = new Violations<ViolationRule>()
  checkRecords(history, finalLog, violations.report)
  checkLogShape(finalLog, violations.report)
  checkCommits(history, violations.report)
  return violations.list()
}

type Report = (rule: ViolationRule, detail: string) => void

const nameOf = ({ producer, partition, sequence }: WrittenValue): string =>
  `${producer}:${partition}:${sequence}`

function checkRecords(
  history: readonly CrashEvent[],
  finalLog: ReadonlyMap<number, readonly FinalRecord[]>,
  report: Report,
): void {
  const offsets = new Map<string, number>()
  for (const [partition, records] of finalLog) {
    for (const { offset, written } of records) {
      if (written === null) report('damaged', `partition ${partition}, offset ${offset}`)
      else if (written.partition !== partition) report('phantom', `${nameOf(written)} in ${partition}`)
      else if (offsets.has(nameOf(written))) {
        report('doubled', `${nameOf(written)} at ${offsets.get(nameOf(written))} and at ${offset}`)
      } else offsets.set(nameOf(written), offset)
    }
  }
  const sent = new Set<string>()
  for (const event of history) {
    if (event.kind === 'sent') sent.add(nameOf(event))
    else if (event.kind === 'failed') report('refused', `${nameOf(event)}: ${event.error}`)
    else if (event.kind === 'acked') {
      const offset = offsets.get(nameOf(event))
      if (offset === undefined) report('lost', `${nameOf(event)}, acknowledged at ${event.offset}`)
      else if (event.offset >= 0 && event.offset !== offset) {
        report('moved', `${nameOf(event)}, acknowledged at ${event.offset}, is at ${offset}`)
      }
    } else if (event.kind === 'consumed' && offsets.get(nameOf(event)) !== event.offset) {
      report('consumed-other', `${nameOf(event)}, consumed at ${event.offset}`)
    }
  }
  for (const [name, offset] of offsets) if (!sent.has(name)) report('phantom', `${name} at ${offset}`)
}

function checkLogShape(finalLog: ReadonlyMap<number, readonly FinalRecord[]>, report: Report): void {
  for (const [partition, records] of finalLog) {
    const last = new Map<string, number>()
    records.forEach(({ offset, written }, index) => {
      if (offset !== index) report('gap', `partition ${partition}: ${offset} where ${index} was due`)
      if (written === null) return
      const before = last.get(written.producer) ?? -1
      if (written.sequence < before) report('reordered', `${nameOf(written)} after ${before}`)
      last.set(written.producer, written.sequence)
    })
  }
}

function checkCommits(history: readonly CrashEvent[], report: Report): void {
  const sent = new Set<string>()
  const acked = new Map<number, number>()
  for (const event of history) {
    if (event.kind === 'commit-sent') sent.add(`${event.partition}:${event.offset}`)
  }
  const ackedAt: { index: number; partition: number; offset: number }[] = []
  history.forEach((event, index) => {
    if (event.kind === 'commit-acked') {
      acked.set(event.partition, event.offset)
      ackedAt.push({ index, partition: event.partition, offset: event.offset })
    } else if (event.kind === 'consumed') {
      const committed = acked.get(event.partition) ?? 0
      if (event.offset < committed) {
        const detail = `partition ${event.partition}: ${event.offset} given after ${committed} was committed`
        report('consumer-back', detail)
      }
    } else if (event.kind === 'commit-read') {
      const { partition, offset, askedAt } = event
      const floor = ackedAt.findLast((entry) => entry.partition === partition && entry.index < askedAt)
      if (floor !== undefined && offset < floor.offset) {
        report('commit-lost', `partition ${partition}: ${offset} read after ${floor.offset} was acknowledged`)
      } else if (offset >= 0 && !sent.has(`${partition}:${offset}`)) {
        report('commit-phantom', `partition ${partition}: ${offset} was never committed`)
      }
    }
  })
}
