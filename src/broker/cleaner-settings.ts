import {
  type DynamicBrokerConfigs,
  explainBrokerOption,
  type StaticSettings,
} from './options/explained-option.ts'
import type { CompactorSettings } from './partition/compactor.ts'

/** Kafka's default is for a heap of its size; with less, a log of very many keys takes more passes. */
const KEY_BYTES_DEFAULT = 16 * 1024 * 1024
const BACKOFF_MS_MIN = 100
const BYTES_PER_SECOND_MIN = 1024

/** How logs are compacted, by the configs of the broker as they now are. */
export function cleanerSettingsOf(options: StaticSettings, dynamic: DynamicBrokerConfigs): CompactorSettings {
  const explained = (name: string) => explainBrokerOption(name, options, dynamic)
  const keyBytes = explained('log.cleaner.dedupe.buffer.size')
  return {
    backoffMs: Math.max(BACKOFF_MS_MIN, Number(explained('log.cleaner.backoff.ms').value)),
    keyBytesMax: keyBytes.source === 'default' ? KEY_BYTES_DEFAULT : Number(keyBytes.value),
    bytesPerSecondMax: Math.max(
      BYTES_PER_SECOND_MIN,
      Number(explained('log.cleaner.io.max.bytes.per.second').value),
    ),
  }
}
