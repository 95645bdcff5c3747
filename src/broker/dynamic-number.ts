import { assert } from '../base/assert.ts'
import { parseOption } from '../base/options.ts'
import type { MetadataNode } from './metadata/metadata-node.ts'
import {
  type DynamicBrokerConfigs,
  explainBrokerOption,
  NO_DYNAMIC_CONFIGS,
} from './options/explained-option.ts'
import {
  type BrokerOptionName,
  type BrokerOptions,
  type BrokerOptionValues,
  brokerOptions,
} from './options.ts'

type NumberOption = {
  [Name in BrokerOptionName]: BrokerOptionValues[Name] extends number ? Name : never
}[BrokerOptionName]

/** A number that may be changed while the broker runs, as it is at each call. */
export const dynamicNumber: (
  name: NumberOption,
  options: BrokerOptions,
  metadata: MetadataNode,
) => () => number = dynamicOption

/** The value of an option that may be changed while the broker runs, as it is at each call. */
export function dynamicOption<Name extends BrokerOptionName>(
  name: Name,
  options: BrokerOptions,
  metadata: MetadataNode,
): () => BrokerOptionValues[Name] {
  let known: DynamicBrokerConfigs = NO_DYNAMIC_CONFIGS
  let value = options.get(name)
  return () => {
    const dynamic = metadata.image.dynamicConfigs
    if (dynamic.broker === known.broker && dynamic.cluster === known.cluster) return value
    const text = explainBrokerOption(name, options, dynamic).value ?? ''
    const parsed = parseOption(name, brokerOptions[name], text)
    assert('value' in parsed, `${name} was checked when it was set`)
    known = dynamic
    value = parsed.value as BrokerOptionValues[Name]
    return value
  }
}
