import { join } from 'node:path'
import { run } from '../../test/support/child.ts'
import { packageRoot } from '../../test/support/package-root.ts'
import type { KafkajsTask } from './kafkajs-main.ts'
import type { LoadGenerator } from './load-generator.ts'

const LOAD_MS = 900_000

/** kafkajs in a process of its own: for machines that have nothing faster. It is itself the bottleneck of throughput. */
export function kafkajsLoad(): LoadGenerator {
  const start = async <T>(task: KafkajsTask): Promise<T> => {
    const program = join(packageRoot, 'dist/bench/load/kafkajs-main.js')
    const { stdout } = await run(process.execPath, [program, JSON.stringify(task)], { timeoutMs: LOAD_MS })
    return JSON.parse(stdout) as T
  }
  return {
    name: 'kafkajs',
    produce: async (load) => await start<number>({ ...load, mode: 'produce' }),
    consume: async (load) => await start<number>({ ...load, mode: 'consume' }),
    latencies: async (load, perSecond) => await start<number[]>({ ...load, mode: 'latencies', perSecond }),
  }
}
