import { ByteAccount } from '../../base/byte-account.ts'
import type { Environment } from '../../base/environment.ts'
import type { Logger } from '../../base/logger.ts'
import type { Refusal } from '../../base/machine.ts'
import { Turn } from '../../base/turn.ts'
import type { ErrorName } from '../../protocol/error-codes.ts'
import { isLack } from '../../storage/storage-error.ts'
import type { CoordinatorTopic } from './coordinator-topic.ts'
import type { MachineLog } from './machine-log.ts'
import { partitionForGroup } from './partition-for-group.ts'
import { MachineRuntime, type Refused } from './runtime.ts'
import { Completions, type MarkerTargets } from './transactions/completions.ts'
import { transactionCodec } from './transactions/transaction-codec.ts'
import type { TransactionConfig } from './transactions/transaction-config.ts'
import type { AdmittedWrite, TransactionGate, TransactionWrite } from './transactions/transaction-gate.ts'
import { TransactionMachine } from './transactions/transaction-machine.ts'
import type {
  CompletionEffect,
  EndCommand,
  EndReply,
  InitCommand,
  InitReply,
  ListCommand,
  ListedTransaction,
  TransactionCommand,
  TransactionEvent,
  TransactionRecord,
  TransactionReply,
  TransactionRequests,
} from './transactions/transaction-types.ts'

export interface TransactionCoordinatorOptions {
  readonly topic: CoordinatorTopic
  readonly targets: MarkerTargets
  readonly config: TransactionConfig
  readonly environment: Environment
  readonly logger: Logger
  /** transaction.partition.verification.enable: older clients' writes are checked against their transaction. */
  readonly verifies: () => boolean
  /** Largest batch of the transaction topic. */
  readonly batchBytesMax: number
  /** A producer id that nobody has, or null where there is none now. */
  readonly nextProducerId: () => Promise<number | null>
}

type TransactionRuntime = MachineRuntime<
  TransactionCommand,
  TransactionEvent,
  TransactionReply,
  CompletionEffect
>

interface Leadership {
  readonly machine: TransactionMachine
  readonly runtime: TransactionRuntime
  readonly completions: Completions
}

/** Those whose writes make a partition part of the transaction have an epoch for each transaction. */
const VERSION_OF_ADDING_CLIENTS = 2

const REFUSAL_ERRORS: { readonly [Reason in Refusal]: ErrorName } = {
  loading: 'COORDINATOR_LOAD_IN_PROGRESS',
  'not-leader': 'NOT_COORDINATOR',
  unavailable: 'COORDINATOR_NOT_AVAILABLE',
  overloaded: 'COORDINATOR_NOT_AVAILABLE',
}

const ENSURE_MS_MAX = 1_000
const COMPLETION_RETRY_MS = 100
/** How long after it was dropped a machine is loaded again. */
const RELOAD_MS = 1_000

/** The transactional ids of the partitions of __transaction_state that this broker leads: one machine each. */
export class TransactionCoordinator implements TransactionGate {
  readonly #options: TransactionCoordinatorOptions
  readonly #leaderships = new Map<number, Leadership>()
  /** Of all transactional ids, whichever partition they are in. */
  readonly memory: ByteAccount

  constructor(options: TransactionCoordinatorOptions) {
    this.#options = options
    this.memory = new ByteAccount(options.config.memoryBytesMax)
  }

  /**
   * This broker leads the partition in this epoch from now on: its ids are loaded, then served, and what was decided
   * before is completed. Resolves when it serves; never rejects.
   */
  async lead(partition: number, log: MachineLog, leaderEpoch: number): Promise<void> {
    this.resign(partition)
    const { config, environment, logger, batchBytesMax, targets } = this.#options
    const completions = new Completions({
      targets,
      environment,
      logger,
      coordinatorEpoch: leaderEpoch,
      finished: (effect) => this.#finish(partition, runtime, effect),
    })
    const machine = new TransactionMachine(config, this.memory)
    let hasServed = false
    const runtime: TransactionRuntime = new MachineRuntime({
      machine,
      codec: transactionCodec,
      log,
      environment,
      logger,
      batchBytesMax,
      onEffect: (effect) => completions.begin(effect),
      onDropped: (refusal) => {
        completions.close()
        machine.close()
        logger.warn('transaction coordinator dropped', { partition, refusal })
        if (hasServed && refusal === 'unavailable') this.#reload(partition, log, leaderEpoch, runtime)
      },
    })
    this.#leaderships.set(partition, { machine, runtime, completions })
    try {
      await runtime.start()
      hasServed = true
    } catch (error) {
      logger.error('transactions could not be loaded', { partition, error: String(error) })
      if (isLack(error)) this.#reload(partition, log, leaderEpoch, runtime)
    }
  }

