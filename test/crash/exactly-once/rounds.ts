import { Child } from '../../support/child.ts'
import { clientProgram } from '../../support/clients.ts'
import { createTopic } from '../../support/topics.ts'
import { checkHistory } from '../checker.ts'
import type { CrashPlan, CrashServer } from '../harness.ts'
import type { CrashEvent } from '../history.ts'
import { seededRandom, sleep } from '../moments.ts'
import type { Violation } from '../violations.ts'
import { librdkafkaProducer, ownProducer, type Target, type Workload } from '../workload.ts'
import { checkCopies } from './checker.ts'
import { type CopiedRecord, parseCopy } from './copy.ts'
import { Observer } from './final-state.ts'
import { Pipeline, pipelinePlans } from './pipeline.ts'

/** How often, and with whom. */
export interface CopyPlan extends CrashPlan {
  /** Kills copiers only. */
  readonly sparesBroker?: boolean
  /** The copiers commit offsets beside their transactions: the harness has to notice. */
  readonly careless?: boolean
}

/** What came of it. */
export interface CopyReport {
  readonly brokerKills: number
  readonly copierKills: number
  /** Copiers that were halted, replaced, and let go on. */
  readonly stalls: number
  readonly acknowledged: number
  /** By pipeline. */
  readonly transactions: ReadonlyMap<string, number>
  /** Why copiers ended that nobody killed, by pipeline and reason. */
  readonly endings: ReadonlyMap<string, number>
  readonly violations: readonly Violation[]
}

/** Settings of the server: what has to time out does so within a few kills. */
export const COPY_SETTINGS = {
  'group.min.session.timeout.ms': '500',
  'group.initial.rebalance.delay.ms': '0',
  'offsets.topic.num.partitions': '3',
  'transaction.state.log.num.partitions': '3',
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': '500',
}

const SOURCE = 'exactly-once'
const SOURCE_PARTITIONS = 4
const TARGET_PARTITIONS = 3
const RECORDS_PER_TICK = 2
const TRANSACTION_TIMEOUT_MS = 5000
const SESSION_TIMEOUT_MS = 2000
const LOAD_MS_MAX = 1400
const PAUSE_MS_MAX = 200
const KILL_WHILE_STARTING_CHANCE = 0.2
const STARTING_MS_MAX = 400
const STALL_CHANCE = 0.1
/** Longer than a session and, at times, than a transaction may take. */
const STALL_MS_MAX = 6000
const ROUNDS_PER_PROGRESS = 5
const PROGRESS_MS = 120_000
/** Without any progress: then it is not waited for the end any longer. */
const QUIET_MS = 60_000
const STOP_MS = 30_000

/**
 * Copies a topic in transactions while it kills the broker and the copiers, `rounds` times at least, and checks at the
 * end that every record of the source was copied once.
 */
export async function runCopyRounds(plan: CopyPlan): Promise<CopyReport> {
  const run = await CopyRun.start(plan)
  try {
    for (let round = 1; round <= plan.rounds; round++) await run.round(round)
    return await run.end()
  } finally {
    await run.close()
  }
}

class CopyRun {
  readonly #plan: CopyPlan
  readonly #random: () => number
  readonly #history: CrashEvent[] = []
  readonly #pipelines: Pipeline[]
  readonly #producers: Workload[] = []
  readonly #seen = new Map<string, Map<number, CopiedRecord[]>>()
  #reader: Child | null = null
  #server: Awaited<ReturnType<CrashServer['start']>>
  #onCommit: (() => void) | null = null
  #counts = { brokerKills: 0, copierKills: 0, stalls: 0 }

  private constructor(plan: CopyPlan, server: Awaited<ReturnType<CrashServer['start']>>) {
    this.#plan = plan
    this.#random = seededRandom(plan.seed)
    this.#server = server
    const shared = {
      bootstrap: `127.0.0.1:${server.port}`,
      source: SOURCE,
      targetPartitions: TARGET_PARTITIONS,
      transactionTimeoutMs: TRANSACTION_TIMEOUT_MS,
      sessionTimeoutMs: SESSION_TIMEOUT_MS,
      careless: plan.careless ?? false,
    }
    const onCommit = (): void => this.#onCommit?.()
    this.#pipelines = pipelinePlans(plan.python).map((each) => new Pipeline(each, SOURCE, shared, onCommit))
  }

  static async start(plan: CopyPlan): Promise<CopyRun> {
    const run = new CopyRun(plan, await plan.server.start())
    try {
      await run.#start()
    } catch (error) {
      await run.close()
      throw error
    }
    return run
  }

