import type { ManualEnvironment } from '../../src/base/environment.ts'

/**
 * Lets real I/O and a manual clock run together until `promise` is settled: the clock moves a little each time the
 * event loop has gone round.
 */
export async function advanceUntilSettled<T>(
  environment: ManualEnvironment,
  promise: Promise<T>,
  stepMs = 5,
): Promise<T> {
  let settled = false
  const mark = (): void => {
    settled = true
  }
  promise.then(mark, mark)
  while (!settled) {
    await new Promise((resolve) => setImmediate(resolve))
    if (!settled) environment.advance(stepMs)
  }
  return promise
}

/** Lets I/O go on, the clock standing still, until `condition` holds. */
export async function untilTrue(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}
