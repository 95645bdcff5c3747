import { assert } from '../../../base/assert.ts'
import { ManualEnvironment } from '../../../base/environment.ts'
import { silentLogger } from '../../../base/logger.ts'
import type { Uuid } from '../../../base/uuid.ts'
import {
  type ApiName,
  type IncomingResponseOf,
  type OutgoingRequestOf,
  ServedApis,
} from '../../../protocol/api.ts'
import { MemoryMachineLog } from '../../coordinator/memory-machine-log.ts'
import { MachineRuntime } from '../../coordinator/runtime.ts'
import { metadataEventCodec } from '../../metadata/metadata-event.ts'
import type { MetadataChange } from '../../metadata/metadata-image.ts'
import { MetadataMachine } from '../../metadata/metadata-machine.ts'
import { MetadataNode } from '../../metadata/metadata-node.ts'
import type { ConnectionInfo, Handler } from '../../net/handler.ts'
import { BrokerOptions } from '../../options.ts'
import { throughCodecs } from '../test-kit.ts'
import { type AdminApi, createAdminHandlers } from './handlers.ts'
import type { AdminPorts, LogDirectory } from './ports.ts'

export const CLUSTER_ID = 'Kb5cQ0VTT0Km2PXJXdf0-A'

/** For the tests of this folder: the handlers on a metadata log in memory, asked through the codecs of each version. */
export class AdminRig {
  readonly environment = new ManualEnvironment()
  readonly log: MemoryMachineLog
  readonly changes: MetadataChange[] = []
  readonly metadata: MetadataNode
  readonly partitions = new FakePartitions()
  readonly logDirectory = new FakeLogDirectory()
  /** What the broker says it serves. */
  served: readonly ApiName[] = ['Metadata', 'ApiVersions', 'Produce', 'Fetch']
  readonly connection: ConnectionInfo
  readonly #handlers

  private constructor(settings: Record<string, string>, log: MemoryMachineLog) {
    this.log = log
    const options = BrokerOptions.from(settings)
    const machine = new MetadataMachine(CLUSTER_ID, options)
    const logger = silentLogger
    const { environment } = this
    const runtime = new MachineRuntime({
      machine,
      codec: metadataEventCodec,
      log,
      environment,
      logger,
      batchBytesMax: 1024 * 1024,
    })
    this.metadata = new MetadataNode({ machine, runtime, options, environment, logger })
    this.metadata.subscribe((change) => this.changes.push(change))
    const ports: AdminPorts = {
      metadata: this.metadata,
      options,
      partitions: this.partitions,
      environment,
      logDirectory: this.logDirectory,
      metadataLog: () => ({ leaderEpoch: 3, highWatermark: 40, endOffset: 41 }),
      advertised: () => new ServedApis(this.served).advertised,
      loggers: () => new Map([['root', 'INFO']]),
    }
    this.#handlers = createAdminHandlers(ports)
    this.connection = {
      id: 1,
      clientHost: '127.0.0.1',
      clientPort: 50000,
      localHost: '127.0.0.1',
      localPort: 9092,
      listenerName: 'PLAINTEXT',
      clientSoftwareName: 'unknown',
      clientSoftwareVersion: 'unknown',
      closed: false,
      onClose: () => () => {},
    }
  }

  static async start(
    settings: Record<string, string> = {},
    log: MemoryMachineLog = new MemoryMachineLog(),
  ): Promise<AdminRig> {
    const rig = new AdminRig(settings, log)
    await rig.metadata.start()
    return rig
  }

  /** The answer as a client of that version reads it. */
  async ask<Name extends AdminApi>(
    name: Name,
    apiVersion: number,
    request: OutgoingRequestOf<Name>,
  ): Promise<IncomingResponseOf<Name>> {
    const handler = this.#handlers[name] as unknown as Handler<Name>
    return throughCodecs(handler, name, apiVersion, request, this.connection)
  }

  async create(name: string, partitionCount = 1, configs: Record<string, string> = {}): Promise<Uuid> {
    const { topics } = await this.ask(
      'CreateTopics',
      7,
      creation([
        {
          name,
          numPartitions: partitionCount,
          configs: Object.entries(configs).map(([option, value]) => ({ name: option, value })),
        },
      ]),
    )
    assert(topics[0]?.errorCode === 0, `${name} is created`)
    return topics[0].topicId
  }
}

type CreateTopicsRequest = OutgoingRequestOf<'CreateTopics'>

/** A CreateTopics request; what a topic does not say is one partition with one replica. */
export function creation(
  topics: readonly (Partial<CreateTopicsRequest['topics'][number]> & { readonly name: string })[],
  rest: { readonly timeoutMs?: number; readonly validateOnly?: boolean } = {},
): CreateTopicsRequest {
  return {
    topics: topics.map((topic) => ({
      numPartitions: 1,
      replicationFactor: 1,
      assignments: [],
      configs: [],
      ...topic,
    })),
    timeoutMs: 10_000,
    validateOnly: false,
    ...rest,
  }
}

/** Partitions that come up at once, unless they are held back or broken. */
export class FakePartitions {
  epoch = 5
  isBroken = false
  /** Topics that were waited for, in order. */
  readonly asked: Uuid[] = []
  #gate: Promise<void> = Promise.resolve()
  #open: () => void = () => {}
  #isHeld = false

  async ready(topicId: Uuid): Promise<boolean> {
    this.asked.push(topicId)
    await this.#gate
    return !this.isBroken
  }

  leaderEpochOf(): number | null {
    return this.isBroken || this.#isHeld ? null : this.epoch
  }

  isDamaged(): boolean {
    return false
  }

  hold(): void {
    this.#isHeld = true
    this.#gate = new Promise((resolve) => {
      this.#open = resolve
    })
  }

  release(): void {
    this.#isHeld = false
    this.#open()
  }
}

/** A directory in which each partition that was named takes so many bytes. */
export class FakeLogDirectory implements LogDirectory {
  readonly path = '/data'
  readonly sizes = new Map<string, number>()
  isBroken = false

  sizeOf(topic: string, index: number): number | null {
    return this.sizes.get(`${topic}-${index}`) ?? null
  }

  async space(): Promise<{ readonly totalBytes: number; readonly usableBytes: number } | null> {
    return this.isBroken ? null : { totalBytes: 1000, usableBytes: 600 }
  }

  hasFailed(): boolean {
    return this.isBroken
  }
}

/** Lets everything that waits for nothing but promises go on. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve()
}
