import { describe, expect, it } from 'vitest'
import { hurriedEnvironment } from '../../test/support/hurried.ts'
import { Turn } from '../base/turn.ts'
import type { Uuid } from '../base/uuid.ts'
import { applyRecord, type JournalGroup, type JournalRecord } from './journal-record.ts'
import { decodeSnapshot, GroupsSnapshot } from './journal-snapshot.ts'
import type { Mark } from './marks.ts'

const TOPIC = 't'.repeat(16) as Uuid
const REPLICA = 'r'.repeat(16) as Uuid

function mark(term: number, startOffset: number): Mark {
  return { term, minor: 0, startOffset, voters: [1], oldVoters: null }
}

function creation(ref: number): JournalRecord {
  const marks = [mark(0, 0)]
  const identity = { topicId: TOPIC, topic: 'topic', partition: ref, replicaId: REPLICA }
  return { type: 'create', ref, ...identity, term: 0, startOffset: 0, marks }
}

function groupsOf(count: number): Map<number, JournalGroup> {
  const groups = new Map<number, JournalGroup>()
  for (let ref = 1; ref <= count; ref++) {
    applyRecord(groups, creation(ref))
    applyRecord(groups, { type: 'hard-state', ref, term: ref % 7, votedFor: ref % 2 === 0 ? 1 : null })
    if (ref % 3 === 0) applyRecord(groups, { type: 'mark', ref, mark: mark(9, ref), dropsEmpty: false })
    if (ref % 5 === 0)
      applyRecord(groups, { type: 'claim', ref, position: { term: 9, minor: 0, offset: ref } })
    if (ref % 11 === 0)
      applyRecord(groups, { type: 'damage', ref, from: 3, claim: { term: 9, minor: 0, offset: ref } })
  }
  return groups
}

/** What can be compared of them. */
function told(groups: ReadonlyMap<number, JournalGroup>): unknown[] {
  return [...groups.values()]
    .map(({ marks, ...rest }) => ({ ...rest, marks: [...marks.list()] }))
    .sort((left, right) => left.ref - right.ref)
}

describe('a snapshot of groups', () => {
  it('is read as it was written, of any number of them', async () => {
    for (const count of [0, 1, 15, 16, 128, 129, 70_000]) {
      const groups = groupsOf(count)
      const bytes = await new GroupsSnapshot(groups, 77, count + 1).encode(new Turn(hurriedEnvironment()))
      const read = decodeSnapshot(bytes)!
      expect([read.lsn, read.nextRef, read.groups.size]).toEqual([77, count + 1, count])
      if (count < 1000) expect(told(read.groups)).toEqual(told(groups))
    }
  })

  it('tells of the moment it was begun, whatever is changed, made and deleted while it is made in turns', async () => {
    const count = 2000
    const groups = groupsOf(count)
    const before = told(groups)
    const snapshot = new GroupsSnapshot(groups, 77, count + 1)
    const change = (record: JournalRecord): void => {
      snapshot.changing(record.ref)
      applyRecord(groups, record)
    }
    let turns = 0
    const environment = hurriedEnvironment(() => {
      turns++
      for (let at = 0; at < 40; at++) {
        const ref = 1 + ((turns * 137 + at * 53) % count)
        change({ type: 'hard-state', ref, term: 100 + turns, votedFor: null })
        change({ type: 'mark', ref, mark: mark(100 + turns, 5000 + turns), dropsEmpty: false })
        change({ type: 'delete', ref: 1 + ((turns * 211 + at * 17) % count) })
      }
      change(creation(count + turns))
      change({ type: 'hard-state', ref: count + turns, term: 1, votedFor: 1 })
    })
    const bytes = await snapshot.encode(new Turn(environment))
    expect(turns).toBeGreaterThan(5)
    expect(groups.size).toBeLessThan(count)
    expect(told(decodeSnapshot(bytes)!.groups)).toEqual(before)
  })
})
