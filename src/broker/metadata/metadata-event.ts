import { Packr } from 'msgpackr'
import type { EventCodec } from '../../base/machine.ts'
import { type Uuid, uuidFromString, uuidToString } from '../../base/uuid.ts'

/** Where a broker is reached on one of its listeners. */
export interface Endpoint {
  readonly listener: string
  readonly host: string
  readonly port: number
}

/** What has configs: 'client-metrics' is a subscription to the metrics of clients (KIP-714). */
export const CONFIG_RESOURCES = ['topic', 'broker', 'group', 'client-metrics'] as const
export type ConfigResource = (typeof CONFIG_RESOURCES)[number]

/** A new value, or null to have none. */
export type ConfigChange = readonly [name: string, value: string | null]

/** The replicas of each partition, the preferred leader first. */
export type Assignment = readonly (readonly number[])[]

/** The facts that the cluster's metadata is made of. */
export type MetadataEvent =
  | {
      readonly kind: 'topic-created'
      readonly name: string
      readonly id: Uuid
      readonly internal: boolean
      readonly assignment: Assignment
      readonly configs: readonly (readonly [name: string, value: string])[]
    }
  | { readonly kind: 'topic-deleted'; readonly id: Uuid }
  | {
      readonly kind: 'partitions-added'
      readonly id: Uuid
      readonly from: number
      readonly assignment: Assignment
    }
  | {
      readonly kind: 'configs-changed'
      readonly resource: ConfigResource
      /** Of a topic, group or subscription its name; of a broker its number, or '' for every broker. */
      readonly name: string
      readonly changes: readonly ConfigChange[]
    }
  | { readonly kind: 'producer-ids-allocated'; readonly brokerId: number; readonly end: number }
  | {
      readonly kind: 'broker-registered'
      readonly brokerId: number
      readonly incarnation: Uuid
      readonly epoch: number
      readonly rack: string | null
      readonly endpoints: readonly Endpoint[]
    }

/** A record of the metadata log that cannot be understood: damaged, or written by a newer release. */
export class MetadataRecordError extends Error {
  override readonly name = 'MetadataRecordError'
}

const VERSION = 1

const packr = new Packr({ useRecords: false })

/**
 * One record an event, no key; the value is a MessagePack array: the version (1), the kind, then the kind's fields in
 * the order below. Ids are in their printed form. Nothing may be skipped here: a kind or version that is not known
 * is an error, since going on without it would lose a topic.
 */
export const metadataEventCodec: EventCodec<MetadataEvent> = {
  encode: (event) => ({ key: null, value: packr.pack([VERSION, event.kind, ...fieldsOf(event)]) }),
  decode(_key, value) {
    if (value === null) throw new MetadataRecordError('the record has no value')
    const fields = unpacked(value)
    if (fields[0] !== VERSION)
      throw new MetadataRecordError(
        `the record has version ${String(fields[0])}, this release knows ${VERSION}`,
      )
    return eventOf(String(fields[1]), new Fields(fields.slice(2)))
  },
}

function fieldsOf(event: MetadataEvent): unknown[] {
  switch (event.kind) {
    case 'topic-created':
      return [event.name, uuidToString(event.id), event.internal, event.assignment, event.configs]
    case 'topic-deleted':
      return [uuidToString(event.id)]
    case 'partitions-added':
      return [uuidToString(event.id), event.from, event.assignment]
    case 'configs-changed':
      return [event.resource, event.name, event.changes]
    case 'producer-ids-allocated':
      return [event.brokerId, event.end]
    case 'broker-registered':
      return [
        event.brokerId,
        uuidToString(event.incarnation),
        event.epoch,
        event.rack,
        event.endpoints.map(({ listener, host, port }) => [listener, host, port]),
      ]
  }
}

function eventOf(kind: string, fields: Fields): MetadataEvent {
  switch (kind) {
    case 'topic-created':
      return {
        kind,
        name: fields.text(),
        id: fields.uuid(),
        internal: fields.flag(),
        assignment: fields.assignment(),
        configs: fields.list(([name, value]) => [asText(name), asText(value)] as const),
      }
    case 'topic-deleted':
      return { kind, id: fields.uuid() }
    case 'partitions-added':
      return { kind, id: fields.uuid(), from: fields.whole(), assignment: fields.assignment() }
    case 'configs-changed':
      return {
        kind,
        resource: asResource(fields.text()),
        name: fields.text(),
        changes: fields.list(
          ([name, value]) => [asText(name), value === null ? null : asText(value)] as const,
        ),
      }
    case 'producer-ids-allocated':
      return { kind, brokerId: fields.whole(), end: fields.whole() }
    case 'broker-registered':
      return {
        kind,
        brokerId: fields.whole(),
        incarnation: fields.uuid(),
        epoch: fields.whole(),
        rack: fields.textOrNull(),
        endpoints: fields.list(([listener, host, port]) => ({
          listener: asText(listener),
          host: asText(host),
          port: asWhole(port),
        })),
      }
    default:
      throw new MetadataRecordError(`the record is of the kind ${kind}, which this release does not know`)
  }
}

function unpacked(value: Buffer): unknown[] {
  try {
    return asArray(packr.unpack(value))
  } catch (error) {
    if (error instanceof MetadataRecordError) throw error
    throw new MetadataRecordError(`the record is not MessagePack: ${String(error)}`)
  }
}

/** The fields of one record, taken in order. */
class Fields {
  readonly #fields: readonly unknown[]
  #next = 0

  constructor(fields: readonly unknown[]) {
    this.#fields = fields
  }

  text(): string {
    return asText(this.#take())
  }

  textOrNull(): string | null {
    const field = this.#take()
    return field === null ? null : asText(field)
  }

  whole(): number {
    return asWhole(this.#take())
  }

  flag(): boolean {
    const field = this.#take()
    if (typeof field !== 'boolean') throw new MetadataRecordError('a field is not true or false')
    return field
  }

  uuid(): Uuid {
    const id = uuidFromString(this.text())
    if (id === null) throw new MetadataRecordError('a field is not an id')
    return id
  }

  assignment(): Assignment {
    return asArray(this.#take()).map((replicas) => asArray(replicas).map(asWhole))
  }

  list<Element>(element: (fields: unknown[]) => Element): Element[] {
    return asArray(this.#take()).map((fields) => element(asArray(fields)))
  }

  #take(): unknown {
    return this.#fields[this.#next++]
  }
}

function asArray(field: unknown): unknown[] {
  if (!Array.isArray(field)) throw new MetadataRecordError('a field is not a list')
  return field
}

function asText(field: unknown): string {
  if (typeof field !== 'string') throw new MetadataRecordError('a field is not a text')
  return field
}

function asWhole(field: unknown): number {
  if (typeof field !== 'number' || !Number.isSafeInteger(field))
    throw new MetadataRecordError('a field is not a whole number')
  return field
}

function asResource(field: string): ConfigResource {
  const resource = CONFIG_RESOURCES.find((name) => name === field)
  if (resource !== undefined) return resource
  throw new MetadataRecordError(`configs of the unknown resource ${field} are changed`)
}
