import type { LogHooks } from '../../storage/log.ts'
import { readProducerSnapshot, writeProducerSnapshot } from '../../storage/producer-snapshot.ts'
import { ProducerStates } from '../../storage/producer-state.ts'

/** A partition's producers, and how its log keeps them over a restart: snapshots, and the batches behind the newest. */
export function producerHooks(): { readonly producers: ProducerStates; readonly hooks: LogHooks } {
  const producers = new ProducerStates()
  const hooks: LogHooks = {
    restore(snapshot) {
      producers.clear()
      if (snapshot === null) return true
      const entries = readProducerSnapshot(snapshot)
      if ('fault' in entries) return false
      producers.load(entries)
      return true
    },
    visit(buffer, position) {
      const completed = producers.append(buffer, position)
      return completed?.isAborted ? completed : null
    },
    takeSnapshot() {
      return writeProducerSnapshot(producers.kept())
    },
  }
  return { producers, hooks }
}
