import { describe, expect, it } from 'vitest'
import fc from '../../../../test/support/property.ts'
import { TransactionRig } from './transaction-rig.ts'
import { EPOCH_MAX, isDecided } from './transitions.ts'

type Step =
  | { readonly kind: 'take-over' | 'go-on' | 'complete' | 'restart' }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'add'; readonly partition: number; readonly clientVersion: number }
  | {
      readonly kind: 'end'
      readonly isCommit: boolean
      readonly clientVersion: number
      readonly back: number
    }

const clientVersion = fc.constantFrom(0, 2)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('take-over', 'go-on', 'complete', 'complete', 'restart') }),
  fc.record({ kind: fc.constant('wait'), ms: fc.integer({ min: 1, max: 4000 }) }),
  fc.record({ kind: fc.constant('add'), partition: fc.nat(3), clientVersion }),
  fc.record({ kind: fc.constant('end'), isCommit: fc.boolean(), clientVersion, back: fc.nat(1) }),
)

/** What must hold whatever was asked: each decided transaction is to be completed, exactly once. */
function check(rig: TransactionRig): void {
  const record = rig.machine.records.get('t')
  if (record === undefined) return
  expect(rig.effects.length).toBe(isDecided(record) ? 1 : 0)
  expect(record.producerEpoch).toBeLessThanOrEqual(EPOCH_MAX + 1)
  if (record.state === 'Ongoing' || isDecided(record)) expect(record.startedMs).toBeGreaterThan(0)
  if (record.state === 'Ongoing') expect(record.partitions.length).toBeGreaterThan(0)
  if (record.state === 'Empty' || record.state.startsWith('Complete')) expect(record.partitions).toEqual([])
}

describe('whatever is asked of a transactional id', () => {
  it('epochs only grow, a commit is never told of an abort, and the log says it all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        let rig = await TransactionRig.start({ timeoutCheckMs: 1000 })
        let producer = { producerId: 1, producerEpoch: 0 }
        let epochBefore = -1
        for (const taken of steps) {
          switch (taken.kind) {
            case 'take-over':
            case 'go-on': {
              const asked = rig.init(taken.kind === 'go-on' ? producer : null, 5000)
              while (rig.effects.length > 0) await rig.complete()
              const { error, producerId, producerEpoch } = await asked
              if (error === 'NONE') producer = { producerId, producerEpoch }
              break
            }
            case 'complete':
              if (rig.effects.length > 0) await rig.complete()
              break
            case 'restart': {
              const { records } = rig.machine
              rig = await rig.restart({ timeoutCheckMs: 1000 })
              expect(rig.machine.records).toEqual(records)
              break
            }
            case 'wait':
              rig.environment.advance(taken.ms)
              break
            case 'add': {
              const partitions = [{ topic: 'a', partitions: [taken.partition] }]
              const asked = rig.add(producer, partitions, taken.clientVersion)
              if (rig.effects.length > 0) await rig.complete()
              await asked
              break
            }
            case 'end': {
              const epoch = Math.max(0, producer.producerEpoch - taken.back)
              const before = rig.machine.records.get('t')
              const ended = await rig.end(
                { ...producer, producerEpoch: epoch },
                taken.isCommit,
                taken.clientVersion,
              )
              if (ended.error !== 'NONE') break
              const { state } = rig.machine.records.get('t')!
              expect(state.endsWith(taken.isCommit ? 'Commit' : 'Abort')).toBe(true)
              if (taken.isCommit && before?.state !== 'Ongoing') expect(state).toBe('CompleteCommit')
              if (taken.clientVersion === 2) producer = { ...producer, producerEpoch: ended.producerEpoch }
            }
          }
          check(rig)
          const epoch = rig.machine.records.get('t')?.producerEpoch ?? -1
          expect(epoch).toBeGreaterThanOrEqual(epochBefore)
          epochBefore = epoch
        }
      }),
      { numRuns: 300 },
    )
  })
})
