/** What is measured of each contender in each run. `better` says which way a ratio is good. */
export const MEASURES = {
  'produce 100 B': { unit: 'MB/s', better: 'more' },
  'produce 100 B, records': { unit: 'k/s', better: 'more' },
  'produce 100 B, broker CPU': { unit: 's/GB', better: 'less' },
  'consume 100 B': { unit: 'MB/s', better: 'more' },
  'consume 100 B, records': { unit: 'k/s', better: 'more' },
  'consume 100 B, broker CPU': { unit: 's/GB', better: 'less' },
  'produce 1 KiB': { unit: 'MB/s', better: 'more' },
  'produce 1 KiB, records': { unit: 'k/s', better: 'more' },
  'produce 1 KiB, broker CPU': { unit: 's/GB', better: 'less' },
  'consume 1 KiB': { unit: 'MB/s', better: 'more' },
  'consume 1 KiB, records': { unit: 'k/s', better: 'more' },
  'consume 1 KiB, broker CPU': { unit: 's/GB', better: 'less' },
  'ack at 1,000/s of 200 B, p50': { unit: 'ms', better: 'less' },
  'ack at 1,000/s of 200 B, p99': { unit: 'ms', better: 'less' },
  'start to first ack': { unit: 'ms', better: 'less' },
  'memory, idle': { unit: 'MiB', better: 'less' },
  'memory, after load': { unit: 'MiB', better: 'less' },
} as const satisfies Record<string, { unit: string; better: 'more' | 'less' }>

/** The name of a measure. */
export type MeasureName = keyof typeof MEASURES

/** One contender's figures of one run. */
export type Sample = Readonly<Partial<Record<MeasureName, number>>>
