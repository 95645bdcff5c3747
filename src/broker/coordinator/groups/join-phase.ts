/**
 * When the join phase of a rebalance ends. Everybody who may join has joined, or the deadline passes: that is the
 * protocol. Between the two stands a pause that lets joins which follow each other complete together:
 *
 * With a configured delay (`group.initial.rebalance.delay.ms`, KIP-134) an empty group waits that long, and as long
 * again whenever somebody joined meanwhile, up to the largest rebalance timeout. Other rebalances do not pause.
 *
 * Without one the rule is adaptive. The first member of an empty group is answered at once; only members that were
 * just given their id are waited for, PENDING_GRACE_MS. A group *churns* when a newcomer begins a rebalance less
 * than CALM_MS after the generation before began: then the phase does not end until no newcomer came for a quiet
 * time of QUIET_MS, doubled with each churning rebalance in a row up to QUIET_MS_MAX, and never longer than
 * HOLD_MS_MAX after it began. A newcomer to a calm group, a leave, an expiry and a changed subscription pause for
 * nobody. A group that becomes empty is calm again.
 */
export interface JoinPhase {
  /** The group was empty when it began. */
  readonly initial: boolean
  readonly startedMs: number
  /** Complete no earlier, even with everybody there. Monotonic, ms. */
  readonly holdUntilMs: number
  /** Complete then, whoever is missing. Monotonic, ms. */
  readonly deadlineMs: number
  /** Somebody joined since the hold was set. */
  readonly newcomer: boolean
  /** What is left of the rebalance timeout for extending a configured delay, ms. */
  readonly extensionMs: number
}

/** How restless a group has been: kept over its rebalances, forgotten when it becomes empty. */
export interface Churn {
  /** Monotonic, ms, of the last generation's begin; null: none since the group was empty. */
  readonly generationMs: number | null
  /** Churning rebalances in a row. */
  readonly level: number
}

export const CALM: Churn = { generationMs: null, level: 0 }

const CALM_MS = 3_000
const QUIET_MS = 100
const QUIET_MS_MAX = 1_600
const HOLD_MS_MAX = 3_000
const PENDING_GRACE_MS = 250

/** The churn with which a rebalance begins. */
export function churnAtBegin(churn: Churn, byNewcomer: boolean, nowMs: number): Churn {
  if (churn.generationMs === null || nowMs - churn.generationMs >= CALM_MS)
    return { generationMs: churn.generationMs, level: 0 }
  return byNewcomer ? { generationMs: churn.generationMs, level: churn.level + 1 } : churn
}

/** Begins a join phase. `delayMs` null: adaptive. `rebalanceTimeoutMs`: the largest of the members. */
export function beginJoinPhase(
  initial: boolean,
  byNewcomer: boolean,
  delayMs: number | null,
  rebalanceTimeoutMs: number,
  churn: Churn,
  nowMs: number,
): JoinPhase {
  if (initial && delayMs !== null) {
    return {
      initial,
      startedMs: nowMs,
      holdUntilMs: nowMs + delayMs,
      deadlineMs: nowMs + delayMs,
      newcomer: false,
      extensionMs: Math.max(rebalanceTimeoutMs - delayMs, 0),
    }
  }
  const holdMs = byNewcomer && delayMs === null ? quietMs(churn) : 0
  return {
    initial,
    startedMs: nowMs,
    holdUntilMs: nowMs + holdMs,
    deadlineMs: nowMs + (initial ? PENDING_GRACE_MS : Math.max(rebalanceTimeoutMs, holdMs)),
    newcomer: false,
    extensionMs: 0,
  }
}

/** The phase after one more newcomer came into it. */
export function withNewcomer(
  phase: JoinPhase,
  delayMs: number | null,
  churn: Churn,
  nowMs: number,
): JoinPhase {
  if (delayMs !== null) return { ...phase, newcomer: true }
  const quietUntilMs = Math.min(nowMs + quietMs(churn), phase.startedMs + HOLD_MS_MAX)
  const holdUntilMs = Math.max(phase.holdUntilMs, quietUntilMs)
  return { ...phase, newcomer: true, holdUntilMs, deadlineMs: Math.max(phase.deadlineMs, holdUntilMs) }
}

/** Whether the phase is over. */
export function isJoinPhaseOver(phase: JoinPhase, everybodyJoined: boolean, nowMs: number): boolean {
  return nowMs >= phase.deadlineMs || (everybodyJoined && nowMs >= phase.holdUntilMs)
}

/** When to look again, monotonic ms. */
export function joinPhaseDueMs(phase: JoinPhase, everybodyJoined: boolean): number {
  return everybodyJoined ? Math.min(phase.holdUntilMs, phase.deadlineMs) : phase.deadlineMs
}

/** A configured delay that has run out and is extended because somebody joined meanwhile; null: it is not. */
export function extendedJoinPhase(phase: JoinPhase, delayMs: number | null, nowMs: number): JoinPhase | null {
  if (!phase.initial || delayMs === null || !phase.newcomer || phase.extensionMs === 0) return null
  const moreMs = Math.min(delayMs, phase.extensionMs)
  return {
    ...phase,
    holdUntilMs: nowMs + moreMs,
    deadlineMs: nowMs + moreMs,
    newcomer: false,
    extensionMs: phase.extensionMs - moreMs,
  }
}

function quietMs(churn: Churn): number {
  return churn.level === 0 ? 0 : Math.min(QUIET_MS * 2 ** (churn.level - 1), QUIET_MS_MAX)
}
