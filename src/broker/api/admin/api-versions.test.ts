import { describe, expect, it } from 'vitest'
import { servedApis } from '../../../protocol/api.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import { featuresOf } from './features.ts'
import { AdminRig } from './test-kit.ts'

const software = { clientSoftwareName: 'a.client-1', clientSoftwareVersion: '1.2.3' }

describe('ApiVersions', () => {
  it('A13: advertises exactly what is served, at every version', async () => {
    const rig = await AdminRig.start()
    for (let version = 0; version <= 4; version++) {
      const { errorCode, apiKeys } = await rig.ask('ApiVersions', version, software)
      expect(errorCode).toBe(0)
      expect(apiKeys.map(({ apiKey }) => apiKey)).toEqual([0, 1, 3, 18])
    }
  })

  it('A4: advertises Produce from version 0', async () => {
    const rig = await AdminRig.start()
    const { apiKeys } = await rig.ask('ApiVersions', 0, software)
    expect(apiKeys.find(({ apiKey }) => apiKey === 0)).toEqual({ apiKey: 0, minVersion: 0, maxVersion: 13 })
  })

  it('A3: advertises no feature whose APIs are not served', async () => {
    const rig = await AdminRig.start()
    expect(await rig.ask('ApiVersions', 3, software)).toMatchObject({
      supportedFeatures: [],
      finalizedFeatures: [],
      finalizedFeaturesEpoch: -1,
      zkMigrationReady: false,
    })
  })

  it('A3: G8: says transaction.version 2 where transactions are served, to old clients only as finalized', () => {
    const { advertised } = servedApis(['Produce', 'AddPartitionsToTxn', 'EndTxn', 'TxnOffsetCommit'])
    const finalizedFeatures = [{ name: 'transaction.version', maxVersionLevel: 2, minVersionLevel: 2 }]
    expect(featuresOf(advertised, 3)).toEqual({
      supportedFeatures: [],
      finalizedFeatures,
      finalizedFeaturesEpoch: 0,
    })
    expect(featuresOf(advertised, 4)).toMatchObject({
      supportedFeatures: [{ name: 'transaction.version', minVersion: 0, maxVersion: 2 }],
      finalizedFeatures,
    })
  })

  it('A11: refuses names and versions of client software that are none, from version 3', async () => {
    const rig = await AdminRig.start()
    for (const text of ['', '-a', 'a-', '.a', 'a b', 'ü', 'a\n', 'a'.repeat(1001)]) {
      const wrong = [
        { ...software, clientSoftwareName: text },
        { ...software, clientSoftwareVersion: text },
      ]
      for (const request of wrong)
        expect(await rig.ask('ApiVersions', 3, request), text).toMatchObject({
          errorCode: ERROR_CODES.INVALID_REQUEST,
          apiKeys: [],
        })
    }
    expect(rig.connection.clientSoftwareName).toBe('unknown')
  })

  it('remembers what the client said it is', async () => {
    const rig = await AdminRig.start()
    await rig.ask('ApiVersions', 4, software)
    expect(rig.connection).toMatchObject(software)
  })
})
