import type { ResponseOf } from '../../../protocol/api.ts'
import { type AdvertisedApi, API_TABLE, type ApiName } from '../../../protocol/api.ts'

/** A protocol that clients speak if the whole cluster does (KIP-584). It is in force wherever its APIs are served. */
interface Feature {
  readonly name: string
  readonly minVersion: number
  readonly maxVersion: number
  readonly apis: readonly ApiName[]
}

/** transaction.version 2: an epoch for each transaction, partitions are added by writing to them (KIP-890, G8). */
const FEATURES: readonly Feature[] = [
  {
    name: 'transaction.version',
    minVersion: 0,
    maxVersion: 2,
    apis: ['AddPartitionsToTxn', 'EndTxn', 'Produce', 'TxnOffsetCommit'],
  },
]

/** Up to this version of ApiVersions clients can't read a supported version of 0 (KAFKA-17011). */
const NO_ZERO_UP_TO = 3
const NO_FEATURES_EPOCH = -1
/** Features come with the program: there is one set of them in the life of a broker. */
const FEATURES_EPOCH = 0

type FeatureFields = Pick<
  ResponseOf<'ApiVersions'>,
  'supportedFeatures' | 'finalizedFeatures' | 'finalizedFeaturesEpoch'
>

/** What an ApiVersions answer of this version says of features, where these APIs are served (A3). */
export function featuresOf(served: readonly AdvertisedApi[], apiVersion: number): FeatureFields {
  const keys = new Set(served.map(({ apiKey }) => apiKey))
  const features = FEATURES.filter(({ apis }) => apis.every((name) => keys.has(API_TABLE[name].key)))
  const supported = features.filter(({ minVersion }) => minVersion > 0 || apiVersion > NO_ZERO_UP_TO)
  return {
    supportedFeatures: supported.map(({ name, minVersion, maxVersion }) => ({
      name,
      minVersion,
      maxVersion,
    })),
    finalizedFeatures: features.map(({ name, maxVersion }) => ({
      name,
      maxVersionLevel: maxVersion,
      minVersionLevel: maxVersion,
    })),
    finalizedFeaturesEpoch: features.length === 0 ? NO_FEATURES_EPOCH : FEATURES_EPOCH,
  }
}
