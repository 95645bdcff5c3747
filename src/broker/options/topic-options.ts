import { boolean, double, int, list, long, string } from '../../base/options.ts'
import { gzipLevel, mustBeFalse, throttledReplicas } from './checks.ts'
import { DURABILITY, LEVEL, RAFT, REMOTE, THROTTLE } from './reasons.ts'

/** What a topic can be given of its own. */
export const topicOptions = {
  'cleanup.policy': list(
    'delete',
    'What becomes of old segments: delete drops them by age or size, compact keeps the last record of each key, both together do both, and an empty list keeps everything.',
    {
      oneOf: ['compact', 'delete'],
      dynamic: true,
    },
  ),
  'compression.gzip.level': int(
    '-1',
    "gzip level of batches the broker compresses, -1 for gzip's own default.",
    { min: -1, max: 9, check: gzipLevel, dynamic: true },
  ),
  'compression.lz4.level': int('9', 'lz4 level of batches the broker compresses.', {
    min: 1,
    max: 17,
    dynamic: true,
    accepted: LEVEL,
  }),
  'compression.type': string(
    'producer',
    'Codec of the stored batches; producer keeps each batch as it came.',
    { oneOf: ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'], dynamic: true },
  ),
  'compression.zstd.level': int('3', 'zstd level of batches the broker compresses.', {
    min: -131072,
    max: 22,
    dynamic: true,
  }),
  'delete.retention.ms': long(
    '86400000',
    'How long a compacted topic keeps a tombstone after the key was cleaned, ms.',
    { min: 0, dynamic: true },
  ),
  'file.delete.delay.ms': long(
    '60000',
    'Time between taking a segment out of the log and deleting its files, ms.',
    { min: 0, dynamic: true },
  ),
  'flush.messages': long('9223372036854775807', 'Records after which the log is flushed to disk.', {
    min: 1,
    dynamic: true,
    accepted: DURABILITY,
  }),
  'flush.ms': long('9223372036854775807', 'Time after which the log is flushed to disk, ms.', {
    min: 0,
    dynamic: true,
    accepted: DURABILITY,
  }),
  'follower.replication.throttled.replicas': list(
    '',
    'Partition:broker pairs whose follower traffic is throttled, or *.',
    { check: throttledReplicas, dynamic: true, accepted: THROTTLE },
  ),
  'index.interval.bytes': int('4096', 'Bytes of records between two entries of the offset index.', {
    min: 0,
    dynamic: true,
  }),
  'leader.replication.throttled.replicas': list(
    '',
    'Partition:broker pairs whose leader traffic is throttled, or *.',
    { check: throttledReplicas, dynamic: true, accepted: THROTTLE },
  ),
  'local.retention.bytes': long(
    '-2',
    'Bytes kept on local disk of a tiered topic; -2 means retention.bytes.',
    { min: -2, dynamic: true, accepted: REMOTE },
  ),
  'local.retention.ms': long('-2', 'Age kept on local disk of a tiered topic, ms; -2 means retention.ms.', {
    min: -2,
    dynamic: true,
    accepted: REMOTE,
  }),
  'max.compaction.lag.ms': long('9223372036854775807', 'Longest time a record may wait for compaction, ms.', {
    min: 1,
    dynamic: true,
  }),
  'max.message.bytes': int('1048588', 'Largest record batch the topic takes, after compression, bytes.', {
    min: 0,
    dynamic: true,
  }),
  'message.timestamp.after.max.ms': long(
    '3600000',
    "How far a record's own timestamp may lie ahead of the broker's clock, ms; CreateTime only.",
    { min: 0, dynamic: true },
  ),
  'message.timestamp.before.max.ms': long(
    '9223372036854775807',
    "How far a record's own timestamp may lie behind the broker's clock, ms; CreateTime only.",
    { min: 0, dynamic: true },
  ),
  'message.timestamp.type': string(
    'CreateTime',
    "Whose clock stamps a record: CreateTime the producer's, LogAppendTime the broker's.",
    { oneOf: ['CreateTime', 'LogAppendTime'], dynamic: true },
  ),
  'min.cleanable.dirty.ratio': double(
    '0.5',
    'Share of a compacted log that must be uncleaned before it is cleaned again.',
    { min: 0, max: 1, dynamic: true },
  ),
  'min.compaction.lag.ms': long('0', 'Shortest time a record stays uncompacted, ms.', {
    min: 0,
    dynamic: true,
  }),
  'min.insync.replicas': int('1', 'In-sync replicas that must exist for a write with acks=all to be taken.', {
    min: 1,
    dynamic: true,
  }),
  preallocate: boolean('false', "Whether a new segment's file is allocated in full.", {
    dynamic: true,
  }),
  'remote.log.copy.disable': boolean('false', 'Stops copying segments to the remote tier.', {
    dynamic: true,
    accepted: REMOTE,
  }),
  'remote.log.delete.on.disable': boolean(
    'false',
    "Deletes the remote tier's segments when tiering is switched off.",
    { dynamic: true, accepted: REMOTE },
  ),
  'remote.storage.enable': boolean('false', 'Keeps older segments on a remote tier.', {
    check: mustBeFalse(REMOTE),
    dynamic: true,
    accepted: REMOTE,
  }),
  'retention.bytes': long('-1', 'Bytes a partition keeps before its oldest segments go; -1 for no bound.', {
    dynamic: true,
  }),
  'retention.ms': long('604800000', 'Age at which a segment goes, ms; -1 for never.', {
    min: -1,
    dynamic: true,
  }),
  'segment.bytes': int('1073741824', 'Largest size of one segment file, bytes.', {
    min: 1048576,
    dynamic: true,
  }),
  'segment.index.bytes': int('10485760', 'Largest size of one index file, bytes.', { min: 4, dynamic: true }),
  'segment.jitter.ms': long(
    '0',
    'Random time taken off segment.ms so that segments do not roll all at once, ms.',
    { min: 0, dynamic: true },
  ),
  'segment.ms': long('604800000', 'Age at which the active segment is rolled even when it is not full, ms.', {
    min: 1,
    dynamic: true,
  }),
  'unclean.leader.election.enable': boolean(
    'false',
    'Lets a replica that may miss acknowledged records lead when no other can.',
    { dynamic: true, accepted: RAFT },
  ),
  durability: string(
    'fsync',
    'When a write is acknowledged: fsync once it is on disk, cached once the operating system has it.',
    { oneOf: ['fsync', 'cached'], dynamic: true, own: true },
  ),
}
