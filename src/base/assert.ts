/** A broken invariant of ours: never a client's or the world's doing. The process stops on it. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError'
}

/** Stops on what must be true whatever a client sends or a disk does. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionError(message)
}

/** Marks the place that no value of a literal union can reach. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable: ${String(value)}`)
}
