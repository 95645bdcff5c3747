import type { OptionValues } from '../../base/options.ts'
import { clusterOptions } from './cluster-options.ts'
import { coordinatorOptions } from './coordinator-options.ts'
import { generalOptions } from './general-options.ts'
import { httpOptions } from './http-options.ts'
import { logOptions } from './log-options.ts'
import { networkOptions } from './network-options.ts'
import { remoteOptions } from './remote-options.ts'
import { securityOptions } from './security-options.ts'

/** Everything a broker can be told, Kafka's names and our own. */
export const brokerOptions = {
  ...networkOptions,
  ...logOptions,
  ...generalOptions,
  ...coordinatorOptions,
  ...clusterOptions,
  ...remoteOptions,
  ...securityOptions,
  ...httpOptions,
}

export type BrokerOptionName = keyof typeof brokerOptions
export type BrokerOptionValues = OptionValues<typeof brokerOptions>

/** True for a name that the broker knows. */
export function isBrokerOption(name: string): name is BrokerOptionName {
  return Object.hasOwn(brokerOptions, name)
}
