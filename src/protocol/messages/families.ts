import * as acls from './acls.ts'
import * as cluster from './cluster.ts'
import * as configs from './configs.ts'
import * as connection from './connection.ts'
import * as consumerGroups from './consumer-groups.ts'
import * as consumerProtocol from './consumer-protocol.ts'
import * as credentials from './credentials.ts'
import * as groupRecords from './group-records.ts'
import * as groups from './groups.ts'
import * as logDirs from './log-dirs.ts'
import * as metadata from './metadata.ts'
import * as offsets from './offsets.ts'
import * as produceFetch from './produce-fetch.ts'
import * as quotas from './quotas.ts'
import * as shareGroupRecords from './share-group-records.ts'
import * as shareGroups from './share-groups.ts'
import * as shareRecords from './share-records.ts'
import * as shareState from './share-state.ts'
import * as streamsGroupRecords from './streams-group-records.ts'
import * as streamsGroups from './streams-groups.ts'
import * as telemetry from './telemetry.ts'
import * as topics from './topics.ts'
import * as transactionRecords from './transaction-records.ts'
import * as transactions from './transactions.ts'

/** Every file of messages, by its name: what the codecs are generated from. */
export const FAMILIES = {
  acls,
  cluster,
  configs,
  connection,
  'consumer-groups': consumerGroups,
  'consumer-protocol': consumerProtocol,
  credentials,
  'group-records': groupRecords,
  groups,
  'log-dirs': logDirs,
  metadata,
  offsets,
  'produce-fetch': produceFetch,
  quotas,
  'share-group-records': shareGroupRecords,
  'share-groups': shareGroups,
  'share-records': shareRecords,
  'share-state': shareState,
  'streams-group-records': streamsGroupRecords,
  'streams-groups': streamsGroups,
  telemetry,
  topics,
  'transaction-records': transactionRecords,
  transactions,
} as const
