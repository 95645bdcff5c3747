import { boolean, int, list, long, string } from '../../base/options.ts'
import {
  CHECKPOINT,
  JVM,
  KRAFT,
  LOOP,
  ONE,
  ONEDIR,
  QUOTA,
  RAFT,
  REMOTE,
  REPLICATION,
  THROTTLE,
} from './reasons.ts'

/** Brokers among themselves. */
export const clusterOptions = {
  'alter.log.dirs.replication.quota.window.num': int(
    '11',
    'Samples kept of the traffic between data directories.',
    { min: 1, accepted: ONEDIR },
  ),
  'alter.log.dirs.replication.quota.window.size.seconds': int(
    '1',
    'Length of a sample of the traffic between data directories, s.',
    { min: 1, accepted: ONEDIR },
  ),
  'broker.heartbeat.interval.ms': int(
    '2000',
    'Time between two heartbeats of a broker to the controller, ms.',
    { accepted: KRAFT },
  ),
  'broker.session.timeout.ms': int(
    '9000',
    'Silence after which the controller takes a broker for dead, ms.',
    { accepted: KRAFT },
  ),
  'controlled.shutdown.enable': boolean('true', 'Moves leadership away before a shutdown.', {
    accepted: ONE,
  }),
  'controller.listener.names': list(null, 'Listeners of the controller.', { accepted: KRAFT }),
  'controller.quorum.append.linger.ms': int('25', 'Time the controller gathers writes for, ms.', {
    min: 0,
    accepted: KRAFT,
  }),
  'controller.quorum.auto.join.enable': boolean('false', 'Lets a controller join the quorum by itself.', {
    accepted: KRAFT,
  }),
  'controller.quorum.bootstrap.servers': list('', 'Addresses at which the quorum is found.', {
    accepted: KRAFT,
  }),
  'controller.quorum.election.backoff.max.ms': int('1000', 'Longest wait between two elections, ms.', {
    min: 0,
    accepted: KRAFT,
  }),
  'controller.quorum.election.timeout.ms': int(
    '1000',
    'Time without an elected controller after which a new election starts, ms.',
    { min: 0, accepted: KRAFT },
  ),
  'controller.quorum.fetch.max.bytes': int('1048576', 'Largest answer to a metadata fetch, bytes.', {
    min: 1,
    accepted: KRAFT,
  }),
  'controller.quorum.fetch.snapshot.max.bytes': int(
    '1048576',
    'Largest piece of a metadata snapshot, bytes.',
    { min: 1, accepted: KRAFT },
  ),
  'controller.quorum.fetch.timeout.ms': int(
    '2000',
    'Time without an answer of the leading controller after which an election starts, ms.',
    { min: 0, accepted: KRAFT },
  ),
  'controller.quorum.request.timeout.ms': int('2000', 'Time a request within the quorum may take, ms.', {
    min: 0,
    accepted: KRAFT,
  }),
  'controller.quorum.retry.backoff.ms': int(
    '20',
    'Wait before a request within the quorum is tried again, ms.',
    { min: 0, accepted: KRAFT },
  ),
  'controller.quorum.voters': list('', 'Voters of the quorum, id@host:port each.', { accepted: KRAFT }),
  'controller.quota.window.num': int('11', 'Samples of controller mutation quotas kept.', {
    min: 1,
    accepted: QUOTA,
  }),
  'controller.quota.window.size.seconds': int('1', "Length of a controller mutation quota's sample, s.", {
    min: 1,
    accepted: QUOTA,
  }),
  'controller.socket.timeout.ms': int('30000', 'Socket timeout of requests to the controller, ms.', {
    accepted: KRAFT,
  }),
  'follower.fetch.last.tiered.offset.enable': boolean(
    'false',
    'Lets a new follower start at the last tiered offset.',
    { dynamic: true, accepted: REMOTE },
  ),
  'initial.broker.registration.timeout.ms': int(
    '60000',
    'Time the first registration of a broker may take, ms.',
    { accepted: KRAFT },
  ),
  'leader.imbalance.check.interval.seconds': long(
    '300',
    'Time between two looks for partitions not led by their preferred replica, s.',
    { min: 1, accepted: RAFT },
  ),
  'metadata.log.dir': string(null, 'Directory of the metadata log.', { accepted: ONEDIR }),
  'metadata.log.max.record.bytes.between.snapshots': long(
    '20971520',
    'Bytes of metadata records between two snapshots.',
    { min: 1, accepted: KRAFT },
  ),
  'metadata.log.max.snapshot.interval.ms': long(
    '3600000',
    'Longest time between two metadata snapshots, ms.',
    { min: 0, accepted: KRAFT },
  ),
  'metadata.log.segment.bytes': int('1073741824', 'Segment size of the metadata log, bytes.', {
    min: 8388608,
    accepted: KRAFT,
  }),
  'metadata.log.segment.ms': long('604800000', "Age at which the metadata log's segment is rolled, ms.", {
    accepted: KRAFT,
  }),
  'metadata.max.idle.interval.ms': int(
    '500',
    'Time between two empty records of the active controller, ms.',
    { min: 0, accepted: KRAFT },
  ),
  'metadata.max.retention.bytes': long('104857600', 'Bytes of the metadata log and snapshots kept.', {
    accepted: KRAFT,
  }),
  'metadata.max.retention.ms': long('604800000', 'Age of the metadata log and snapshots kept, ms.', {
    accepted: KRAFT,
  }),
  'num.replica.alter.log.dirs.threads': int(null, 'Threads that move replicas between data directories.', {
    accepted: ONEDIR,
  }),
  'num.replica.fetchers': int('1', 'Threads that fetch from one other broker.', {
    min: 1,
    dynamic: true,
    accepted: LOOP,
  }),
  'replica.fetch.backoff.ms': int('1000', 'Wait of a follower after a failed fetch, ms.', {
    min: 0,
    accepted: REPLICATION,
  }),
  'replica.fetch.max.bytes': int('1048576', 'Bytes a follower fetches of one partition.', {
    min: 0,
    accepted: REPLICATION,
  }),
  'replica.fetch.min.bytes': int('1', 'Bytes a follower waits for.', { accepted: REPLICATION }),
  'replica.fetch.response.max.bytes': int('10485760', 'Bytes a follower fetches at once.', {
    min: 0,
    accepted: REPLICATION,
  }),
  'replica.fetch.wait.max.ms': int('500', "Time a follower's fetch waits for records, ms.", {
    accepted: REPLICATION,
  }),
  'replica.high.watermark.checkpoint.interval.ms': long(
    '5000',
    'Time between two writes of the high watermark checkpoint, ms.',
    { accepted: CHECKPOINT },
  ),
  'replica.lag.time.max.ms': long(
    '30000',
    'Time after which a follower that has not caught up leaves the in-sync replicas, ms.',
    { accepted: REPLICATION },
  ),
  'replica.selector.class': string(null, 'Class that chooses the replica a consumer reads from.', {
    accepted: JVM,
  }),
  'replica.socket.receive.buffer.bytes': int('65536', "Receive buffer of a follower's socket, bytes.", {
    accepted: REPLICATION,
  }),
  'replica.socket.timeout.ms': int('30000', "Socket timeout of a follower's fetch, ms.", {
    accepted: REPLICATION,
  }),
  'replication.quota.window.num': int('11', 'Samples kept of replication traffic.', {
    min: 1,
    accepted: THROTTLE,
  }),
  'replication.quota.window.size.seconds': int('1', 'Length of a sample of replication traffic, s.', {
    min: 1,
    accepted: THROTTLE,
  }),
}
