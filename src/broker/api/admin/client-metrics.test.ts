import { describe, expect, it } from 'vitest'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import { MemoryMachineLog } from '../../coordinator/memory-machine-log.ts'
import { CLIENT_METRICS_MAX } from '../../metadata/metadata-machine.ts'
import { AdminRig } from './test-kit.ts'

const { NONE, INVALID_CONFIG, INVALID_REQUEST, POLICY_VIOLATION } = ERROR_CODES
const CLIENT_METRICS = 16
const [SET, DELETE] = [0, 1]
type Change = readonly [name: string, operation: number, value: string | null]

async function alter(rig: AdminRig, resourceName: string, ...changes: Change[]): Promise<number> {
  const configs = changes.map(([name, configOperation, value]) => ({ name, configOperation, value }))
  const resources = [{ resourceType: CLIENT_METRICS, resourceName, configs }]
  const answer = await rig.ask('IncrementalAlterConfigs', 1, { resources, validateOnly: false })
  return answer.responses[0]!.errorCode
}

async function described(rig: AdminRig, resourceName: string) {
  const { results } = await rig.ask('DescribeConfigs', 4, {
    resources: [{ resourceType: CLIENT_METRICS, resourceName, configurationKeys: null }],
    includeSynonyms: true,
    includeDocumentation: false,
  })
  const { errorCode, configs } = results[0]!
  return { errorCode, configs: configs.map((one) => [one.name, one.value, one.configSource, one.configType]) }
}

async function listed(rig: AdminRig, version: number): Promise<string[]> {
  const resourceTypes = version === 0 ? [] : [CLIENT_METRICS]
  const { configResources } = await rig.ask('ListConfigResources', version, { resourceTypes })
  return configResources.map(({ resourceName }) => resourceName)
}

describe('subscriptions to the metrics of clients', () => {
  it('are kept, told of and dropped, as in a Kafka where nobody pushes any', async () => {
    const rig = await AdminRig.start()
    const patterns = 'client_id=a.*,client_source_port=1'
    expect(await alter(rig, 'm', ['interval.ms', SET, '10000'], ['match', SET, patterns])).toBe(NONE)
    expect(await described(rig, 'm')).toEqual({
      errorCode: NONE,
      configs: [
        ['interval.ms', '10000', 7, 3],
        ['metrics', '', 5, 7],
        ['match', patterns, 7, 7],
      ],
    })
    expect([await listed(rig, 0), await listed(rig, 1)]).toEqual([['m'], ['m']])
    const { metadata } = await AdminRig.start({}, new MemoryMachineLog({ batches: rig.log.batches }))
    expect([...metadata.image.clientMetrics.keys()]).toEqual(['m'])
    expect(await alter(rig, 'm', ['interval.ms', DELETE, null], ['match', DELETE, null])).toBe(NONE)
    expect(await listed(rig, 1)).toEqual([])
  })

  it('have their defaults where there is none, without synonyms', async () => {
    const rig = await AdminRig.start()
    const { configs } = await described(rig, 'nope')
    expect(configs.map(([name, value, source]) => [name, value, source])).toEqual([
      ['interval.ms', '300000', 5],
      ['metrics', '', 5],
      ['match', '', 5],
    ])
    expect((await described(rig, '')).errorCode).toBe(INVALID_REQUEST)
  })

  it('are checked', async () => {
    const rig = await AdminRig.start()
    const set = (name: string, value: string | null) => alter(rig, 'm', [name, SET, value])
    for (const value of ['100', '3600000']) expect(await set('interval.ms', value)).toBe(NONE)
    for (const value of ['99', '3600001']) expect(await set('interval.ms', value)).toBe(INVALID_REQUEST)
    for (const value of ['x', '']) expect(await set('interval.ms', value)).toBe(INVALID_CONFIG)
    for (const value of ['', '*', 'org.apache.kafka.producer.,a'])
      expect(await set('metrics', value)).toBe(NONE)
    for (const value of ['', 'client_id=a, client_software_name=b.*'])
      expect(await set('match', value)).toBe(NONE)
    for (const value of ['a', 'nope=a', 'client_id', 'client_id=', '=a', 'client_id=['])
      expect(await set('match', value)).toBe(INVALID_CONFIG)
    expect(await set('nope', '1')).toBe(INVALID_REQUEST)
    expect(await set('interval.ms', null)).toBe(INVALID_REQUEST)
    expect(await alter(rig, 'm', ['nope', DELETE, null])).toBe(NONE)
    expect(await alter(rig, '', ['interval.ms', SET, '1000'])).toBe(INVALID_REQUEST)
  })

  it('are bounded in number', async () => {
    const rig = await AdminRig.start()
    for (let count = 0; count < CLIENT_METRICS_MAX; count++)
      await alter(rig, `m${count}`, ['metrics', SET, 'a'])
    expect(await alter(rig, 'one more', ['metrics', SET, 'a'])).toBe(POLICY_VIOLATION)
    expect(await alter(rig, 'm0', ['metrics', SET, 'b'])).toBe(NONE)
  })
})
