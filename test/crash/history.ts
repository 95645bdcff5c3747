/** One thing that a client did or was told, in the order in which the harness learned of it. */
export type CrashEvent =
  | RecordEvent<'sent'>
  | (RecordEvent<'acked'> & { /** -1: the broker did not say. */ readonly offset: number })
  | (RecordEvent<'failed'> & { readonly error: string })
  | (RecordEvent<'consumed'> & { readonly offset: number })
  | { readonly kind: 'commit-sent' | 'commit-acked'; readonly partition: number; readonly offset: number }
  | {
      readonly kind: 'commit-read'
      readonly partition: number
      /** -1: none. */
      readonly offset: number
      /** How many events there were when the question was asked. */
      readonly askedAt: number
    }
  | { readonly kind: 'killed'; readonly round: number }

interface RecordEvent<Kind extends string> {
  readonly kind: Kind
  readonly producer: string
  readonly partition: number
  /** Counts from 0 for each producer and partition. */
  readonly sequence: number
}

/** A record as it is found in the log at the end; null where its value is none that a producer writes. */
export interface FinalRecord {
  readonly offset: number
  readonly written: WrittenValue | null
}

/** What a record's value says of itself. */
export interface WrittenValue {
  readonly producer: string
  readonly partition: number
  readonly sequence: number
}

const PADDING_BYTES_MAX = 900

/** The value of a record: who wrote it, and padding that depends on it. */
export function writeValue({ producer, partition, sequence }: WrittenValue): string {
  return `${producer}:${partition}:${sequence}:${padding(sequence)}`
}

/** Reads a value back; null when it is not exactly what `writeValue` makes. */
export function parseValue(text: string): WrittenValue | null {
  const match = /^([a-z]+):(\d+):(\d+):(x*)$/.exec(text)
  if (match === null) return null
  const sequence = Number(match[3])
  if (match[4] !== padding(sequence)) return null
  return { producer: match[1]!, partition: Number(match[2]), sequence }
}

function padding(sequence: number): string {
  return 'x'.repeat((sequence * 37) % PADDING_BYTES_MAX)
}
