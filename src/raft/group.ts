import { assert } from '../base/assert.ts'
import { comparePositions, type LogPosition } from '../base/log-position.ts'
import { isQuorum, quorumPosition, type Voters } from './quorum.ts'

/** What must be on disk before a vote is asked for or given (Raft §5.2). */
export interface HardState {
  readonly term: number
  readonly votedFor: number | null
}

/** follower → candidate (own vote not yet durable or no majority) → elected (own mark not committed) → leader. */
export type Role = 'follower' | 'candidate' | 'elected' | 'leader'

/**
 * The core of one replicated log: who leads, in which term, and what is committed. Pure: it asks for nothing, its
 * owner makes durable what it returns and tells it so. One voter is a group like any other: it campaigns, its own
 * vote counts when durable, its mark commits when durable.
 */
export class RaftGroup {
  readonly self: number
  #role: Role = 'follower'
  #hardState: HardState
  #voters: Voters
  #votes = new Set<number>()
  #durable = new Map<number, LogPosition>()
  #commit: LogPosition | null = null

  constructor(options: { self: number; hardState: HardState; voters: Voters }) {
    this.self = options.self
    this.#hardState = options.hardState
    this.#voters = options.voters
  }

  get role(): Role {
    return this.#role
  }

  /** Kafka's leader epoch. */
  get term(): number {
    return this.#hardState.term
  }

  get voters(): Voters {
    return this.#voters
  }

  /** Highest committed position, null until this replica's own mark is committed. */
  get commit(): LogPosition | null {
    return this.#commit
  }

  /** Stands for the next term. The returned state must be durable before `votePersisted`. */
  campaign(): HardState {
    assert(this.#role === 'follower' || this.#role === 'candidate', 'only who does not lead may campaign')
    assert(this.#namesSelf(), 'a replica outside its configuration may not campaign')
    this.#hardState = { term: this.#hardState.term + 1, votedFor: this.self }
    this.#role = 'candidate'
    this.#votes.clear()
    return this.#hardState
  }

  /** The state of `campaign` is on disk: the own vote counts. Returns whether that elects this replica. */
  votePersisted(hardState: HardState): boolean {
    if (this.#role !== 'candidate' || hardState !== this.#hardState) return false
    return this.voteReceived(this.self, hardState.term)
  }

  /** A vote for this replica in `term`. Returns whether it elects it. Late ones are ignored. */
  voteReceived(voter: number, term: number): boolean {
    if (this.#role !== 'candidate' || term !== this.term) return false
    this.#votes.add(voter)
    if (!isQuorum(this.#voters, (candidate) => this.#votes.has(candidate))) return false
    this.#role = 'elected'
    this.#durable.clear()
    return true
  }

  /**
   * `voter` holds its log durably up to `position`. Returns whether the commit moved. Only positions in this leader's
   * own term count (Raft §5.4.2), and a position never goes back.
   */
  durableUpTo(voter: number, position: LogPosition): boolean {
    if (this.#role !== 'elected' && this.#role !== 'leader') return false
    const before = this.#durable.get(voter)
    if (before !== undefined && comparePositions(position, before) <= 0) return false
    this.#durable.set(voter, position)
    const held = quorumPosition(this.#voters, (id) => this.#durable.get(id))
    if (held === null || held.term !== this.term) return false
    if (this.#commit !== null && comparePositions(held, this.#commit) <= 0) return false
    this.#commit = held
    this.#role = 'leader'
    return true
  }

  /** Stops leading or standing: the disk has failed, or a newer term was seen. */
  stepDown(): void {
    this.#role = 'follower'
    this.#votes.clear()
    this.#durable.clear()
  }

  #namesSelf(): boolean {
    return this.#voters.current.includes(this.self) || (this.#voters.old?.includes(this.self) ?? false)
  }
}
