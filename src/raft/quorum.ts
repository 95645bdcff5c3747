import { comparePositions, type LogPosition } from '../base/log-position.ts'

/** Who votes: one set, or two while a change from `old` to `current` is under way (joint consensus, Raft §6). */
export interface Voters {
  readonly current: readonly number[]
  readonly old: readonly number[] | null
}

/** Whether those for whom `agrees` holds are a majority of every set. An empty set never agrees. */
export function isQuorum(voters: Voters, agrees: (voter: number) => boolean): boolean {
  return isMajority(voters.current, agrees) && (voters.old === null || isMajority(voters.old, agrees))
}

function isMajority(set: readonly number[], agrees: (voter: number) => boolean): boolean {
  let count = 0
  for (const voter of set) if (agrees(voter)) count++
  return count * 2 > set.length
}

/**
 * The largest position that a quorum holds durably, or null where a majority has reported nothing. Of a joint
 * configuration it is the smaller of the two sets' answers.
 */
export function quorumPosition(
  voters: Voters,
  durableOf: (voter: number) => LogPosition | undefined,
): LogPosition | null {
  const current = majorityPosition(voters.current, durableOf)
  if (voters.old === null || current === null) return current
  const old = majorityPosition(voters.old, durableOf)
  if (old === null) return null
  return comparePositions(current, old) <= 0 ? current : old
}

function majorityPosition(
  set: readonly number[],
  durableOf: (voter: number) => LogPosition | undefined,
): LogPosition | null {
  if (set.length === 1) return durableOf(set[0]!) ?? null
  const known: LogPosition[] = []
  for (const voter of set) {
    const position = durableOf(voter)
    if (position !== undefined) known.push(position)
  }
  const needed = Math.floor(set.length / 2) + 1
  if (known.length < needed) return null
  known.sort((a, b) => comparePositions(b, a))
  return known[needed - 1]!
}
