import type { Timer } from '../src/base/environment.ts'
import type { Obstacles } from '../src/client/obstacles.ts'
import type { Io } from './io.ts'

const LOOK_MS = 250
/** What is over sooner is not worth a word: a leader may have moved. */
const SILENT_MS = 1_500

/**
 * Tells what a command waits for while it waits: each thing once, within two seconds, and once that it goes on. Returns how to
 * end that.
 */
export function tellObstacles(io: Io, json: boolean, obstacles: Obstacles): () => void {
  const { environment } = io
  const told = new Set<string>()
  let isTold = false
  let timer: Timer | null = null
  const say = (text: string): void => io.note(json ? JSON.stringify({ waiting: text }) : `waiting: ${text}`)
  const look = (): void => {
    const obstacle = obstacles.oldest
    if (obstacle === null && isTold) {
      isTold = false
      told.clear()
      io.note(json ? JSON.stringify({ waiting: null }) : 'going on')
    } else if (obstacle !== null && environment.monotonicMs() - obstacle.sinceMs >= SILENT_MS) {
      isTold = true
      if (!told.has(obstacle.text)) say(obstacle.text)
      told.add(obstacle.text)
    }
    timer = environment.setTimer(LOOK_MS, look)
  }
  timer = environment.setTimer(LOOK_MS, look)
  return () => timer?.cancel()
}
