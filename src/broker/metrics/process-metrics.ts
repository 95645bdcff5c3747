import { readdir, readFile } from 'node:fs/promises'
import { VERSION } from '../../version.ts'
import type { LoopDelay } from './loop-delay.ts'
import { durationSamples, type MetricFamily, type MetricSource, single } from './metric-family.ts'

const US_OF_SECOND = 1_000_000
const MS_OF_SECOND = 1_000
const OPEN_FILES_LINE = /^Max open files\s+(\d+)/m

/** The process that the broker runs in: several brokers in one show the same. Names are Prometheus' own. */
export function processMetrics(delay: LoopDelay): MetricSource {
  let openFiles = Number.NaN
  let openFilesMax = Number.NaN
  const startedSeconds = performance.timeOrigin / MS_OF_SECOND
  return {
    async prepare() {
      // Where there is no /proc the two are not known.
      openFiles = await readdir('/proc/self/fd').then(
        (names) => names.length,
        () => Number.NaN,
      )
      const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '')
      openFilesMax = Number(OPEN_FILES_LINE.exec(limits)?.[1] ?? Number.NaN)
    },
    families: [
      {
        name: 'millrace_build_info',
        type: 'gauge',
        labels: ['version', 'node'],
        help: 'Always 1; the labels tell what runs.',
        read: () => [{ labels: { version: VERSION, node: process.version }, value: 1 }],
      },
      ...loopFamilies(delay),
      ...cpuFamilies(),
      ...memoryFamilies(),
      single('gauge', 'process_open_fds', 'Open file descriptors.', () => openFiles),
      single('gauge', 'process_max_fds', 'Bound of open file descriptors.', () => openFilesMax),
      single(
        'gauge',
        'process_start_time_seconds',
        'When the process started, seconds since 1970.',
        () => startedSeconds,
      ),
    ],
  }
}

function loopFamilies(delay: LoopDelay): readonly MetricFamily[] {
  const utilization = (): ReturnType<typeof performance.eventLoopUtilization> =>
    performance.eventLoopUtilization()
  return [
    {
      name: 'millrace_event_loop_delay_seconds',
      type: 'histogram',
      labels: [],
      help: 'How late the event loop came to a timer, asked ten times a second.',
      read: () => durationSamples({}, delay.delays),
    },
    single(
      'counter',
      'millrace_event_loop_active_seconds_total',
      'Time in which the event loop worked; against the idle time it is the utilization.',
      () => utilization().active / MS_OF_SECOND,
    ),
    single(
      'counter',
      'millrace_event_loop_idle_seconds_total',
      'Time in which it waited.',
      () => utilization().idle / MS_OF_SECOND,
    ),
  ]
}

function cpuFamilies(): readonly MetricFamily[] {
  const cpu = (name: string, help: string, value: (usage: NodeJS.CpuUsage) => number) =>
    single('counter', name, help, () => value(process.cpuUsage()) / US_OF_SECOND)
  return [
    cpu('process_cpu_user_seconds_total', 'CPU time in user mode.', ({ user }) => user),
    cpu('process_cpu_system_seconds_total', 'CPU time in the kernel.', ({ system }) => system),
    cpu('process_cpu_seconds_total', 'CPU time.', ({ user, system }) => user + system),
  ]
}

function memoryFamilies(): readonly MetricFamily[] {
  const memory = (name: string, help: string, value: (usage: NodeJS.MemoryUsage) => number) =>
    single('gauge', name, help, () => value(process.memoryUsage()))
  return [
    memory('process_resident_memory_bytes', 'Resident memory.', ({ rss }) => rss),
    memory('nodejs_heap_size_total_bytes', 'Size of the heap.', ({ heapTotal }) => heapTotal),
    memory('nodejs_heap_size_used_bytes', 'Used of it.', ({ heapUsed }) => heapUsed),
    memory(
      'nodejs_external_memory_bytes',
      'Memory outside of the heap, of buffers.',
      ({ external }) => external,
    ),
  ]
}
