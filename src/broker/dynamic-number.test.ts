import { describe, expect, it } from 'vitest'
import { AdminRig } from './api/admin/test-kit.ts'
import { dynamicNumber } from './dynamic-number.ts'
import { BrokerOptions } from './options.ts'

async function set(rig: AdminRig, broker: string, value: string | null): Promise<void> {
  const operation = value === null ? 'delete' : 'set'
  await rig.metadata.submit({
    kind: 'alter-configs',
    alterations: [
      {
        resource: 'broker',
        name: broker,
        replace: false,
        changes: [{ name: 'producer.id.expiration.ms', operation, value }],
      },
    ],
    validateOnly: false,
  })
}

describe('a number that may be changed while the broker runs', () => {
  it('is what the broker has, else what all brokers have, else what it was started with', async () => {
    const settings = { 'producer.id.expiration.ms': '1000' }
    const rig = await AdminRig.start(settings)
    const current = dynamicNumber('producer.id.expiration.ms', BrokerOptions.from(settings), rig.metadata)
    expect(current()).toBe(1000)
    await set(rig, '', '2000')
    expect(current()).toBe(2000)
    await set(rig, '1', '3000')
    expect(current()).toBe(3000)
    await set(rig, '', null)
    expect(current()).toBe(3000)
    await set(rig, '1', null)
    expect(current()).toBe(1000)
  })
})
