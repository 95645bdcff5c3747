import type { LogHooks } from '../../storage/log.ts'
import { ProducerStates } from '../../storage/producer-state.ts'

/** A partition's producers, and how its log keeps them over a restart: snapshots, and the batches behind the newest. */
export function producerHooks(): { readonly producers: ProducerStates; readonly hooks: LogHooks } {
  const producers = new ProducerStates()
  const hooks: LogHooks = {
    restore(snapshot, offset, turn) {
      if (snapshot !== null) return producers.load(snapshot, offset, turn).then((fault) => fault === null)
      producers.clear()
      return true
    },
    visit(buffer, position) {
      const completed = producers.append(buffer, position)
      return completed?.isAborted ? completed : null
    },
    takeSnapshot() {
      return producers.take()
    },
  }
  return { producers, hooks }
}
