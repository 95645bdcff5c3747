import { boolean, int, string } from '../../base/options.ts'
import { offsetReset } from './checks.ts'
import { G848, SHARE, STREAMS } from './reasons.ts'

/** What a group can be given of its own. */
export const groupOptions = {
  'consumer.assignment.interval.ms': int(
    '1000',
    'Shortest time between two assignments of a consumer group, ms.',
    { min: 0, dynamic: true, accepted: G848 },
  ),
  'consumer.heartbeat.interval.ms': int(
    '5000',
    'Heartbeat interval handed to members of a consumer group, ms.',
    { min: 1, dynamic: true, accepted: G848 },
  ),
  'consumer.session.timeout.ms': int('45000', 'Silence after which a consumer group drops a member, ms.', {
    min: 1,
    dynamic: true,
    accepted: G848,
  }),
  'share.assignment.interval.ms': int('1000', 'Shortest time between two assignments of a share group, ms.', {
    min: 0,
    dynamic: true,
    accepted: SHARE,
  }),
  'share.auto.offset.reset': string(
    'latest',
    'Where a share group without offsets starts: latest, earliest or by_duration:PnDTnHnMn.nS.',
    { check: offsetReset, dynamic: true, accepted: SHARE },
  ),
  'share.delivery.count.limit': int('5', 'Deliveries after which a share group gives a record up.', {
    min: 2,
    dynamic: true,
    accepted: SHARE,
  }),
  'share.heartbeat.interval.ms': int('5000', 'Heartbeat interval handed to members of a share group, ms.', {
    min: 1,
    dynamic: true,
    accepted: SHARE,
  }),
  'share.isolation.level': string(
    'read_uncommitted',
    'Whether a share group sees records of open and aborted transactions.',
    { oneOf: ['read_committed', 'read_uncommitted'], dynamic: true, accepted: SHARE },
  ),
  'share.partition.max.record.locks': int(
    '2000',
    'Records of one partition that a share group may hold acquired at once.',
    { min: 100, dynamic: true, accepted: SHARE },
  ),
  'share.record.lock.duration.ms': int(
    '30000',
    'How long a member of a share group holds an acquired record, ms.',
    { min: 1000, dynamic: true, accepted: SHARE },
  ),
  'share.renew.acknowledge.enable': boolean(
    'true',
    'Lets members of a share group renew the hold on a record.',
    { dynamic: true, accepted: SHARE },
  ),
  'share.session.timeout.ms': int('45000', 'Silence after which a share group drops a member, ms.', {
    min: 1,
    dynamic: true,
    accepted: SHARE,
  }),
  'streams.assignment.interval.ms': int(
    '1000',
    'Shortest time between two assignments of a streams group, ms.',
    { min: 0, dynamic: true, accepted: STREAMS },
  ),
  'streams.heartbeat.interval.ms': int(
    '5000',
    'Heartbeat interval handed to members of a streams group, ms.',
    { min: 1, dynamic: true, accepted: STREAMS },
  ),
  'streams.initial.rebalance.delay.ms': int(
    '3000',
    'Time an empty streams group waits for more members before it assigns, ms.',
    { min: 0, dynamic: true, accepted: STREAMS },
  ),
  'streams.num.standby.replicas': int('0', 'Standby copies of each task of a streams group.', {
    min: 0,
    dynamic: true,
    accepted: STREAMS,
  }),
  'streams.session.timeout.ms': int('45000', 'Silence after which a streams group drops a member, ms.', {
    min: 1,
    dynamic: true,
    accepted: STREAMS,
  }),
}
