import { boolean, int, long, string } from '../../base/options.ts'
import { mustBeFalse } from './checks.ts'
import { REMOTE } from './reasons.ts'

/** Tiered storage. */
export const remoteOptions = {
  'remote.fetch.max.wait.ms': int('500', 'Time a fetch waits for the remote tier, ms.', {
    min: 1,
    dynamic: true,
    accepted: REMOTE,
  }),
  'remote.list.offsets.request.timeout.ms': long(
    '30000',
    'Time a look-up of offsets on the remote tier may take, ms.',
    { min: 1, dynamic: true, accepted: REMOTE },
  ),
  'remote.log.index.file.cache.total.size.bytes': long(
    '1073741824',
    'Bytes of index files of the remote tier kept locally.',
    { min: 1, dynamic: true, accepted: REMOTE },
  ),
  'remote.log.manager.copier.thread.pool.size': int('10', 'Threads that copy segments to the remote tier.', {
    min: 1,
    dynamic: true,
    accepted: REMOTE,
  }),
  'remote.log.manager.copy.max.bytes.per.second': long(
    '9223372036854775807',
    'Bytes a second copied to the remote tier at most.',
    { min: 1, dynamic: true, accepted: REMOTE },
  ),
  'remote.log.manager.copy.quota.window.num': int('11', 'Samples kept of the traffic to the remote tier.', {
    min: 1,
    accepted: REMOTE,
  }),
  'remote.log.manager.copy.quota.window.size.seconds': int(
    '1',
    'Length of a sample of the traffic to the remote tier, s.',
    { min: 1, accepted: REMOTE },
  ),
  'remote.log.manager.expiration.thread.pool.size': int(
    '10',
    'Threads that delete expired segments of the remote tier.',
    { min: 1, dynamic: true, accepted: REMOTE },
  ),
  'remote.log.manager.fetch.max.bytes.per.second': long(
    '9223372036854775807',
    'Bytes a second fetched from the remote tier at most.',
    { min: 1, dynamic: true, accepted: REMOTE },
  ),
  'remote.log.manager.fetch.quota.window.num': int(
    '11',
    'Samples kept of the traffic from the remote tier.',
    { min: 1, accepted: REMOTE },
  ),
  'remote.log.manager.fetch.quota.window.size.seconds': int(
    '1',
    'Length of a sample of the traffic from the remote tier, s.',
    { min: 1, accepted: REMOTE },
  ),
  'remote.log.manager.follower.thread.pool.size': int('2', 'Threads of followers on the remote tier.', {
    min: 1,
    dynamic: true,
    accepted: REMOTE,
  }),
  'remote.log.manager.task.interval.ms': long('30000', 'Time between two runs of the tiering tasks, ms.', {
    min: 1,
    accepted: REMOTE,
  }),
  'remote.log.manager.thread.pool.size': int('2', 'Threads of the tiering tasks.', {
    min: 1,
    accepted: REMOTE,
  }),
  'remote.log.metadata.custom.metadata.max.bytes': int(
    '128',
    'Largest note a storage plugin may keep with a segment, bytes.',
    { min: 0, accepted: REMOTE },
  ),
  'remote.log.metadata.manager.class.name': string(
    'org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager',
    "Class that keeps the remote tier's metadata.",
    { accepted: REMOTE },
  ),
  'remote.log.metadata.manager.class.path': string(null, "Class path of the remote tier's metadata class.", {
    accepted: REMOTE,
  }),
  'remote.log.metadata.manager.impl.prefix': string(
    'rlmm.config.',
    "Prefix of the settings of the remote tier's metadata class.",
    { accepted: REMOTE },
  ),
  'remote.log.metadata.manager.listener.name': string(
    null,
    "Listener that the remote tier's metadata class connects to.",
    { accepted: REMOTE },
  ),
  'remote.log.reader.max.pending.tasks': int('100', 'Reads from the remote tier that may wait.', {
    min: 1,
    accepted: REMOTE,
  }),
  'remote.log.reader.threads': int('10', 'Threads that read from the remote tier.', {
    min: 1,
    dynamic: true,
    accepted: REMOTE,
  }),
  'remote.log.storage.manager.class.name': string(null, 'Class that stores segments on the remote tier.', {
    accepted: REMOTE,
  }),
  'remote.log.storage.manager.class.path': string(null, "Class path of the remote tier's storage class.", {
    accepted: REMOTE,
  }),
  'remote.log.storage.manager.impl.prefix': string(
    'rsm.config.',
    "Prefix of the settings of the remote tier's storage class.",
    { accepted: REMOTE },
  ),
  'remote.log.storage.system.enable': boolean('false', 'Switches tiered storage on.', {
    check: mustBeFalse(REMOTE),
    accepted: REMOTE,
  }),
}
