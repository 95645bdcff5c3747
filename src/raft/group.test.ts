import { describe, expect, it } from 'vitest'
import { RaftGroup } from './group.ts'
import { isQuorum, quorumPosition } from './quorum.ts'

const one = { current: [1], old: null }
const three = { current: [1, 2, 3], old: null }

function elect(group: RaftGroup): void {
  expect(group.votePersisted(group.campaign())).toBe(true)
}

describe('a group of one voter', () => {
  it('is elected only when its own vote is durable', () => {
    const group = new RaftGroup({ self: 1, hardState: { term: 4, votedFor: null }, voters: one })
    const state = group.campaign()
    expect(state).toEqual({ term: 5, votedFor: 1 })
    expect(group.role).toBe('candidate')
    expect(group.votePersisted(state)).toBe(true)
    expect(group.role).toBe('elected')
  })

  it('leads when its mark is durable, and commits what is durable', () => {
    const group = new RaftGroup({ self: 1, hardState: { term: 0, votedFor: null }, voters: one })
    elect(group)
    expect(group.commit).toBeNull()
    expect(group.durableUpTo(1, { term: 1, minor: 0, offset: 10 })).toBe(true)
    expect(group.role).toBe('leader')
    expect(group.durableUpTo(1, { term: 1, minor: 0, offset: 10 })).toBe(false)
    expect(group.durableUpTo(1, { term: 1, minor: 0, offset: 12 })).toBe(true)
    expect(group.commit).toEqual({ term: 1, minor: 0, offset: 12 })
  })

  it('forgets a vote that was persisted for an older campaign', () => {
    const group = new RaftGroup({ self: 1, hardState: { term: 0, votedFor: null }, voters: one })
    const first = group.campaign()
    const second = group.campaign()
    expect(group.votePersisted(first)).toBe(false)
    expect(group.votePersisted(second)).toBe(true)
  })
})

describe('a group of three voters', () => {
  it('needs a second vote and a second durable copy', () => {
    const group = new RaftGroup({ self: 1, hardState: { term: 0, votedFor: null }, voters: three })
    expect(group.votePersisted(group.campaign())).toBe(false)
    expect(group.voteReceived(2, 0)).toBe(false)
    expect(group.voteReceived(2, 1)).toBe(true)
    expect(group.durableUpTo(1, { term: 1, minor: 0, offset: 5 })).toBe(false)
    expect(group.durableUpTo(3, { term: 1, minor: 0, offset: 4 })).toBe(true)
    expect(group.commit?.offset).toBe(4)
  })

  it('never commits by copies of an older term alone (Raft §5.4.2)', () => {
    const group = new RaftGroup({ self: 1, hardState: { term: 1, votedFor: null }, voters: three })
    group.votePersisted(group.campaign())
    group.voteReceived(2, 2)
    group.durableUpTo(1, { term: 1, minor: 0, offset: 9 })
    expect(group.durableUpTo(2, { term: 1, minor: 0, offset: 9 })).toBe(false)
    expect(group.commit).toBeNull()
  })

  it('refuses to campaign outside its configuration', () => {
    const group = new RaftGroup({ self: 9, hardState: { term: 0, votedFor: null }, voters: three })
    expect(() => group.campaign()).toThrow(/outside/)
  })
})

describe('a joint configuration', () => {
  const joint = { current: [3, 4, 5], old: [1, 2, 3] }
  it('needs a majority of both sets', () => {
    expect(isQuorum(joint, (id) => [3, 4, 5].includes(id))).toBe(false)
    expect(isQuorum(joint, (id) => [1, 3, 4].includes(id))).toBe(true)
  })

  it('commits the smaller of the two answers', () => {
    const durable = new Map([
      [1, { term: 1, minor: 1, offset: 3 }],
      [2, { term: 1, minor: 1, offset: 3 }],
      [3, { term: 1, minor: 1, offset: 8 }],
      [4, { term: 1, minor: 1, offset: 8 }],
    ])
    expect(quorumPosition(joint, (id) => durable.get(id))?.offset).toBe(3)
  })
})
