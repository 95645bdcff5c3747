import { describe, expect, it } from 'vitest'
import { advanceUntilSettled } from '../../test/support/advance.ts'
import { ManualEnvironment } from '../base/environment.ts'
import { KafkaError, TimeoutError } from './client-error.ts'
import { backoff, withRetries } from './retry.ts'

const policy = { timeoutMs: 1_000, backoffMs: 100, backoffMsMax: 300 }

describe('backoff', () => {
  it('doubles up to its limit, and is spread over the upper half', () => {
    expect([0, 1, 2, 60].map((tries) => backoff(policy, tries, 0))).toEqual([50, 100, 150, 150])
    expect([0, 1, 2, 60].map((tries) => backoff(policy, tries, 1))).toEqual([100, 200, 300, 300])
  })
})

describe('retries', () => {
  it('go on while errors are retriable', async () => {
    const environment = new ManualEnvironment()
    let tries = 0
    const attempt = async (): Promise<number> => {
      if (++tries < 3) throw new KafkaError(6, 'write')
      return tries
    }
    expect(await advanceUntilSettled(environment, withRetries(environment, policy, attempt))).toBe(3)
    expect(environment.monotonicMs()).toBeGreaterThanOrEqual(150)
  })

  it('end with the last error when the time is over', async () => {
    const environment = new ManualEnvironment()
    let tries = 0
    const attempt = async (): Promise<never> => {
      throw new TimeoutError(`try ${++tries}`)
    }
    const error = await advanceUntilSettled(environment, withRetries(environment, policy, attempt)).catch(
      (e: unknown) => e,
    )
    expect(tries).toBeGreaterThan(3)
    expect(error).toEqual(new TimeoutError(`try ${tries}`))
    expect(environment.monotonicMs()).toBeLessThanOrEqual(1_010)
  })

  it.each([new KafkaError(36, 'create topic t'), new TypeError('a bug')])(
    'end at once on %s',
    async (failure) => {
      const environment = new ManualEnvironment()
      let tries = 0
      const attempt = async (): Promise<never> => {
        tries++
        throw failure
      }
      await expect(withRetries(environment, policy, attempt)).rejects.toBe(failure)
      expect(tries).toBe(1)
    },
  )

  it('end when the client is closed', async () => {
    const failure = new KafkaError(6, 'write')
    const attempt = (): Promise<never> => Promise.reject(failure)
    await expect(withRetries(new ManualEnvironment(), policy, attempt, () => true)).rejects.toBe(failure)
  })
})

describe('errors', () => {
  it('say what was tried, what the broker said and what to do', () => {
    expect(new KafkaError(40, 'change topic t', { brokerMessage: 'Unknown name x.' }).message).toBe(
      'cannot change topic t: Unknown name x (INVALID_CONFIG)',
    )
    expect(new KafkaError(56, 'write to t [0]').message).toBe(
      'cannot write to t [0]: the broker cannot write to its disk: look at the room on it, and at the broker’s log (KAFKA_STORAGE_ERROR)',
    )
    expect(new KafkaError(-1, 'write').message).toBe('cannot write: UNKNOWN_SERVER_ERROR [-1]')
  })

  it('say nothing twice', () => {
    const subject = { kind: 'topic', name: 't' } as const
    const details = { brokerMessage: 'Topic t already exists.', subject }
    const error = new KafkaError(36, 'create topic t', details)
    expect(error.message).toBe(
      'cannot create topic t: a topic of that name is there already: choose another name, or delete the topic first (TOPIC_ALREADY_EXISTS)',
    )
    const advising = error.advising('did you mean u?')
    expect(advising).toMatchObject({ name: 'TOPIC_ALREADY_EXISTS', code: 36, subject })
    expect(advising.message).toBe(
      'cannot create topic t: a topic of that name is there already: did you mean u? (TOPIC_ALREADY_EXISTS)',
    )
  })

  it('carry what callers go by', () => {
    expect(new KafkaError(6, 'write')).toMatchObject({
      name: 'NOT_LEADER_OR_FOLLOWER',
      code: 6,
      retriable: true,
    })
  })
})
