import type { TopicPartition } from '../src/client/position.ts'
import { CliError } from './exit-code.ts'

/** An offset of a partition: one line of a file that people and tools hand on. */
export interface OffsetLine extends TopicPartition {
  readonly offset: number
}

/** Offsets as `parseOffsetLines` reads them. */
export function offsetLines(offsets: readonly OffsetLine[]): string {
  return offsets.map(({ topic, partition, offset }) => `${topic} ${partition} ${offset}\n`).join('')
}

/**
 * Parses `TOPIC PARTITION OFFSET` lines, separated by blanks, tabs or commas (as Kafka's tools export them); empty lines
 * and those that begin with # are passed over. Throws CliError with the number of the line.
 */
export function parseOffsetLines(text: string, path: string): OffsetLine[] {
  return text.split('\n').flatMap((line, index) => {
    const trimmed = line.trim()
    if (trimmed === '' || trimmed.startsWith('#')) return []
    const [, topic, partition, offset] = /^"?([^\s,"]+)"?[\s,]+(\d{1,9})[\s,]+(\d{1,15})$/.exec(trimmed) ?? []
    if (topic === undefined) throw new CliError(`line ${index + 1} of ${path} is not TOPIC PARTITION OFFSET`)
    return [{ topic, partition: Number(partition), offset: Number(offset) }]
  })
}
