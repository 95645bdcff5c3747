import { ManualEnvironment } from '../../../base/environment.ts'
import { silentLogger } from '../../../base/logger.ts'
import { MemoryMachineLog } from '../memory-machine-log.ts'
import { MachineRuntime, type Refused } from '../runtime.ts'
import { transactionCodec } from './transaction-codec.ts'
import { TRANSACTION_CONFIG_DEFAULTS, type TransactionConfig } from './transaction-config.ts'
import { TransactionMachine } from './transaction-machine.ts'
import type {
  CompletionEffect,
  EndReply,
  InitReply,
  NeedsProducerIdReply,
  ProducerEpoch,
  TopicPartitions,
  TransactionCommand,
  TransactionEvent,
  TransactionReply,
} from './transaction-types.ts'

/** One hosted transaction machine on a manual clock, for tests: one transactional id, whose markers the test writes. */
export class TransactionRig {
  readonly environment: ManualEnvironment
  readonly log: MemoryMachineLog
  readonly machine: TransactionMachine
  /** Completions that were asked for and not taken by `complete`. */
  readonly effects: CompletionEffect[] = []
  readonly #runtime: MachineRuntime<TransactionCommand, TransactionEvent, TransactionReply, CompletionEffect>
  #nextProducerId = 1000

  private constructor(environment: ManualEnvironment, log: MemoryMachineLog, config: TransactionConfig) {
    this.environment = environment
    this.log = log
    this.machine = new TransactionMachine(config)
    this.#runtime = new MachineRuntime({
      machine: this.machine,
      codec: transactionCodec,
      log,
      environment,
      logger: silentLogger,
      batchBytesMax: 1024 * 1024,
      onEffect: (effect) => this.effects.push(effect),
    })
  }

  static async start(
    config: Partial<TransactionConfig> = {},
    log = new MemoryMachineLog(),
  ): Promise<TransactionRig> {
    const environment = new ManualEnvironment()
    const rig = new TransactionRig(environment, log, { ...TRANSACTION_CONFIG_DEFAULTS, ...config })
    await rig.#runtime.start()
    return rig
  }

  /** Another life on what this one has committed. The clock starts anew. */
  restart(config: Partial<TransactionConfig> = {}): Promise<TransactionRig> {
    this.#runtime.close()
    return TransactionRig.start(config, new MemoryMachineLog({ batches: this.log.batches }))
  }

  async submit(command: TransactionCommand): Promise<TransactionReply | Refused> {
    return this.#runtime.submit(command)
  }

  async init(expected: ProducerEpoch | null = null, timeoutMs = 60_000): Promise<InitReply> {
    const command = { kind: 'init', transactionalId: 't', timeoutMs, expected } as const
    const reply = await this.#withProducerId((freshProducerId) =>
      this.submit({ ...command, freshProducerId }),
    )
    return reply as InitReply
  }

  async add(
    producer: ProducerEpoch,
    partitions: readonly TopicPartitions[],
    clientVersion = 0,
  ): Promise<string> {
    const { producerId, producerEpoch } = producer
    const kind = 'add-partitions'
    const command = {
      kind,
      transactionalId: 't',
      producerId,
      producerEpoch,
      partitions,
      clientVersion,
    } as const
    return errorOf(await this.submit(command))
  }

  async verify(
    producer: ProducerEpoch,
    partitions: readonly TopicPartitions[],
  ): Promise<TransactionReply | Refused> {
    const { producerId, producerEpoch } = producer
    return this.submit({
      kind: 'verify-partitions',
      transactionalId: 't',
      producerId,
      producerEpoch,
      partitions,
    })
  }

  async end(producer: ProducerEpoch, isCommit: boolean, clientVersion = 0): Promise<EndReply> {
    const { producerId, producerEpoch } = producer
    const command = {
      kind: 'end',
      transactionalId: 't',
      producerId,
      producerEpoch,
      isCommit,
      clientVersion,
    } as const
    const reply = await this.#withProducerId((freshProducerId) =>
      this.submit({ ...command, freshProducerId }),
    )
    return reply as EndReply
  }

  /** The markers of the oldest decision are written. */
  async complete(): Promise<CompletionEffect> {
    const effect = this.effects.shift()!
    const { transactionalId, producerId, producerEpoch } = effect
    await this.submit({ kind: 'markers-written', transactionalId, producerId, producerEpoch })
    return effect
  }

  /** State and epoch of the id, in one line. */
  get state(): string {
    const record = this.machine.records.get('t')
    return record === undefined ? 'none' : `${record.state} ${record.producerId}/${record.producerEpoch}`
  }

  async #withProducerId(
    ask: (freshProducerId: number | null) => Promise<TransactionReply | Refused>,
  ): Promise<TransactionReply | Refused> {
    const reply = await ask(null)
    const isNeeded =
      'kind' in reply && reply.kind === ('needs-producer-id' satisfies NeedsProducerIdReply['kind'])
    return isNeeded ? ask(this.#nextProducerId++) : reply
  }
}

function errorOf(reply: TransactionReply | Refused): string {
  if ('refused' in reply) return reply.refused
  return 'error' in reply ? reply.error : 'NONE'
}
