import { openSync, readSync } from 'node:fs'
import { EmbeddedBroker } from '../../src/embedded-broker.ts'

/**
 * A broker in a process of its own that tells, when it is asked, how long one turn of its event loop took at most since
 * it was asked before. That is time of the processor, not of the clock: what else runs on the machine does not count. It
 * is looked at every millisecond, so that it may be a millisecond too much.
 */
const TICK_MS = 1
const MS = 1e6

const settings = Object.fromEntries(
  process.argv.slice(3).map((setting) => setting.split('=', 2) as [string, string]),
)
const broker = await EmbeddedBroker.start({ dataDirectory: process.argv[2]!, settings })

/** Linux: of this thread, ns on the processor come first. */
const schedule = openSync('/proc/thread-self/schedstat', 'r')
const text = Buffer.alloc(64)

function processorNs(): number {
  const count = readSync(schedule, text, 0, text.length, 0)
  return Number(text.toString('latin1', 0, count).split(' ')[0])
}

let beforeNs = processorNs()
let turnNsMax = 0

function look(): void {
  const nowNs = processorNs()
  turnNsMax = Math.max(turnNsMax, nowNs - beforeNs)
  beforeNs = nowNs
  setTimeout(look, TICK_MS).unref()
}
look()

process.on('message', (message) => {
  if (message === 'stop') {
    void broker.close().then(() => process.exit(0))
    return
  }
  process.send!({ turnMs: turnNsMax / MS, residentBytes: process.memoryUsage().rss })
  beforeNs = processorNs()
  turnNsMax = 0
})
process.send!({ port: broker.port })
