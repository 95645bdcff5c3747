import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../../test/support/child.ts'
import { uniqueName } from '../../test/support/names.ts'
import type { Load, LoadGenerator } from './load-generator.ts'

const LOAD_MS = 600_000

/** librdkafka's load generator: one process, its defaults but for what is said here. */
export function rdkafkaPerformance(program: string): LoadGenerator {
  const start = async (mode: readonly string[], load: Load, settings: readonly string[]): Promise<string> => {
    const { bootstrap, topic, recordCount } = load
    const options = settings.flatMap((setting) => ['-X', setting])
    const args = [...mode, '-b', bootstrap, '-t', topic, '-c', String(recordCount), ...options]
    const { stdout, stderr } = await run(program, args, { timeoutMs: LOAD_MS })
    return stdout + stderr
  }
  return {
    name: 'rdkafka_performance',
    async produce(load) {
      const settings = ['linger.ms=5', 'broker.address.family=v4']
      const said = await start(['-P', '-q', '-a', '-1', '-s', String(load.recordBytes)], load, settings)
      const match = /(\d+) delivered \(offset -?\d+, (\d+) failed\) in (\d+)ms/.exec(said)
      if (match === null || Number(match[1]) !== load.recordCount)
        throw new Error(`not all delivered: ${said}`)
      return Number(match[3]) / 1000
    },
    async consume(load) {
      const settings = ['auto.offset.reset=earliest', 'broker.address.family=v4']
      const said = await start(['-G', uniqueName('bench'), '-q'], load, settings)
      const match = /(\d+) messages \(\d+ bytes\) consumed in (\d+)ms/.exec(said)
      if (match === null || Number(match[1]) < load.recordCount) throw new Error(`not all consumed: ${said}`)
      return Number(match[2]) / 1000
    },
    async latencies(load, perSecond) {
      const file = join(tmpdir(), uniqueName('latencies'))
      const mode = [
        '-P',
        '-q',
        '-a',
        '-1',
        '-l',
        '-A',
        file,
        '-r',
        String(perSecond),
        '-s',
        String(load.recordBytes),
      ]
      await start(mode, load, ['linger.ms=0', 'broker.address.family=v4'])
      const text = await readFile(file, 'utf8')
      await rm(file)
      return text.split('\n').flatMap((line) => (/^\d+$/.test(line) ? [Number(line) / 1000] : []))
    },
  }
}
