import type { Turn } from '../base/turn.ts'

/** Logs that are opened, closed or brought to the disk side by side: as many as there are threads for files. */
const PARALLEL_COUNT = 16

/**
 * Does `work` with each of the items, some side by side; null is "nothing to be done", and costs no promise. Where there is
 * nothing to wait for, the event loop is given back now and then all the same. Rejects with the first failure, when what was begun may still be under way.
 */
export async function inParallel<T>(
  items: readonly T[],
  turn: Turn,
  work: (item: T) => Promise<void> | null,
): Promise<void> {
  let next = 0
  const workers = Array.from({ length: Math.min(PARALLEL_COUNT, items.length) }, async () => {
    while (next < items.length) {
      const working = work(items[next++]!)
      if (working !== null) await working
      if (turn.isOver) await turn.next()
    }
  })
  await Promise.all(workers)
}
