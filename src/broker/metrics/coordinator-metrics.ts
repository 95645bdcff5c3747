import type { Refusal } from '../../base/machine.ts'
import type { GroupCoordinator } from '../coordinator/group-coordinator.ts'
import type { Group } from '../coordinator/groups/group.ts'
import type { TransactionCoordinator } from '../coordinator/transaction-coordinator.ts'
import type { PartitionRegistry } from '../partition/registry.ts'
import { countBy, type MetricFamily, type MetricSource, type Sample, single } from './metric-family.ts'
import { OTHER, type SeriesLimits } from './topic-metrics.ts'

/** What coordinators know, read from their machines' state: nothing is asked of a log. */
export function coordinatorMetrics(
  groups: GroupCoordinator,
  transactions: TransactionCoordinator,
  registry: PartitionRegistry,
  limits: SeriesLimits,
): MetricSource {
  return { families: [...groupFamilies(groups, registry, limits), ...stateFamilies(groups, transactions)] }
}

function groupFamilies(
  coordinator: GroupCoordinator,
  registry: PartitionRegistry,
  limits: SeriesLimits,
): readonly MetricFamily[] {
  const own = (): Group[] => {
    const groups: Group[] = []
    for (const group of coordinator.groups()) {
      if (groups.length >= limits.groupsMax) break
      groups.push(group)
    }
    return groups
  }
  return [
    {
      name: 'millrace_groups',
      type: 'gauge',
      labels: ['state'],
      help: 'Consumer groups by state.',
      read: () => states(Array.from(coordinator.groups(), ({ state }) => state)),
    },
    single(
      'gauge',
      'millrace_group_memory_bytes',
      'Memory of groups: members, ids given out and committed offsets.',
      () => coordinator.memory.all.usedBytes,
    ),
    single(
      'gauge',
      'millrace_group_memory_limit_bytes',
      'Bound of the memory of groups.',
      () => coordinator.memory.all.capacityBytes,
    ),
    {
      name: 'millrace_group_members',
      type: 'gauge',
      labels: ['group'],
      help: 'Members of a group.',
      read: () => own().map(({ id, members }) => ({ labels: { group: id }, value: members.size })),
    },
    {
      name: 'millrace_group_lag_records',
      type: 'gauge',
      labels: ['group', 'topic', 'partition'],
      help: 'Offsets between what a group has committed and the high watermark.',
      read: () => lags(coordinator, registry, limits),
    },
  ]
}

/** Groups in the order in which they became known; what is beyond the limits is added up. */
function* lags(
  coordinator: GroupCoordinator,
  registry: PartitionRegistry,
  { groupsMax, partitionsMax }: SeriesLimits,
): Iterable<Sample> {
  let groupCount = 0
  let seriesCount = 0
  let rest: number | null = null
  for (const group of coordinator.groups()) {
    const isNamed = groupCount++ < groupsMax
    for (const [topic, offsets] of group.offsets.committed) {
      for (const [partition, { offset }] of offsets) {
        const end = registry.get(topic, partition)?.highWatermark
        if (end === undefined) continue
        const value = Math.max(0, end - offset)
        if (isNamed && seriesCount < partitionsMax) {
          seriesCount++
          yield { labels: { group: group.id, topic, partition }, value }
        } else rest = (rest ?? 0) + value
      }
    }
  }
  if (rest !== null) yield { labels: { group: OTHER, topic: OTHER, partition: OTHER }, value: rest }
}

function stateFamilies(
  groups: GroupCoordinator,
  transactions: TransactionCoordinator,
): readonly MetricFamily[] {
  return [
    {
      name: 'millrace_transactions',
      type: 'gauge',
      labels: ['state'],
      help: 'Transactional ids by the state of their transaction; Ongoing ones are open.',
      read: () => states(Array.from(transactions.records(), ({ state }) => state)),
    },
    single(
      'gauge',
      'millrace_transaction_memory_bytes',
      'Memory of transactional ids and the partitions of their transactions.',
      () => transactions.memory.usedBytes,
    ),
    single(
      'gauge',
      'millrace_transaction_memory_limit_bytes',
      'Bound of the memory of transactional ids.',
      () => transactions.memory.capacityBytes,
    ),
    {
      name: 'millrace_coordinator_partitions',
      type: 'gauge',
      labels: ['coordinator', 'state'],
      help: 'Partitions of internal topics whose groups or transactions are served, or why they are not.',
      *read() {
        yield* servings('group', groups.refusals())
        yield* servings('transaction', transactions.refusals())
      },
    },
  ]
}

function states(values: readonly string[]): readonly Sample[] {
  return Array.from(countBy(values), ([state, value]) => ({ labels: { state }, value }))
}

function servings(coordinator: string, refusals: Iterable<Refusal | null>): readonly Sample[] {
  const counts = countBy(Array.from(refusals, (refusal) => refusal ?? 'serving'))
  return Array.from(counts, ([state, value]) => ({ labels: { coordinator, state }, value }))
}
