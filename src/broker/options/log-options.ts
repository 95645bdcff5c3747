import { boolean, double, int, list, long, string } from '../../base/options.ts'
import { gzipLevel, unlimitedOrPositive } from './checks.ts'
import {
  CHECKPOINT,
  CLEANER_BUFFERS,
  CLEANER_TABLE,
  DURABILITY,
  LEVEL,
  LOOP,
  ONEDIR,
  RAFT,
  REMOTE,
} from './reasons.ts'

/** The data directory and the defaults of topic configs. */
export const logOptions = {
  'compression.gzip.level': int('-1', 'Default of the topic config of the same name.', {
    min: -1,
    max: 9,
    check: gzipLevel,
    dynamic: true,
  }),
  'compression.lz4.level': int('9', 'Default of the topic config of the same name.', {
    min: 1,
    max: 17,
    dynamic: true,
    accepted: LEVEL,
  }),
  'compression.type': string('producer', 'Default of the topic config of the same name.', {
    oneOf: ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'],
    dynamic: true,
  }),
  'compression.zstd.level': int('3', 'Default of the topic config of the same name.', {
    min: -131072,
    max: 22,
    dynamic: true,
  }),
  'cordoned.log.dirs': list('', 'Data directories that take no new partitions.', {
    dynamic: true,
    accepted: ONEDIR,
  }),
  'log.cleaner.backoff.ms': long('15000', 'Pause of the cleaner when nothing is to be cleaned, ms.', {
    min: 0,
    dynamic: true,
  }),
  'log.cleaner.dedupe.buffer.size': long('134217728', "Memory of the cleaner's key table, bytes.", {
    dynamic: true,
    differs: 'unless it is set, 16 MiB are used, some 600,000 keys: more of them take more than one pass',
  }),
  'log.cleaner.delete.retention.ms': long('86400000', 'Default of the topic config delete.retention.ms.', {
    min: 0,
    dynamic: true,
  }),
  'log.cleaner.enable': boolean('true', 'Runs the cleaner.'),
  'log.cleaner.io.buffer.load.factor': double('0.9', "How full the cleaner's key table may get, 0 to 1.", {
    dynamic: true,
    accepted: CLEANER_TABLE,
  }),
  'log.cleaner.io.buffer.size': int('524288', "Memory of the cleaner's read and write buffers, bytes.", {
    min: 0,
    dynamic: true,
    accepted: CLEANER_BUFFERS,
  }),
  'log.cleaner.io.max.bytes.per.second': double(
    '1.7976931348623157E308',
    'Bytes a second the cleaner reads and writes at most.',
    { dynamic: true },
  ),
  'log.cleaner.max.compaction.lag.ms': long(
    '9223372036854775807',
    'Default of the topic config max.compaction.lag.ms.',
    { min: 1, dynamic: true },
  ),
  'log.cleaner.min.cleanable.ratio': double('0.5', 'Default of the topic config min.cleanable.dirty.ratio.', {
    min: 0,
    max: 1,
    dynamic: true,
  }),
  'log.cleaner.min.compaction.lag.ms': long('0', 'Default of the topic config min.compaction.lag.ms.', {
    min: 0,
    dynamic: true,
  }),
  'log.cleaner.threads': int('1', 'Threads of the cleaner.', { min: 0, dynamic: true, accepted: LOOP }),
  'log.cleanup.policy': list('delete', 'Default of the topic config cleanup.policy.', {
    oneOf: ['compact', 'delete'],
    dynamic: true,
  }),
  'log.dir': list('millrace-data', 'Data directory, used when log.dirs is not set.', {
    differs: 'Kafka writes to /tmp/kafka-logs',
  }),
  'log.dir.failure.timeout.ms': long(
    '30000',
    'Time after which a broker stops that cannot report a failed data directory, ms.',
    { min: 1, accepted: ONEDIR },
  ),
  'log.dirs': list(null, 'Data directory. Exactly one is served.'),
  'log.flush.interval.messages': long('9223372036854775807', 'Default of the topic config flush.messages.', {
    min: 1,
    dynamic: true,
    accepted: DURABILITY,
  }),
  'log.flush.interval.ms': long(null, 'Default of the topic config flush.ms.', {
    dynamic: true,
    accepted: DURABILITY,
  }),
  'log.flush.offset.checkpoint.interval.ms': int('60000', 'Time between two writes of the checkpoints, ms.', {
    min: 0,
  }),
  'log.flush.scheduler.interval.ms': long(
    '9223372036854775807',
    'Time between two looks for logs that are due to be flushed, ms.',
    { accepted: DURABILITY },
  ),
  'log.flush.start.offset.checkpoint.interval.ms': int(
    '60000',
    'Time between two writes of the log start offset checkpoint, ms.',
    { accepted: CHECKPOINT, min: 0 },
  ),
  'log.index.interval.bytes': int('4096', 'Default of the topic config index.interval.bytes.', {
    min: 0,
    dynamic: true,
  }),
  'log.index.size.max.bytes': int('10485760', 'Default of the topic config segment.index.bytes.', {
    min: 4,
    dynamic: true,
  }),
  'log.local.retention.bytes': long('-2', 'Default of the topic config local.retention.bytes.', {
    min: -2,
    dynamic: true,
    accepted: REMOTE,
  }),
  'log.local.retention.ms': long('-2', 'Default of the topic config local.retention.ms.', {
    min: -2,
    dynamic: true,
    accepted: REMOTE,
  }),
  'log.message.timestamp.after.max.ms': long(
    '3600000',
    'Default of the topic config message.timestamp.after.max.ms.',
    { min: 0, dynamic: true },
  ),
  'log.message.timestamp.before.max.ms': long(
    '9223372036854775807',
    'Default of the topic config message.timestamp.before.max.ms.',
    { min: 0, dynamic: true },
  ),
  'log.message.timestamp.type': string('CreateTime', 'Default of the topic config message.timestamp.type.', {
    oneOf: ['CreateTime', 'LogAppendTime'],
    dynamic: true,
  }),
  'log.preallocate': boolean('false', 'Default of the topic config preallocate.', {
    dynamic: true,
  }),
  'log.retention.bytes': long('-1', 'Default of the topic config retention.bytes.', { dynamic: true }),
  'log.retention.check.interval.ms': long(
    '300000',
    'Time between two looks for segments that are due to go, ms.',
    { min: 1 },
  ),
  'log.retention.hours': int(
    '168',
    'Default of retention.ms in hours, used when neither log.retention.ms nor log.retention.minutes is set.',
    { check: unlimitedOrPositive },
  ),
  'log.retention.minutes': int(
    null,
    'Default of retention.ms in minutes, used when log.retention.ms is not set.',
    { check: unlimitedOrPositive },
  ),
  'log.retention.ms': long(null, 'Default of the topic config retention.ms.', {
    check: unlimitedOrPositive,
    dynamic: true,
  }),
  'log.roll.hours': int('168', 'Default of segment.ms in hours, used when log.roll.ms is not set.', {
    min: 1,
  }),
  'log.roll.jitter.hours': int(
    '0',
    'Default of segment.jitter.ms in hours, used when log.roll.jitter.ms is not set.',
    { min: 0 },
  ),
  'log.roll.jitter.ms': long(null, 'Default of the topic config segment.jitter.ms.', { dynamic: true }),
  'log.roll.ms': long(null, 'Default of the topic config segment.ms.', { dynamic: true }),
  'log.scrub.interval.ms': long(
    '604800000',
    'Time in which all segments that get no more records are read again and checked once, ms; -1 for never.',
    { check: unlimitedOrPositive, own: true },
  ),
  'log.segment.bytes': int('1073741824', 'Default of the topic config segment.bytes.', {
    min: 1048576,
    dynamic: true,
  }),
  'log.segment.delete.delay.ms': long('60000', 'Default of the topic config file.delete.delay.ms.', {
    min: 0,
    dynamic: true,
  }),
  'message.max.bytes': int('1048588', 'Default of the topic config max.message.bytes.', {
    min: 0,
    dynamic: true,
  }),
  'min.insync.replicas': int('1', 'Default of the topic config of the same name.', { min: 1, dynamic: true }),
  'num.recovery.threads.per.data.dir': int('2', 'Threads that load a data directory at start.', {
    min: 1,
    dynamic: true,
    accepted: LOOP,
  }),
  'unclean.leader.election.enable': boolean('false', 'Default of the topic config of the same name.', {
    dynamic: true,
    accepted: RAFT,
  }),
  durability: string('fsync', 'Default of the topic config of the same name.', {
    oneOf: ['fsync', 'cached'],
    dynamic: true,
    own: true,
  }),
}
