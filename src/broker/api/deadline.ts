import type { Environment } from '../../base/environment.ts'

/** What `work` comes to, or `otherwise` when that takes longer than `timeoutMs`. */
export function within<Result, Otherwise>(
  environment: Environment,
  timeoutMs: number,
  work: Promise<Result>,
  otherwise: Otherwise,
): Promise<Result | Otherwise> {
  return new Promise((resolve, reject) => {
    const timer = environment.setTimer(timeoutMs, () => resolve(otherwise))
    work.then(
      (result) => {
        timer.cancel()
        resolve(result)
      },
      (error: unknown) => {
        timer.cancel()
        reject(error)
      },
    )
  })
}
