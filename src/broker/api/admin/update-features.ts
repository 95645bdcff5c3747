import type { RequestOf } from '../../../protocol/api.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import type { Handler } from '../../net/handler.ts'
import { featuresOf } from './features.ts'
import type { AdminPorts } from './ports.ts'
import { RESOURCES_NAMED_MAX } from './request-limits.ts'

/** Kafka's kinds of update. Version 0 had no more than a permission to lower. */
const UPDATE = { upgrade: 1, safeDowngrade: 2, unsafeDowngrade: 3 } as const
const KINDS_FROM = 1
/** Later answers have no results of their own for each feature (KIP-1022). */
const RESULTS_TO = 1

type FeatureUpdate = RequestOf<'UpdateFeatures'>['featureUpdates'][number]

/**
 * Features come with the program and are in force as long as it runs: an update to the level that is there is done, any
 * other is refused. One that is refused refuses them all.
 */
export function updateFeaturesHandler({ advertised }: AdminPorts): Handler<'UpdateFeatures'> {
  return ({ featureUpdates }, { apiVersion }) => {
    if (featureUpdates.length > RESOURCES_NAMED_MAX) {
      const errorMessage = `One request updates at most ${RESOURCES_NAMED_MAX} features`
      return { throttleTimeMs: 0, errorCode: ERROR_CODES.POLICY_VIOLATION, errorMessage, results: [] }
    }
    const { finalizedFeatures, supportedFeatures } = featuresOf(advertised(), Number.POSITIVE_INFINITY)
    for (const update of featureUpdates) {
      const { feature, maxVersionLevel } = update
      const level = finalizedFeatures.find(({ name }) => name === feature)?.maxVersionLevel
      const highest = supportedFeatures.find(({ name }) => name === feature)?.maxVersion
      const fault = faultOf(update, kindOf(update, apiVersion), level, highest)
      if (fault === null) continue
      const errorMessage = `No feature was updated: ${feature} cannot be set to ${maxVersionLevel}: ${fault}`
      return { throttleTimeMs: 0, errorCode: ERROR_CODES.INVALID_UPDATE_VERSION, errorMessage, results: [] }
    }
    const named = apiVersion <= RESULTS_TO ? featureUpdates : []
    const results = named.map(({ feature }) => ({ feature, errorCode: ERROR_CODES.NONE, errorMessage: null }))
    return { throttleTimeMs: 0, errorCode: ERROR_CODES.NONE, errorMessage: null, results }
  }
}

function kindOf({ upgradeType, allowDowngrade }: FeatureUpdate, apiVersion: number): number {
  if (apiVersion >= KINDS_FROM) return upgradeType
  return allowDowngrade ? UPDATE.safeDowngrade : UPDATE.upgrade
}

function faultOf(
  { maxVersionLevel }: FeatureUpdate,
  kind: number,
  level: number | undefined,
  highest: number | undefined,
): string | null {
  if (level === undefined || highest === undefined) return 'there is no such feature'
  if (kind < UPDATE.upgrade || kind > UPDATE.unsafeDowngrade) return `there is no kind of update ${kind}`
  if (maxVersionLevel < 0 || maxVersionLevel > highest) return `its levels are 0 to ${highest}`
  if (maxVersionLevel === level) return null
  return kind === UPDATE.upgrade
    ? `it is at ${level}, and an upgrade does not lower it`
    : `it is at ${level} as long as this release runs`
}
