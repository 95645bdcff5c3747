import { runWireLoad } from '../load/wire-load.ts'
import { RunningPeer } from '../peers/running-peer.ts'
import type { Bar, Row, Section } from '../report/result.ts'
import { Samples } from './samples.ts'
import { contendersOf, type Plan, type Suite, type SuiteFindings } from './suite.ts'

const GROUPS = 1_000
const MEMBERS_PER_GROUP = 10
const HEARTBEAT_MS = 3_000
const SECONDS = 20
const RUNS_MAX = 1
const REBALANCED_MEMBERS = 500
/** How soon a member hears of a rebalance: a second, and what clients have by default. */
const REBALANCE_HEARTBEATS_MS = [1_000, 3_000]

/** Many groups at once, and one large one that changes. */
export const groupsSuite: Suite = { name: 'groups', title: 'Groups', run: runGroups }

async function runGroups(plan: Plan): Promise<SuiteFindings> {
  const samples = new Samples()
  for (let run = 0; run < Math.min(plan.runs, RUNS_MAX); run++) {
    for (const contender of contendersOf(plan, run)) {
      plan.log(`groups: ${contender.name}`)
      const peer = await RunningPeer.start(contender, plan.directory)
      try {
        await measureRebalances(peer, plan, samples)
        await measureHeartbeats(peer, plan, samples)
      } finally {
        await peer.remove()
      }
    }
  }
  return { sections: [section(plan, samples)] }
}

async function measureHeartbeats(peer: RunningPeer, plan: Plan, samples: Samples): Promise<void> {
  const { name } = peer.contender
  const groups = Math.ceil(GROUPS * plan.scale)
  const outcome = await runWireLoad({
    mode: 'heartbeat',
    port: peer.port,
    groups,
    membersPerGroup: MEMBERS_PER_GROUP,
    heartbeatMs: HEARTBEAT_MS,
    seconds: SECONDS * Math.max(plan.scale, 0.3),
  })
  plan.log(`  ${outcome.heartbeats} heartbeats of ${outcome.members} members, ${outcome.errors} refused`)
  samples.add(name, 'members', outcome.members)
  samples.add(name, 'join', outcome.joinSeconds)
  samples.add(name, 'refused', outcome.errors)
  samples.add(name, 'p50', outcome.p50)
  samples.add(name, 'p99', outcome.p99)
  samples.add(name, 'max', outcome.max)
}

async function measureRebalances(peer: RunningPeer, plan: Plan, samples: Samples): Promise<void> {
  const isOurs = peer.contender === plan.ours
  for (const heartbeatMs of isOurs ? REBALANCE_HEARTBEATS_MS : REBALANCE_HEARTBEATS_MS.slice(0, 1)) {
    const { fromTrigger, fromLastJoin } = await runWireLoad({
      mode: 'rebalance',
      port: peer.port,
      members: Math.max(10, Math.ceil(REBALANCED_MEMBERS * plan.scale)),
      heartbeatMs,
      rounds: Math.min(plan.runs, 3),
    })
    for (const ms of fromTrigger) samples.add(peer.contender.name, `trigger ${heartbeatMs}`, ms / 1000)
    for (const ms of fromLastJoin) samples.add(peer.contender.name, `last join ${heartbeatMs}`, ms / 1000)
  }
}

function section(plan: Plan, samples: Samples): Section {
  const reference = plan.kafka?.name ?? 'Kafka'
  const both = (measure: string): Pick<Row, 'ours' | 'theirs'> => ({
    ours: samples.of(plan.ours.name, measure),
    theirs: samples.of(reference, measure),
  })
  const rebalances = REBALANCE_HEARTBEATS_MS.flatMap((heartbeatMs, index): Row[] => {
    const interval = `heartbeats every ${heartbeatMs / 1000} s`
    const bars: Bar[] = [{ of: 'value', atMost: 2 }]
    return [
      {
        what: `500 members, ${interval}: from the join that starts it to the last assignment`,
        unit: 's',
        ...both(`trigger ${heartbeatMs}`),
        ...(index === 0 && { bars }),
      },
      {
        what: `500 members, ${interval}: from the last member's join to the last assignment`,
        unit: 's',
        ...both(`last join ${heartbeatMs}`),
      },
    ]
  })
  return {
    title: 'Heartbeats and rebalances',
    reference,
    rows: [
      { what: 'members connected, of 10,000 in 1,000 groups', unit: '', ...both('members') },
      { what: 'all joined and assigned after', unit: 's', ...both('join') },
      { what: 'heartbeat, p50', unit: 'ms', ...both('p50') },
      { what: 'heartbeat, p99', unit: 'ms', ...both('p99'), bars: [{ of: 'value', atMost: 50 }] },
      { what: 'heartbeat, slowest', unit: 'ms', ...both('max') },
      { what: 'heartbeats refused', unit: '', ...both('refused') },
      ...rebalances,
    ],
    notes: [
      `Members of the classic protocol, each on a connection of its own, all in one load process, whose own delays are in the ` +
        `figures; a heartbeat every ${HEARTBEAT_MS / 1000} s from each, evenly spread, for ${SECONDS} s. In a rebalance one member joins a settled ` +
        'group of 499. The others hear of it by their next heartbeat, so that with an interval of 3 s, which is the default of clients, ' +
        'a rebalance takes about as long whatever the broker does: its own part is from the last join on.',
    ],
  }
}