  /**
   * What the log says is served again, unless somebody else leads by then. A log that can't be read is not tried again, but
   * for one whose file no descriptor was left for.
   */
  #reload(partition: number, log: MachineLog, leaderEpoch: number, dropped: TransactionRuntime): void {
    this.#options.environment.setTimer(RELOAD_MS, () => {
      if (this.#leaderships.get(partition)?.runtime === dropped) void this.lead(partition, log, leaderEpoch)
    })
  }

  /** This broker does not lead the partition any more, or stops. */
  resign(partition: number, refusal: Refusal = 'not-leader'): void {
    const leadership = this.#leaderships.get(partition)
    leadership?.completions.close()
    leadership?.runtime.close(refusal)
    leadership?.machine.close()
    this.#leaderships.delete(partition)
  }

  /** Resigns from everything. */
  close(): void {
    for (const partition of [...this.#leaderships.keys()]) this.resign(partition)
  }

  /** Why each partition that is led here refuses its commands; null: it serves. */
  *refusals(): Iterable<Refusal | null> {
    for (const { runtime } of this.#leaderships.values()) yield runtime.refusal
  }

  /** What is known of every transactional id of the partitions led here: to be looked at within the turn. */
  *records(): Iterable<TransactionRecord> {
    for (const { machine } of this.#leaderships.values()) yield* machine.records.values()
  }

  /** Waits for the topic to be there, but not longer than a second. */
  ensureTopic(): Promise<boolean> {
    if (this.#options.topic.partitionCount() !== null) return Promise.resolve(true)
    return new Promise((resolve, reject) => {
      const timer = this.#options.environment.setTimer(ENSURE_MS_MAX, () => resolve(false))
      this.#options.topic.ensure().then((isThere) => {
        timer.cancel()
        resolve(isThere)
      }, reject)
    })
  }

  /** Partition that the coordinator of an id leads; null while the topic is not there. */
  partitionFor(transactionalId: string): number | null {
    const count = this.#options.topic.partitionCount()
    return count === null ? null : partitionForGroup(transactionalId, count)
  }

  /** Decides a command for one id. */
  async submit<Kind extends keyof TransactionRequests>(
    command: TransactionRequests[Kind]['command'],
  ): Promise<TransactionRequests[Kind]['reply'] | Refused> {
    const partition = this.partitionFor(command.transactionalId)
    const leadership = partition === null ? undefined : this.#leaderships.get(partition)
    if (leadership === undefined) return { refused: 'not-leader' }
    const reply = await leadership.runtime.submit(command)
    return reply as TransactionRequests[Kind]['reply'] | Refused
  }

  /** InitProducerId, with a new producer id where the epochs of the old one are used up. */
  async init(command: Omit<InitCommand, 'freshProducerId'>): Promise<InitReply | Refused> {
    const reply = await this.submit<'init'>({ ...command, freshProducerId: null })
    if ('refused' in reply || reply.kind === 'init') return reply
    const freshProducerId = await this.#options.nextProducerId()
    if (freshProducerId === null) return { refused: 'unavailable' }
    const second = await this.submit<'init'>({ ...command, freshProducerId })
    return 'refused' in second || second.kind === 'init' ? second : { refused: 'unavailable' }
  }

  /** EndTxn, as `init`. */
  async end(command: Omit<EndCommand, 'freshProducerId'>): Promise<EndReply | Refused> {
    const reply = await this.submit<'end'>({ ...command, freshProducerId: null })
    if ('refused' in reply || reply.kind === 'end') return reply
    const freshProducerId = await this.#options.nextProducerId()
    if (freshProducerId === null) return { refused: 'unavailable' }
    const second = await this.submit<'end'>({ ...command, freshProducerId })
    return 'refused' in second || second.kind === 'end' ? second : { refused: 'unavailable' }
  }

  async admit(write: TransactionWrite): Promise<AdmittedWrite> {
    const { transactionalId, producerId, producerEpoch, partitions } = write
    if (transactionalId === '') return { error: 'INVALID_REQUEST', missing: [] }
    const command = { transactionalId, producerId, producerEpoch, partitions }
    if (write.adds) {
      const reply = await this.submit<'add-partitions'>({
        kind: 'add-partitions',
        clientVersion: VERSION_OF_ADDING_CLIENTS,
        ...command,
      })
      return { error: 'refused' in reply ? REFUSAL_ERRORS[reply.refused] : reply.error, missing: [] }
    }
    if (!this.#options.verifies()) return { error: 'NONE', missing: [] }
    const reply = await this.submit<'verify-partitions'>({ kind: 'verify-partitions', ...command })
    return 'refused' in reply ? { error: REFUSAL_ERRORS[reply.refused], missing: [] } : reply
  }

  /** The ids of every partition led here, in turns of the event loop; refused where one of them can't say. */
  async list(filter: Omit<ListCommand, 'kind'>): Promise<readonly ListedTransaction[] | Refused> {
    const turn = new Turn(this.#options.environment)
    const replies: Promise<TransactionReply | Refused>[] = []
    for (const { runtime } of [...this.#leaderships.values()]) {
      replies.push(runtime.submit({ kind: 'list', ...filter }))
      if (turn.isOver) await turn.next()
    }
    const transactions: ListedTransaction[] = []
    for (const reply of await Promise.all(replies)) {
      if ('refused' in reply) {
        if (reply.refused !== 'not-leader') return reply
      } else if (reply.kind === 'list') for (const one of reply.transactions) transactions.push(one)
    }
    return transactions
  }

  #finish(partition: number, runtime: TransactionRuntime, effect: CompletionEffect): void {
    const { transactionalId, producerId, producerEpoch } = effect
    void runtime
      .submit({ kind: 'markers-written', transactionalId, producerId, producerEpoch })
      .then((reply) => {
        if (!('refused' in reply) || reply.refused === 'not-leader') return
        if (this.#leaderships.get(partition)?.runtime !== runtime) return
        this.#options.environment.setTimer(COMPLETION_RETRY_MS, () =>
          this.#finish(partition, runtime, effect),
        )
      })
  }
}