  async #start(): Promise<void> {
    const { port } = this.#server
    const bootstrap = `127.0.0.1:${port}`
    await createTopic(bootstrap, SOURCE, SOURCE_PARTITIONS)
    for (const { target } of this.#pipelines) await createTopic(bootstrap, target, TARGET_PARTITIONS)
    const record = (event: CrashEvent): void => void this.#history.push(event)
    const target: Target = {
      port,
      topic: SOURCE,
      partitions: SOURCE_PARTITIONS,
      record,
      recordsPerTick: RECORDS_PER_TICK,
    }
    this.#producers.push(await ownProducer(target))
    if (this.#plan.python !== null) {
      this.#producers.push(librdkafkaProducer(target, this.#plan.python))
      this.#startReader(this.#plan.python, bootstrap)
    }
    for (const pipeline of this.#pipelines) pipeline.start()
    await this.#progress()
  }

  #startReader(python: string, bootstrap: string): void {
    const topics = this.#pipelines.map(({ target }) => `${target}:${TARGET_PARTITIONS}`)
    const program = clientProgram('committed-reader.py', 'crash')
    this.#reader = new Child(python, [program, bootstrap, ...topics], {
      onLine: (line) => {
        const [topic = '', partition, offset, value = ''] = line.split(' ')
        const partitions = this.#seen.get(topic) ?? new Map<number, CopiedRecord[]>()
        this.#seen.set(topic, partitions)
        const records = partitions.get(Number(partition)) ?? []
        partitions.set(Number(partition), records)
        records.push({ offset: Number(offset), copy: parseCopy(value) })
      },
    })
  }

  /** Kills the broker, or a copier, or both. */
  async round(round: number): Promise<void> {
    const random = this.#random
    await sleep(random() * LOAD_MS_MAX)
    if (random() < STALL_CHANCE) this.#stallCopier()
    const victim = random()
    const sparesBroker = this.#plan.sparesBroker === true
    if (victim > 0.4 || sparesBroker) await this.#killCopier()
    if ((victim < 0.4 || victim > 0.85) && !sparesBroker) await this.#killBroker()
    if (round % ROUNDS_PER_PROGRESS !== 0) return
    await this.#progress()
    this.#plan.log?.(`round ${round} of ${this.#plan.rounds}: ${this.#describeCommits()}`)
  }

  async #killBroker(): Promise<void> {
    const random = this.#random
    await this.#server.kill()
    this.#counts.brokerKills++
    await sleep(random() * PAUSE_MS_MAX)
    if (random() < KILL_WHILE_STARTING_CHANCE) {
      await this.#plan.server.killWhileStarting(random() * STARTING_MS_MAX)
      this.#counts.brokerKills++
    }
    this.#server = await this.#plan.server.start()
  }

  async #killCopier(): Promise<void> {
    const { pipeline, slot, isAbandoned } = this.#chooseCopier()
    await pipeline.kill(slot, isAbandoned)
    this.#counts.copierKills++
  }

  #stallCopier(): void {
    const { pipeline, slot, isAbandoned } = this.#chooseCopier()
    const wake = pipeline.stall(slot, isAbandoned)
    setTimeout(wake, this.#random() * STALL_MS_MAX).unref()
    this.#counts.stalls++
  }

  #chooseCopier(): { pipeline: Pipeline; slot: number; isAbandoned: boolean } {
    const all = this.#pipelines.flatMap((pipeline) =>
      Array.from({ length: pipeline.plan.copiers }, (_, slot) => ({ pipeline, slot })),
    )
    return { ...all[Math.floor(this.#random() * all.length)]!, isAbandoned: this.#random() < 0.3 }
  }

  #describeCommits(): string {
    return this.#pipelines
      .map(({ plan, transactions }) => `${transactions} transactions of ${plan.name}`)
      .join(', ')
  }

  /** Resolves when each pipeline has committed something new. */
  async #progress(): Promise<void> {
    const before = this.#pipelines.map(({ transactions }) => transactions)
    const idle = () => this.#pipelines.filter(({ transactions }, index) => transactions === before[index])
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        const names = idle().map(({ plan, endings }) => `${plan.name} (${describeEndings(endings)})`)
        reject(new Error(`no transaction of ${names.join(', ')} in ${PROGRESS_MS} ms`))
      }, PROGRESS_MS)
      this.#onCommit = () => {
        if (idle().length > 0) return
        clearTimeout(timer)
        this.#onCommit = null
        resolve()
      }
    })
  }

  /** Stops the input, lets the copiers come to the end of it, and checks. */
  async end(): Promise<CopyReport> {
    await Promise.all(this.#producers.splice(0).map((producer) => producer.stop()))
    for (const pipeline of this.#pipelines) await pipeline.killStalled()
    const observer = await Observer.open(this.#server.port, SOURCE)
    await observer.atRest(this.#pipelines, QUIET_MS)
    for (const pipeline of this.#pipelines) {
      const late = await pipeline.stop(STOP_MS)
      if (late > 0) throw new Error(`${late} copiers of ${pipeline.plan.name} did not end in ${STOP_MS} ms`)
    }
    const seen = await this.#seenToEnd(observer)
    const state = await observer.finalState(this.#pipelines, seen)
    observer.close()
    const endings = this.#pipelines.flatMap(({ plan, endings: each }) =>
      [...each].map(([reason, count]): [string, number] => [`${plan.name}: ${reason}`, count]),
    )
    return {
      ...this.#counts,
      acknowledged: this.#history.filter(({ kind }) => kind === 'acked').length,
      transactions: new Map(this.#pipelines.map(({ plan, transactions }) => [plan.name, transactions])),
      endings: new Map(endings),
      violations: [...checkHistory(this.#history, state.source), ...checkCopies(state)],
    }
  }

  /** What the reader was given, once it has had the time to come to the end. */
  async #seenToEnd(observer: Observer): Promise<Map<string, Map<number, CopiedRecord[]>> | null> {
    if (this.#reader === null) return null
    const endMs = performance.now() + STOP_MS
    for (const { target } of this.#pipelines) {
      for (const [partition, records] of await observer.readCopies(target)) {
        const given = (): number => this.#seen.get(target)?.get(partition)?.length ?? 0
        while (given() < records.length && performance.now() < endMs) await sleep(50)
      }
    }
    this.#reader.process.stdin!.end()
    const { code, stderr } = await this.#reader.exited
    if (code !== 0) throw new Error(`the reader ended with ${code}: ${stderr}`)
    return this.#seen
  }

  /** Ends every process that is left. */
  async close(): Promise<void> {
    for (const pipeline of this.#pipelines) await pipeline.killAll()
    await this.#reader?.kill('SIGKILL')
    await this.#server.stop()
  }
}

function describeEndings(endings: ReadonlyMap<string, number>): string {
  return [...endings].map(([reason, count]) => `${count} times ${reason}`).join('; ')
}
