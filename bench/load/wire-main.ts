import { createInterface } from 'node:readline'
import { fetchLoad } from './fetch-load.ts'
import { heartbeatLoad, rebalanceLoad } from './group-load.ts'
import { idleLoad } from './idle-load.ts'
import { produceLoad } from './produce-load.ts'
import { pullLoad } from './pull-load.ts'
import type { Orders, WireTask } from './wire-tasks.ts'

const lines = createInterface({ input: process.stdin })
const started = lineSaid('start')
const orders: Orders = {
  ready: async () => {
    console.log('ready')
    await started
  },
  stopped: lineSaid('stop'),
}

function lineSaid(word: string): Promise<void> {
  return new Promise((resolve) => {
    lines.on('line', (line) => {
      if (line === word) resolve()
    })
  })
}

async function runTask(task: WireTask): Promise<unknown> {
  switch (task.mode) {
    case 'produce':
      return await produceLoad(task, orders)
    case 'fetch':
      return await fetchLoad(task, orders)
    case 'pull':
      return await pullLoad(task, orders)
    case 'idle':
      return await idleLoad(task, orders)
    case 'heartbeat':
      return await heartbeatLoad(task, orders)
    case 'rebalance':
      return await rebalanceLoad(task, orders)
  }
}

console.log(JSON.stringify(await runTask(JSON.parse(process.argv[2]!) as WireTask)))
process.exit(0)
