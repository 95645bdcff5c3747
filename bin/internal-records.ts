import type { EventCodec } from '../src/base/machine.ts'
import { type Uuid, uuidToString } from '../src/base/uuid.ts'
import { groupCodec } from '../src/broker/coordinator/groups/group-codec.ts'
import { transactionCodec } from '../src/broker/coordinator/transactions/transaction-codec.ts'
import { MetadataRecordError, metadataEventCodec } from '../src/broker/metadata/metadata-event.ts'
import { MalformedError } from '../src/protocol/reader.ts'
import type { DecodedRecord } from '../src/protocol/records.ts'
import { jsonBytes } from './record-format.ts'

/** What the records of internal topics mean. */
const CODECS: Readonly<Record<string, EventCodec<unknown>>> = {
  __consumer_offsets: groupCodec as EventCodec<unknown>,
  __transaction_state: transactionCodec as EventCodec<unknown>,
  __millrace_metadata: metadataEventCodec as EventCodec<unknown>,
}
/** Fields of events that hold an id of 16 bytes. */
const ID_FIELDS = new Set(['id', 'topicId', 'incarnation'])

/** What a record of an internal topic says; null of another topic, or where this version does not know the record. */
export function internalEvent(topic: string, { key, value }: DecodedRecord): object | null {
  const codec = Object.hasOwn(CODECS, topic) ? CODECS[topic] : undefined
  if (codec === undefined) return null
  try {
    return plain(codec.decode(key, value), '') as object | null
  } catch (error) {
    if (error instanceof MalformedError || error instanceof MetadataRecordError)
      return { error: error.message }
    throw error
  }
}

/** The same as JSON can say it. */
function plain(value: unknown, name: string): unknown {
  if (typeof value === 'string' && value.length === 16 && ID_FIELDS.has(name))
    return uuidToString(value as Uuid)
  if (typeof value !== 'object' || value === null) return value
  if (Buffer.isBuffer(value)) return jsonBytes(value, false)
  if (value instanceof Map) return [...value].map((entry) => plain(entry, ''))
  if (Array.isArray(value)) return value.map((element) => plain(element, ''))
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member, key)]))
}
