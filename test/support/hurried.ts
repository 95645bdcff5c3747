import { type Environment, ManualEnvironment } from '../../src/base/environment.ts'

/** An environment in which every turn of the event loop is over when somebody looks. Counts the turns that followed. */
export function hurriedEnvironment(
  betweenTurns: () => void = () => {},
): Environment & { readonly turns: number } {
  const manual = new ManualEnvironment()
  let turns = 0
  let nowMs = 0
  return {
    get turns() {
      return turns
    },
    wallMs: () => manual.wallMs(),
    monotonicMs: () => {
      nowMs += 100
      return nowMs
    },
    setTimer(_delayMs, callback) {
      turns++
      queueMicrotask(() => {
        betweenTurns()
        callback()
      })
      return { cancel: () => {} }
    },
    randomBytes: (count) => manual.randomBytes(count),
    random: () => manual.random(),
  }
}
