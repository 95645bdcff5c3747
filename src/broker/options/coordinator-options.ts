import { boolean, int, list, long, short, string } from '../../base/options.ts'
import { COALESCE, G848, LOAD, LOOP, PLAIN, SHARE, STREAMS, TWO_PHASE } from './reasons.ts'

/** Groups, offsets and transactions. */
export const coordinatorOptions = {
  'group.consumer.assignment.interval.ms': int(
    '1000',
    'Default of the group config consumer.assignment.interval.ms.',
    { min: 0, dynamic: true, accepted: G848 },
  ),
  'group.consumer.assignors': list(
    'uniform,range',
    'Server-side assignors of consumer groups, the first is the default.',
    { accepted: G848 },
  ),
  'group.consumer.heartbeat.interval.ms': int(
    '5000',
    'Default of the group config consumer.heartbeat.interval.ms.',
    { min: 1, accepted: G848 },
  ),
  'group.consumer.max.assignment.interval.ms': int(
    '15000',
    'Upper bound of the group config consumer.assignment.interval.ms.',
    { min: 0, accepted: G848 },
  ),
  'group.consumer.max.heartbeat.interval.ms': int(
    '15000',
    'Upper bound of the group config consumer.heartbeat.interval.ms.',
    { min: 1, accepted: G848 },
  ),
  'group.consumer.max.session.timeout.ms': int(
    '60000',
    'Upper bound of the group config consumer.session.timeout.ms.',
    { min: 1, accepted: G848 },
  ),
  'group.consumer.max.size': int('2147483647', 'Members of one consumer group.', { min: 1, accepted: G848 }),
  'group.consumer.migration.policy': string(
    'bidirectional',
    'Which way a group may move between the classic and the consumer protocol.',
    { oneOf: ['DISABLED', 'DOWNGRADE', 'UPGRADE', 'BIDIRECTIONAL'], anyCase: true, accepted: G848 },
  ),
  'group.consumer.min.assignment.interval.ms': int(
    '0',
    'Lower bound of the group config consumer.assignment.interval.ms.',
    { min: 0, accepted: G848 },
  ),
  'group.consumer.min.heartbeat.interval.ms': int(
    '5000',
    'Lower bound of the group config consumer.heartbeat.interval.ms.',
    { min: 1, accepted: G848 },
  ),
  'group.consumer.min.session.timeout.ms': int(
    '45000',
    'Lower bound of the group config consumer.session.timeout.ms.',
    { min: 1, accepted: G848 },
  ),
  'group.consumer.session.timeout.ms': int(
    '45000',
    'Default of the group config consumer.session.timeout.ms.',
    { min: 1, accepted: G848 },
  ),
  'group.coordinator.append.linger.ms': int(
    '-1',
    'Time the group coordinator gathers writes for, ms; -1 adapts.',
    { min: -1, accepted: COALESCE },
  ),
  'group.coordinator.background.threads': int('2', 'Background threads of the group coordinator.', {
    min: 1,
    accepted: LOOP,
  }),
  'group.coordinator.cached.buffer.max.bytes': int(
    '1048588',
    'Largest write buffer that the group coordinator keeps for reuse, bytes.',
    { min: 524288, dynamic: true, accepted: COALESCE },
  ),
  'group.coordinator.rebalance.protocols': list(
    'classic,consumer,streams',
    'Group protocols that are switched on.',
    { oneOf: ['consumer', 'classic', 'share', 'streams'], accepted: G848 },
  ),
  'group.coordinator.threads': int('4', 'Threads of the group coordinator.', { min: 1, accepted: LOOP }),
  'group.initial.rebalance.delay.ms': int(
    '3000',
    'Time an empty group waits for more members before its first rebalance, ms.',
    { differs: 'unless it is set, the wait adapts to how the members come' },
  ),
  'group.coordinator.memory.max.bytes': long(
    '536870912',
    'What all groups together may keep in memory: members, ids given out, committed offsets. Offsets may take three quarters of it, the members of one group a sixteenth, its offsets an eighth.',
    { min: 1048576, own: true },
  ),
  'group.max.session.timeout.ms': int('1800000', 'Longest session timeout a member may ask for, ms.'),
  'group.max.size': int('2147483647', 'Members of one classic group.', { min: 1 }),
  'group.min.session.timeout.ms': int('6000', 'Shortest session timeout a member may ask for, ms.'),
  'group.share.assignment.interval.ms': int(
    '1000',
    'Default of the group config share.assignment.interval.ms.',
    { min: 0, dynamic: true, accepted: SHARE },
  ),
  'group.share.assignors': list('simple', 'Server-side assignors of share groups.', { accepted: SHARE }),
  'group.share.delivery.count.limit': int('5', 'Default of the group config share.delivery.count.limit.', {
    min: 2,
    max: 10,
    accepted: SHARE,
  }),
  'group.share.heartbeat.interval.ms': int(
    '5000',
    'Default of the group config share.heartbeat.interval.ms.',
    { min: 1, accepted: SHARE },
  ),
  'group.share.max.assignment.interval.ms': int(
    '15000',
    'Upper bound of the group config share.assignment.interval.ms.',
    { min: 0, accepted: SHARE },
  ),
  'group.share.max.delivery.count.limit': int(
    '10',
    'Upper bound of the group config share.delivery.count.limit.',
    { min: 5, max: 25, accepted: SHARE },
  ),
  'group.share.max.heartbeat.interval.ms': int(
    '15000',
    'Upper bound of the group config share.heartbeat.interval.ms.',
    { min: 1, accepted: SHARE },
  ),
  'group.share.max.partition.max.record.locks': int(
    '4000',
    'Upper bound of the group config share.partition.max.record.locks.',
    { min: 2000, max: 10000, accepted: SHARE },
  ),
  'group.share.max.record.lock.duration.ms': int(
    '60000',
    'Upper bound of the group config share.record.lock.duration.ms.',
    { min: 30000, max: 3600000, accepted: SHARE },
  ),
  'group.share.max.session.timeout.ms': int(
    '60000',
    'Upper bound of the group config share.session.timeout.ms.',
    { min: 1, accepted: SHARE },
  ),
  'group.share.max.share.sessions': int('2000', 'Share sessions kept at once.', { min: 1, accepted: SHARE }),
  'group.share.max.size': int('200', 'Members of one share group.', { min: 1, max: 1000, accepted: SHARE }),
  'group.share.min.assignment.interval.ms': int(
    '0',
    'Lower bound of the group config share.assignment.interval.ms.',
    { min: 0, accepted: SHARE },
  ),
  'group.share.min.delivery.count.limit': int(
    '2',
    'Lower bound of the group config share.delivery.count.limit.',
    { min: 2, max: 5, accepted: SHARE },
  ),
  'group.share.min.heartbeat.interval.ms': int(
    '5000',
    'Lower bound of the group config share.heartbeat.interval.ms.',
    { min: 1, accepted: SHARE },
  ),
  'group.share.min.partition.max.record.locks': int(
    '100',
    'Lower bound of the group config share.partition.max.record.locks.',
    { min: 100, max: 2000, accepted: SHARE },
  ),
  'group.share.min.record.lock.duration.ms': int(
    '15000',
    'Lower bound of the group config share.record.lock.duration.ms.',
    { min: 1000, max: 30000, accepted: SHARE },
  ),
  'group.share.min.session.timeout.ms': int(
    '45000',
    'Lower bound of the group config share.session.timeout.ms.',
    { min: 1, accepted: SHARE },
  ),
  'group.share.partition.max.record.locks': int(
    '2000',
    'Default of the group config share.partition.max.record.locks.',
    { min: 100, max: 10000, accepted: SHARE },
  ),
  'group.share.record.lock.duration.ms': int(
    '30000',
    'Default of the group config share.record.lock.duration.ms.',
    { min: 1000, max: 3600000, accepted: SHARE },
  ),
  'group.share.session.timeout.ms': int('45000', 'Default of the group config share.session.timeout.ms.', {
    min: 1,
    accepted: SHARE,
  }),
  'group.streams.assignment.interval.ms': int(
    '1000',
    'Default of the group config streams.assignment.interval.ms.',
    { min: 0, dynamic: true, accepted: STREAMS },
  ),
  'group.streams.heartbeat.interval.ms': int(
    '5000',
    'Default of the group config streams.heartbeat.interval.ms.',
    { min: 1, accepted: STREAMS },
  ),
  'group.streams.initial.rebalance.delay.ms': int(
    '3000',
    'Default of the group config streams.initial.rebalance.delay.ms.',
    { min: 0, accepted: STREAMS },
  ),
  'group.streams.max.assignment.interval.ms': int(
    '15000',
    'Upper bound of the group config streams.assignment.interval.ms.',
    { min: 0, accepted: STREAMS },
  ),
  'group.streams.max.heartbeat.interval.ms': int(
    '15000',
    'Upper bound of the group config streams.heartbeat.interval.ms.',
    { min: 1, accepted: STREAMS },
  ),
  'group.streams.max.session.timeout.ms': int(
    '60000',
    'Upper bound of the group config streams.session.timeout.ms.',
    { min: 1, accepted: STREAMS },
  ),
  'group.streams.max.size': int('2147483647', 'Members of one streams group.', { min: 1, accepted: STREAMS }),
  'group.streams.max.standby.replicas': int(
    '2',
    'Upper bound of the group config streams.num.standby.replicas.',
    { min: 0, accepted: STREAMS },
  ),
  'group.streams.min.assignment.interval.ms': int(
    '0',
    'Lower bound of the group config streams.assignment.interval.ms.',
    { min: 0, accepted: STREAMS },
  ),
  'group.streams.min.heartbeat.interval.ms': int(
    '5000',
    'Lower bound of the group config streams.heartbeat.interval.ms.',
    { min: 1, accepted: STREAMS },
  ),
  'group.streams.min.session.timeout.ms': int(
    '45000',
    'Lower bound of the group config streams.session.timeout.ms.',
    { min: 1, accepted: STREAMS },
  ),
  'group.streams.num.standby.replicas': int(
    '0',
    'Default of the group config streams.num.standby.replicas.',
    { min: 0, accepted: STREAMS },
  ),
  'group.streams.session.timeout.ms': int(
    '45000',
    'Default of the group config streams.session.timeout.ms.',
    { min: 1, accepted: STREAMS },
  ),
  'offset.metadata.max.bytes': int('4096', 'Largest note that a consumer may commit with an offset, bytes.'),
  'offsets.commit.timeout.ms': int(
    '5000',
    'Time after which an offset commit that is not yet durable is answered with an error, ms.',
    { min: 1 },
  ),
  'offsets.load.buffer.size': int('5242880', 'Bytes read at a time when the offsets topic is loaded.', {
    min: 1,
    accepted: LOAD,
  }),
  'offsets.retention.check.interval.ms': long('600000', 'Time between two looks for expired offsets, ms.', {
    min: 1,
  }),
  'offsets.retention.minutes': int(
    '10080',
    'How long offsets outlive the last member or commit of their group, minutes.',
    { min: 1 },
  ),
  'offsets.topic.compression.codec': int('0', 'Codec of the offsets topic as a number, 0 for none.', {
    accepted: PLAIN,
  }),
  'offsets.topic.num.partitions': int('50', 'Partitions of the offsets topic; fixed when it is created.', {
    min: 1,
  }),
  'offsets.topic.replication.factor': short(
    '3',
    'Replicas of the offsets topic, at most as many as there are brokers.',
    { min: 1, differs: 'Kafka waits for that many brokers' },
  ),
  'offsets.topic.segment.bytes': int('104857600', 'Segment size of the offsets topic, bytes.', { min: 1 }),
  'add.partitions.to.txn.retry.backoff.max.ms': int(
    '100',
    'Longest wait of a request for the end of the transaction before, ms; then it is to be repeated.',
    { min: 0, differs: 'Kafka asks again at intervals that grow to this' },
  ),
  'add.partitions.to.txn.retry.backoff.ms': int(
    '20',
    'First wait of the broker before it tries again to add a partition to a transaction, ms.',
    { min: 1, accepted: 'nothing is asked again: a request waits' },
  ),
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': int(
    '10000',
    'Time between two looks for transactions that have timed out, ms.',
    { min: 1 },
  ),
  'transaction.coordinator.memory.max.bytes': long(
    '134217728',
    'What all transactional ids together may keep in memory, with the partitions of their open transactions. Beyond it new ids and further partitions are refused until others end or expire.',
    { min: 1048576, own: true },
  ),
  'transaction.max.timeout.ms': int('900000', 'Longest timeout a transaction may ask for, ms.', {
    min: 1,
  }),
  'transaction.partition.verification.enable': boolean(
    'true',
    'Checks that a partition was added to the transaction before it takes its records.',
    { dynamic: true },
  ),
  'transaction.remove.expired.transaction.cleanup.interval.ms': int(
    '3600000',
    'Time between two looks for transactional ids that have expired, ms.',
    { min: 1 },
  ),
  'transaction.state.log.load.buffer.size': int(
    '5242880',
    'Bytes read at a time when the transaction topic is loaded.',
    { min: 1, accepted: LOAD },
  ),
  'transaction.state.log.min.isr': int('2', 'min.insync.replicas of the transaction topic.', {
    min: 1,
  }),
  'transaction.state.log.num.partitions': int('50', 'Partitions of the transaction topic.', {
    min: 1,
  }),
  'transaction.state.log.replication.factor': short(
    '3',
    'Replicas of the transaction topic, at most as many as there are brokers.',
    {
      min: 1,
      differs: 'Kafka waits for that many brokers',
    },
  ),
  'transaction.state.log.segment.bytes': int('104857600', 'Segment size of the transaction topic, bytes.', {
    min: 1,
  }),
  'transaction.two.phase.commit.enable': boolean(
    'false',
    'Lets producers take part in a two-phase commit of somebody else.',
    { accepted: TWO_PHASE },
  ),
  'transactional.id.expiration.ms': int(
    '604800000',
    'Idle time after which a transactional id is forgotten, ms.',
    { min: 1 },
  ),
  'share.coordinator.append.linger.ms': int(
    '-1',
    'Time the share coordinator gathers writes for, ms; -1 adapts.',
    { min: -1, accepted: SHARE },
  ),
  'share.coordinator.cached.buffer.max.bytes': int(
    '1048588',
    'Largest write buffer that the share coordinator keeps for reuse, bytes.',
    { min: 524288, dynamic: true, accepted: SHARE },
  ),
  'share.coordinator.load.buffer.size': int(
    '5242880',
    'Bytes read at a time when the share state topic is loaded.',
    { min: 1, accepted: SHARE },
  ),
  'share.coordinator.snapshot.update.records.per.snapshot': int(
    '500',
    "Updates between two snapshots of a share partition's state.",
    { min: 0, max: 500, accepted: SHARE },
  ),
  'share.coordinator.state.topic.compression.codec': int(
    '0',
    'Codec of the share state topic as a number, 0 for none.',
    { accepted: SHARE },
  ),
  'share.coordinator.state.topic.min.isr': short('2', 'min.insync.replicas of the share state topic.', {
    min: 1,
    accepted: SHARE,
  }),
  'share.coordinator.state.topic.num.partitions': int('50', 'Partitions of the share state topic.', {
    min: 1,
    accepted: SHARE,
  }),
  'share.coordinator.state.topic.replication.factor': short('3', 'Replicas of the share state topic.', {
    min: 1,
    accepted: SHARE,
  }),
  'share.coordinator.state.topic.segment.bytes': int(
    '104857600',
    'Segment size of the share state topic, bytes.',
    { min: 1, accepted: SHARE },
  ),
  'share.coordinator.threads': int('1', 'Threads of the share coordinator.', { min: 1, accepted: SHARE }),
  'share.coordinator.write.timeout.ms': int(
    '5000',
    'Time after which a write of the share coordinator fails, ms.',
    { min: 1, accepted: SHARE },
  ),
}
