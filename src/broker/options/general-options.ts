import { boolean, className, int, list, long, string } from '../../base/options.ts'
import { JVM, LOOP, METRICS, PURGATORY, QUOTA, RAFT, ROLES, TELEMETRY } from './reasons.ts'

/** The broker itself, its topics and its answers. */
export const generalOptions = {
  'auto.create.topics.enable': boolean(
    'true',
    'Creates a topic that a client asks metadata for when the client allows it.',
  ),
  'auto.leader.rebalance.enable': boolean('true', 'Moves leadership back to the preferred replica.', {
    accepted: RAFT,
  }),
  'broker.id': int('-1', 'Older name of node.id.'),
  'broker.rack': string(null, 'Rack of this broker, told to clients.'),
  'default.replication.factor': int('1', 'Replicas of a topic whose creator does not say.'),
  'delete.topic.enable': boolean('true', 'Lets clients delete topics.'),
  'fetch.max.bytes': int(
    '57671680',
    'Largest answer to a fetch, bytes; a single larger batch is still served.',
    { min: 1024 },
  ),
  'max.incremental.fetch.session.cache.slots': int('1000', 'Fetch sessions kept at once.', { min: 0 }),
  'max.request.partition.size.limit': int(
    '2000',
    'Partitions one answer to DescribeTopicPartitions holds at most.',
    { min: 1 },
  ),
  'node.id': int('1', 'Number of this broker in its cluster.', {
    min: 0,
    differs: 'Kafka has no default; one broker is number 1 here',
  }),
  'num.partitions': int('1', 'Partitions of a topic whose creator does not say.', { min: 1 }),
  'process.roles': list('broker,controller', 'Roles of this process: broker, controller or both.', {
    oneOf: ['broker', 'controller'],
    differs: 'Kafka has no default',
    accepted: ROLES,
  }),
  'producer.id.expiration.ms': int(
    '86400000',
    'Idle time after which the state of an idempotent producer is dropped, ms.',
    { min: 1, dynamic: true },
  ),
  'telemetry.max.bytes': int('1048576', 'Largest push of client metrics, bytes.', {
    min: 1,
    accepted: TELEMETRY,
  }),
  'background.threads': int('10', 'Threads for background work.', { min: 1, dynamic: true, accepted: LOOP }),
  'delete.records.purgatory.purge.interval.requests': int(
    '1',
    'Finished DeleteRecords requests kept before they are purged.',
    { accepted: PURGATORY },
  ),
  'fetch.purgatory.purge.interval.requests': int(
    '1000',
    'Finished parked fetches kept before they are purged.',
    { accepted: PURGATORY },
  ),
  'producer.purgatory.purge.interval.requests': int(
    '1000',
    'Finished parked produce requests kept before they are purged.',
    { accepted: PURGATORY },
  ),
  'share.fetch.purgatory.purge.interval.requests': int(
    '1000',
    'Finished parked share fetches kept before they are purged.',
    { accepted: PURGATORY },
  ),
  'alter.config.policy.class.name': className(null, 'Class that judges configuration changes.', {
    accepted: JVM,
  }),
  'create.topic.policy.class.name': className(null, 'Class that judges new topics.', { accepted: JVM }),
  'config.providers': list('', 'Names of the providers that resolve placeholders in this configuration.', {
    dynamic: true,
    accepted: JVM,
  }),
  'kafka.metrics.polling.interval.secs': int('10', 'Polling interval of the metrics reporters, s.', {
    min: 1,
    accepted: JVM,
  }),
  'kafka.metrics.reporters': list('', "Classes that report the broker's older metrics.", { accepted: JVM }),
  'metric.reporters': list(
    'org.apache.kafka.common.metrics.JmxReporter',
    "Classes that report the broker's metrics.",
    { dynamic: true, accepted: JVM },
  ),
  'metrics.num.samples': int('2', 'Samples a metric is averaged over.', { min: 1, accepted: METRICS }),
  'metrics.recording.level': string('INFO', 'Which metrics are recorded: INFO, DEBUG or TRACE.', {
    accepted: METRICS,
  }),
  'metrics.sample.window.ms': long('30000', "Length of a metric's sample, ms.", {
    min: 1,
    accepted: METRICS,
  }),
  'quota.window.num': int('11', 'Samples of client quotas kept.', { min: 1, accepted: QUOTA }),
  'quota.window.size.seconds': int('1', "Length of a client quota's sample, s.", { min: 1, accepted: QUOTA }),
  'client.quota.callback.class': className(null, 'Class that sets client quotas.', { accepted: JVM }),
  'max.broker.partitions': int(
    '50000',
    'Partitions that may exist; beyond, topics and partitions are refused.',
    { min: 1, own: true },
  ),
}
