import { describe, expect, test } from 'vitest'
import {
  beginJoinPhase,
  CALM,
  churnAtBegin,
  extendedJoinPhase,
  isJoinPhaseOver,
  joinPhaseDueMs,
  withNewcomer,
} from './join-phase.ts'

describe('the adaptive rule', () => {
  test('the first member of an empty group is not kept waiting', () => {
    const phase = beginJoinPhase(true, true, null, 60_000, CALM, 1_000)
    expect(isJoinPhaseOver(phase, true, 1_000)).toBe(true)
  })

  test('somebody who was just given an id is waited for, a quarter of a second', () => {
    const phase = beginJoinPhase(true, true, null, 60_000, CALM, 1_000)
    expect(isJoinPhaseOver(phase, false, 1_249)).toBe(false)
    expect(isJoinPhaseOver(phase, false, 1_250)).toBe(true)
  })

  test('a newcomer to a calm group is not kept waiting once everybody is there', () => {
    const churn = churnAtBegin({ generationMs: 1_000, level: 3 }, true, 4_000)
    expect(churn.level).toBe(0)
    const phase = beginJoinPhase(false, true, null, 60_000, churn, 4_000)
    expect(isJoinPhaseOver(phase, true, 4_000)).toBe(true)
    expect(isJoinPhaseOver(phase, false, 63_999)).toBe(false)
    expect(isJoinPhaseOver(phase, false, 64_000)).toBe(true)
  })

  test('each newcomer in a row doubles the quiet that is waited for, up to a bound', () => {
    let churn = { ...CALM, generationMs: 0 }
    const waits: number[] = []
    for (let round = 0; round < 7; round++) {
      churn = { ...churnAtBegin(churn, true, 10), generationMs: 0 }
      waits.push(joinPhaseDueMs(beginJoinPhase(false, true, null, 60_000, churn, 10), true) - 10)
    }
    expect(waits).toEqual([100, 200, 400, 800, 1_600, 1_600, 1_600])
  })

  test('the quiet starts again with every newcomer, but not for more than three seconds in all', () => {
    const churn = { generationMs: 0, level: 4 }
    let phase = beginJoinPhase(false, true, null, 60_000, churn, 100)
    let nowMs = 100
    while (!isJoinPhaseOver(phase, true, nowMs)) {
      nowMs += 50
      phase = withNewcomer(phase, null, churn, nowMs)
    }
    expect(nowMs).toBe(3_100)
  })

  test('a rebalance that no newcomer began does not pause, however restless the group is', () => {
    const churn = churnAtBegin({ generationMs: 0, level: 4 }, false, 10)
    expect(isJoinPhaseOver(beginJoinPhase(false, false, null, 60_000, churn, 10), true, 10)).toBe(true)
  })
})

describe('the configured delay', () => {
  test('an empty group waits for it, whoever is there, and no longer', () => {
    const phase = beginJoinPhase(true, true, 3_000, 10_000, CALM, 0)
    expect(isJoinPhaseOver(phase, true, 2_999)).toBe(false)
    expect(isJoinPhaseOver(phase, false, 3_000)).toBe(true)
    expect(extendedJoinPhase(phase, 3_000, 3_000)).toBeNull()
  })

  test('it is extended while newcomers come and the rebalance timeout lasts', () => {
    let phase = beginJoinPhase(true, true, 3_000, 10_000, CALM, 0)
    const ends: number[] = []
    for (;;) {
      phase = withNewcomer(phase, 3_000, CALM, phase.deadlineMs - 1)
      const extended = extendedJoinPhase(phase, 3_000, phase.deadlineMs)
      if (extended === null) break
      phase = extended
      ends.push(phase.deadlineMs)
    }
    expect(ends).toEqual([6_000, 9_000, 10_000])
  })

  test('it leaves rebalances of a group that has members alone', () => {
    const phase = beginJoinPhase(false, true, 3_000, 10_000, { generationMs: 0, level: 5 }, 10)
    expect(isJoinPhaseOver(withNewcomer(phase, 3_000, CALM, 20), true, 20)).toBe(true)
  })
})
