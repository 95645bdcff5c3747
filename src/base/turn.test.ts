import { expect, test } from 'vitest'
import { ManualEnvironment } from './environment.ts'
import { Turn } from './turn.ts'

test('a turn is over after some milliseconds, and a new one begins when others have been served', async () => {
  const environment = new ManualEnvironment()
  const turn = new Turn(environment)
  expect(turn.isOver).toBe(false)
  environment.advance(10)
  expect(turn.isOver).toBe(true)
  const next = turn.next()
  environment.advance(0)
  await next
  expect(turn.isOver).toBe(false)
})
