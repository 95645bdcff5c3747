import type { Environment } from '../base/environment.ts'
import { ClientError } from './client-error.ts'

/** How long to go on trying, and how far apart the tries are. */
export interface RetryPolicy {
  /** From the first try on; when it has passed, the last error is thrown. */
  readonly timeoutMs: number
  readonly backoffMs: number
  readonly backoffMsMax: number
}

export const RETRY_POLICY: RetryPolicy = { timeoutMs: 30_000, backoffMs: 50, backoffMsMax: 1_000 }

/**
 * Calls `attempt` until it does not throw a retriable ClientError, or until the time is up. The wait doubles from try
 * to try and is spread over its upper half, so that many clients that fail together do not return together.
 */
export async function withRetries<T>(
  environment: Environment,
  policy: RetryPolicy,
  attempt: () => Promise<T>,
  stopped: () => boolean = () => false,
): Promise<T> {
  const deadlineMs = environment.monotonicMs() + policy.timeoutMs
  for (let tries = 0; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof ClientError) || !error.retriable || stopped()) throw error
      const waitMs = backoff(policy, tries, environment.random())
      if (environment.monotonicMs() + waitMs > deadlineMs) throw error
      await delay(environment, waitMs)
    }
  }
}

/** The wait before try number `tries` + 2, with `chance` in [0, 1). */
export function backoff(policy: RetryPolicy, tries: number, chance: number): number {
  const fullMs = Math.min(policy.backoffMsMax, policy.backoffMs * 2 ** Math.min(tries, 20))
  return fullMs * (0.5 + chance / 2)
}

/** Resolves after `delayMs`. */
export function delay(environment: Environment, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    environment.setTimer(delayMs, resolve)
  })
}
