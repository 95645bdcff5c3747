import type { LogRefusal } from '../../storage/log.ts'

/** What a client is told with KAFKA_STORAGE_ERROR. */
export const REFUSAL_MESSAGES: { readonly [Refusal in LogRefusal]: string } = {
  full: 'the disk is full',
  stalled: 'the disk does not answer',
  failed: 'the log is offline',
  damaged: 'the log is offline',
  closed: 'the log is offline',
}

/** What a client is told whose batch was taken before its log refused others; null where that is not the reason. */
export function queuedMessage(refusal: LogRefusal | null): string | null {
  return refusal === 'full' ? `${REFUSAL_MESSAGES.full}: the batch may yet be written` : null
}
