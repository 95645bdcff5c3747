import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { assert } from '../src/base/assert.ts'
import { systemEnvironment } from '../src/base/environment.ts'
import { silentLogger } from '../src/base/logger.ts'
import { Broker } from '../src/broker/broker.ts'
import { BrokerOptions } from '../src/broker/options.ts'
import { type AdvertisedApi, API_NAMES, API_TABLE, type ApiName } from '../src/protocol/api.ts'
import { MemoryFileSystem } from '../src/storage/memory-file-system.ts'

/**
 * Writes docs/protocol.md: the APIs and versions as a broker on a disk in memory advertises them, and the notes below.
 * `--check` writes nothing and fails on a difference. An API that is neither served nor explained is an error.
 */

const PATH = join('docs', 'protocol.md')

const NO_TOKENS = 'There are no delegation tokens: DELEGATION_TOKEN_REQUEST_NOT_ALLOWED.'
const NO_AUTHORIZER = 'There is no authorizer: SECURITY_DISABLED.'
const NO_AUTHENTICATION = 'There is no authentication: ILLEGAL_SASL_STATE.'
const SHARE_OFFSETS = 'There are no share groups, and none is made: GROUP_ID_NOT_FOUND.'
const NO_SHARE = 'There are no share groups: UNSUPPORTED_VERSION, as in a Kafka whose share.version is 0.'
const FIXED_VOTERS = 'Voters are fixed: UNSUPPORTED_VERSION.'

/** What is worth knowing of an API that is served: mostly where it differs from Kafka. */
const NOTES: { readonly [Name in ApiName]?: string } = {
  Produce: 'Advertised from 0 for old clients that take it as a sign of compression; served from 3.',
  ListOffsets:
    'Waits for what was appended before the question to be durable; in Kafka it is not waited for.',
  DeleteRecords:
    'Waits for what was appended before the question to be durable; in Kafka it is not waited for.',
  CreateTopics: 'Only this broker can hold replicas.',
  AlterConfigs:
    'Topics, brokers, groups, subscriptions to client metrics. Replaces all that was set. A resource that is named twice is refused; Kafka does not answer.',
  IncrementalAlterConfigs:
    'Topics, brokers, groups, subscriptions to client metrics (which are kept, and nobody pushes any). A name that no broker knows is refused with INVALID_CONFIG, where Kafka keeps it for plugins; so are options for a single listener (`listener.name.…`) and throttles of replication. Secrets, listeners, classes of the Java virtual machine and levels of loggers are only read at the start: INVALID_REQUEST. So is an operation that there is none of.',
  DescribeConfigs: 'The one logger is `root`.',
  DescribeLogDirs:
    'There is one directory, and nothing in it is moved or cordoned. Its usable bytes are 0 while writes are refused for lack of room.',
  ElectLeaders: 'Partitions elect their leaders themselves: the answer is ELECTION_NOT_NEEDED.',
  AlterPartitionReassignments: 'Takes what leaves a partition where it is.',
  ListPartitionReassignments: 'Nothing is ever on its way.',
  DescribeQuorum: 'The broker alone, at the address at which clients reach it. The log is Millrace’s own.',
  UpdateFeatures:
    'A feature stays at its highest level: only an update to that is taken, lower ones are refused.',
  SaslHandshake: NO_AUTHENTICATION,
  SaslAuthenticate: NO_AUTHENTICATION,
  DescribeAcls: NO_AUTHORIZER,
  CreateAcls: NO_AUTHORIZER,
  DeleteAcls: NO_AUTHORIZER,
  CreateDelegationToken: NO_TOKENS,
  RenewDelegationToken: NO_TOKENS,
  ExpireDelegationToken: NO_TOKENS,
  DescribeDelegationToken: NO_TOKENS,
  DescribeClientQuotas: 'There are none.',
  AlterClientQuotas:
    'Quotas are not enforced: to set one is UNSUPPORTED_VERSION, where Kafka keeps it. To remove one succeeds.',
  DescribeUserScramCredentials: 'There are no users.',
  AlterUserScramCredentials:
    'There is no authentication: a password is UNSUPPORTED_SASL_MECHANISM, where Kafka keeps it.',
  AlterReplicaLogDirs: 'There is one directory: what lies there may stay, others are LOG_DIR_NOT_FOUND.',
  UnregisterBroker:
    'The broker itself cannot be taken away, INVALID_REQUEST; Kafka does, and can no longer be reached.',
  AddRaftVoter: FIXED_VOTERS,
  RemoveRaftVoter: FIXED_VOTERS,
  ConsumerGroupDescribe:
    'There are classic groups only: GROUP_ID_NOT_FOUND, and clients ask by DescribeGroups.',
  ShareGroupDescribe: 'There are no share groups: GROUP_ID_NOT_FOUND.',
  StreamsGroupDescribe: 'There are no streams groups: GROUP_ID_NOT_FOUND.',
  DescribeShareGroupOffsets: 'There are none.',
  ConsumerGroupHeartbeat:
    'There are classic groups only: UNSUPPORTED_VERSION, as in a Kafka whose group.version is 0. Clients say so, or go on by the classic protocol; where it is not advertised some wait for ever.',
  ShareGroupHeartbeat: NO_SHARE,
  ShareFetch: NO_SHARE,
  ShareAcknowledge: NO_SHARE,
  StreamsGroupHeartbeat:
    'There are no streams groups: UNSUPPORTED_VERSION, as in a Kafka whose streams.version is 0.',
  AlterShareGroupOffsets: SHARE_OFFSETS,
  DeleteShareGroupOffsets: SHARE_OFFSETS,
}

