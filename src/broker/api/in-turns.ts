import type { Turn } from '../../base/turn.ts'

/** From so many on what is made of the results, an answer that is written in one go, has a turn of its own. */
const LARGE_RESULTS_MIN = 5000

/** What `map` makes of each item, in their order; between two items others are served. */
export async function mapInTurns<Item, Result>(
  turn: Turn,
  items: Iterable<Item>,
  map: (item: Item) => Result,
): Promise<Result[]> {
  const results: Result[] = []
  for (const item of items) {
    results.push(map(item))
    if (turn.isOver) await turn.next()
  }
  if (results.length >= LARGE_RESULTS_MIN) await turn.next()
  return results
}

/** Each topic once, with each of its partitions once, in the order in which a request names them first. */
export async function namedOnce<Topic>(
  turn: Turn,
  topics: readonly Topic[],
  nameOf: (topic: Topic) => string,
  partitionsOf: (topic: Topic) => readonly number[],
): Promise<Map<string, Set<number>>> {
  const named = new Map<string, Set<number>>()
  for (const topic of topics) {
    const name = nameOf(topic)
    const indexes = named.get(name) ?? new Set()
    named.set(name, indexes)
    for (const index of partitionsOf(topic)) indexes.add(index)
    if (turn.isOver) await turn.next()
  }
  return named
}

/** Names that are sorted at once. */
const RUN_NAMES = 2048

/** The names from `from` on in their order, as far as they are asked for. */
export async function* inOrder(turn: Turn, names: Iterable<string>, from: string): AsyncGenerator<string> {
  const runs: string[][] = []
  let run: string[] = []
  const endRun = (): void => {
    // The first of a run is its last element, to be taken off.
    if (run.length > 0) runs.push(run.sort().reverse())
    run = []
  }
  for (const name of names) {
    if (name < from) continue
    if (run.push(name) === RUN_NAMES) endRun()
    if (turn.isOver) await turn.next()
  }
  endRun()
  for (;;) {
    let first: string[] | undefined
    for (const other of runs)
      if (other.length > 0 && (first === undefined || other.at(-1)! < first.at(-1)!)) first = other
    if (first === undefined) return
    yield first.pop()!
    if (turn.isOver) await turn.next()
  }
}
