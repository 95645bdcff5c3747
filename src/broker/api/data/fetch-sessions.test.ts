import { describe, expect, it } from 'vitest'
import { ManualEnvironment } from '../../../base/environment.ts'
import { ZERO_UUID } from '../../../base/uuid.ts'
import type { RequestOf } from '../../../protocol/api.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import {
  defaultFetchRequest,
  defaultFetchRequestTopicPartition,
} from '../../../protocol/generated/produce-fetch.ts'
import { type FetchPlan, FetchSessions } from './fetch-sessions.ts'

type Request = RequestOf<'Fetch'>

function request(
  sessionId: number,
  sessionEpoch: number,
  partitions: number[],
  forgotten: number[] = [],
): Request {
  const topic = { topic: 't', topicId: ZERO_UUID }
  return {
    ...defaultFetchRequest(),
    sessionId,
    sessionEpoch,
    topics: [
      {
        ...topic,
        partitions: partitions.map((partition) => ({ ...defaultFetchRequestTopicPartition(), partition })),
      },
    ],
    forgottenTopicsData: forgotten.length > 0 ? [{ ...topic, partitions: forgotten }] : [],
  }
}

type Planned = Extract<FetchPlan, { targets: unknown }>

function planned(plan: FetchPlan): Planned {
  if (plan.errorCode !== 0) throw new Error(`refused with ${plan.errorCode}`)
  return plan as Planned
}

function indexes(plan: FetchPlan): number[] {
  return [...planned(plan).targets.values()].map((target) => target.index)
}

describe('FetchSessions', () => {
  it('E8: epoch -1 is a full fetch outside any session', () => {
    const sessions = new FetchSessions(new ManualEnvironment())
    const plan = planned(sessions.plan(request(0, -1, [0, 1]), 11))
    expect(plan.session).toBeNull()
    expect(plan.incremental).toBe(false)
    expect(sessions.count).toBe(0)
  })

  it('E8: epoch 0 opens a session, whose partitions are then kept, added and forgotten', () => {
    const sessions = new FetchSessions(new ManualEnvironment())
    const { session } = planned(sessions.plan(request(0, 0, [0, 1]), 11))
    expect(session!.id).toBeGreaterThan(0)
    const next = sessions.plan(request(session!.id, 1, [2], [0]), 11)
    expect(planned(next).incremental).toBe(true)
    expect(indexes(next)).toEqual([1, 2])
  })

  it('E8: an unknown session is 70, a wrong epoch 71, names where ids were 106', () => {
    const sessions = new FetchSessions(new ManualEnvironment())
    const { session } = planned(sessions.plan(request(0, 0, [0]), 12))
    expect(sessions.plan(request(session!.id + 1, 1, []), 12).errorCode).toBe(
      ERROR_CODES.FETCH_SESSION_ID_NOT_FOUND,
    )
    expect(sessions.plan(request(session!.id, 5, []), 12).errorCode).toBe(
      ERROR_CODES.INVALID_FETCH_SESSION_EPOCH,
    )
    expect(sessions.plan(request(session!.id, 1, []), 13).errorCode).toBe(
      ERROR_CODES.FETCH_SESSION_TOPIC_ID_ERROR,
    )
  })

  it('E8: the epoch wraps to 1', () => {
    const sessions = new FetchSessions(new ManualEnvironment())
    const { session } = planned(sessions.plan(request(0, 0, [0]), 11))
    session!.epoch = 0x7fffffff
    expect(sessions.plan(request(session!.id, 0x7fffffff, []), 11).errorCode).toBe(0)
    expect(session!.epoch).toBe(1)
  })

  it('E8: without a slot there is no session, and an idle one makes room', () => {
    const environment = new ManualEnvironment()
    const sessions = new FetchSessions(environment, 1, 120_000)
    const first = planned(sessions.plan(request(0, 0, [0]), 11)).session!
    expect(planned(sessions.plan(request(0, 0, [0]), 11)).session).toBeNull()
    environment.advance(120_000)
    expect(planned(sessions.plan(request(0, 0, [0]), 11)).session).not.toBeNull()
    expect(sessions.plan(request(first.id, 1, []), 11).errorCode).toBe(ERROR_CODES.FETCH_SESSION_ID_NOT_FOUND)
  })

  it('ends a session that has no partitions left', () => {
    const sessions = new FetchSessions(new ManualEnvironment())
    const { session } = planned(sessions.plan(request(0, 0, [0]), 11))
    expect(planned(sessions.plan(request(session!.id, 1, [], [0]), 11)).session).toBeNull()
    expect(sessions.count).toBe(0)
  })

  it('serves a partition that gave records behind those that did not', () => {
    const sessions = new FetchSessions(new ManualEnvironment())
    const { session, targets } = planned(sessions.plan(request(0, 0, [0, 1, 2]), 11))
    FetchSessions.served(session!, [...targets.values()][0]!)
    expect(indexes(sessions.plan(request(session!.id, 1, []), 11))).toEqual([1, 2, 0])
  })

  it('sessions keep so much together: beyond it a fetch is answered outside any session', () => {
    const sessions = new FetchSessions(new ManualEnvironment(), 1000, 120_000, 4_000)
    expect(planned(sessions.plan(request(0, 0, [0, 1, 2, 3]), 11)).session).not.toBeNull()
    const keptBytes = sessions.keptBytes
    const beyond = planned(sessions.plan(request(0, 0, [0, 1, 2, 3, 4, 5, 6, 7]), 11))
    expect(beyond.session).toBeNull()
    expect(beyond.targets.size).toBe(8)
    expect(sessions.keptBytes).toBe(keptBytes)
  })

  it('a session that grows beyond that is ended, and what it kept is given back', () => {
    const sessions = new FetchSessions(new ManualEnvironment(), 1000, 120_000, 4_000)
    const { session } = planned(sessions.plan(request(0, 0, [0]), 11))
    const many = Array.from({ length: 20 }, (_, index) => index)
    const refused = sessions.plan(request(session!.id, 1, many), 11)
    expect(refused.errorCode).toBe(ERROR_CODES.FETCH_SESSION_ID_NOT_FOUND)
    expect([sessions.count, sessions.keptBytes]).toEqual([0, 0])
  })

  it('what is forgotten is given back, and the last partition takes the session with it', () => {
    const sessions = new FetchSessions(new ManualEnvironment())
    const { session } = planned(sessions.plan(request(0, 0, [0, 1]), 11))
    const bothBytes = sessions.keptBytes
    sessions.plan(request(session!.id, 1, [], [1]), 11)
    expect(sessions.keptBytes).toBeLessThan(bothBytes)
    sessions.plan(request(session!.id, 2, [], [0]), 11)
    expect([sessions.count, sessions.keptBytes]).toEqual([0, 0])
  })

  it('where they keep too much, those that were idle for long make room', () => {
    const environment = new ManualEnvironment()
    const sessions = new FetchSessions(environment, 1000, 120_000, 2_000)
    sessions.plan(request(0, 0, [0]), 11)
    sessions.plan(request(0, 0, [1]), 11)
    environment.advance(120_000)
    expect(planned(sessions.plan(request(0, 0, [0, 1, 2, 3]), 11)).session).not.toBeNull()
    expect(sessions.count).toBe(1)
  })
})