const TELEMETRY = 'Client metrics are not collected; Kafka does not advertise it either without a receiver.'
const SHARE_STATE = 'Brokers ask each other by it for the state of share groups.'

/** Why an API is not served. Told for whatever is not advertised. */
const REASONS: { readonly [Name in ApiName]?: string } = {
  GetTelemetrySubscriptions: TELEMETRY,
  PushTelemetry: TELEMETRY,
  InitializeShareGroupState: SHARE_STATE,
  ReadShareGroupState: SHARE_STATE,
  WriteShareGroupState: SHARE_STATE,
  DeleteShareGroupState: SHARE_STATE,
  ReadShareGroupStateSummary: SHARE_STATE,
}

async function advertisedApis(): Promise<readonly AdvertisedApi[]> {
  const broker = await Broker.start({
    options: BrokerOptions.from({ 'log.dirs': '/data', listeners: 'PLAINTEXT://127.0.0.1:0' }),
    environment: systemEnvironment,
    logger: silentLogger,
    fileSystem: new MemoryFileSystem(),
  })
  try {
    return broker.apis
  } finally {
    await broker.close()
  }
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line), '']
}

function generate(apis: readonly AdvertisedApi[]): string {
  const served = new Map(apis.map((api) => [api.apiKey, api]))
  const names = [...API_NAMES].sort((a, b) => API_TABLE[a].key - API_TABLE[b].key)
  const servedRows: string[][] = []
  const otherRows: string[][] = []
  for (const name of names) {
    const { key } = API_TABLE[name]
    const api = served.get(key)
    if (api !== undefined) {
      servedRows.push([String(key), name, `${api.minVersion} to ${api.maxVersion}`, NOTES[name] ?? ''])
      continue
    }
    const reason = REASONS[name]
    assert(reason !== undefined, `${name} is served, or there is a reason why not`)
    otherRows.push([String(key), name, reason])
  }
  const lines = [
    '# Protocol',
    '',
    'Written by `scripts/generate-protocol-doc.ts` from what a broker advertises.',
    '',
    `Of the ${names.length} APIs on the listener of a Kafka 4.3 broker, ${servedRows.length} are served, each at all of Kafka's versions. What is not served is not`,
    'advertised either, and a request for it closes the connection, as Kafka does it. Error codes are those of Kafka 4.3; the',
    'text beside them is our own.',
    '',
    '## Served',
    '',
    ...table(['Key', 'API', 'Versions', 'Notes'], servedRows),
    '## Not served',
    '',
    ...table(['Key', 'API', 'Why'], otherRows),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}

async function main(): Promise<void> {
  const text = generate(await advertisedApis())
  const present = existsSync(PATH) ? readFileSync(PATH, 'utf8') : ''
  if (present === text) return
  if (process.argv.includes('--check')) {
    console.error(
      `${PATH} is not what the broker advertises. Run \`node dist/scripts/generate-protocol-doc.js\`.`,
    )
    process.exitCode = 1
    return
  }
  writeFileSync(PATH, text)
}

await main()
