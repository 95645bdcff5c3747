import type { LogRefusal } from '../../storage/log.ts'

/** What a client is told with KAFKA_STORAGE_ERROR. */
export const REFUSAL_MESSAGES: { readonly [Refusal in LogRefusal]: string } = {
  full: 'the disk is full',
  'no-descriptors': 'the broker has too many files and connections open',
  stalled: 'the disk does not answer',
  failed: 'the log is offline',
  damaged: 'the log is offline',
  closed: 'the log is offline',
}

/** What a client is told whose batch was taken before its log refused others; null where that is not the reason. */
export function queuedMessage(refusal: LogRefusal | null): string | null {
  if (refusal !== 'full' && refusal !== 'no-descriptors') return null
  return `${REFUSAL_MESSAGES[refusal]}: the batch may yet be written`
}
