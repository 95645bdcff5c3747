import { Packr } from 'msgpackr'
import { describe, expect, it } from 'vitest'
import fc from '../../../test/support/property.ts'
import { type Uuid, uuidFromBytes } from '../../base/uuid.ts'
import { type MetadataEvent, MetadataRecordError, metadataEventCodec } from './metadata-event.ts'

const id = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes): Uuid => uuidFromBytes(Buffer.from(bytes), 0))
const whole = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const assignment = fc.array(fc.array(fc.nat({ max: 2 ** 31 - 1 }), { minLength: 1, maxLength: 3 }), {
  maxLength: 9,
})

const events: fc.Arbitrary<MetadataEvent> = fc.oneof(
  fc.record({
    kind: fc.constant('topic-created' as const),
    name: fc.string(),
    id,
    internal: fc.boolean(),
    assignment,
    configs: fc.array(fc.tuple(fc.string(), fc.string())),
  }),
  fc.record({ kind: fc.constant('topic-deleted' as const), id }),
  fc.record({ kind: fc.constant('partitions-added' as const), id, from: whole, assignment }),
  fc.record({
    kind: fc.constant('configs-changed' as const),
    resource: fc.constantFrom('topic' as const, 'broker' as const, 'group' as const),
    name: fc.string(),
    changes: fc.array(fc.tuple(fc.string(), fc.option(fc.string()))),
  }),
  fc.record({ kind: fc.constant('producer-ids-allocated' as const), brokerId: whole, end: whole }),
  fc.record({
    kind: fc.constant('broker-registered' as const),
    brokerId: whole,
    incarnation: id,
    epoch: whole,
    rack: fc.option(fc.string()),
    endpoints: fc.array(
      fc.record({ listener: fc.string(), host: fc.string(), port: fc.nat({ max: 65535 }) }),
    ),
  }),
)

const packr = new Packr({ useRecords: false })

describe('metadata records', () => {
  it('hold every event as it was', () => {
    fc.assert(
      fc.property(events, (event) => {
        const { key, value } = metadataEventCodec.encode(event)
        expect(metadataEventCodec.decode(key, value)).toEqual(event)
      }),
    )
  })

  it('begin with their version', () => {
    const { value } = metadataEventCodec.encode({ kind: 'producer-ids-allocated', brokerId: 1, end: 1000 })
    expect(packr.unpack(value!)).toEqual([1, 'producer-ids-allocated', 1, 1000])
  })

  it('are not skipped when a newer release wrote them', () => {
    for (const record of [[2, 'topic-deleted'], [1, 'topic-renamed', 'a'], []])
      expect(() => metadataEventCodec.decode(null, packr.pack(record))).toThrow(MetadataRecordError)
  })

  it('are read or refused by name, whatever their bytes are', () => {
    fc.assert(
      fc.property(events, fc.nat(), fc.integer({ min: 1, max: 255 }), (event, place, flip) => {
        const value = Buffer.from(metadataEventCodec.encode(event).value!)
        value[place % value.length]! ^= flip
        try {
          metadataEventCodec.decode(null, value)
        } catch (error) {
          expect(error).toBeInstanceOf(MetadataRecordError)
        }
      }),
    )
    expect(() => metadataEventCodec.decode(null, null)).toThrow(MetadataRecordError)
  })
})
