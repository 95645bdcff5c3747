import { createTopic } from '../support/topics.ts'
import { checkHistory } from './checker.ts'
import { type CrashEvent, type FinalRecord, parseValue } from './history.ts'
import { seededRandom, sleep } from './moments.ts'
import type { Violation } from './violations.ts'
import {
  committingConsumer,
  kafkajsProducer,
  librdkafkaProducer,
  ownProducer,
  readCommitted,
  readWhole,
  type Target,
  type Workload,
} from './workload.ts'

/** A broker that can be started on data that another left, and ended at any moment. */
export interface CrashServer {
  /** Starts it, on the port that it had before, and resolves when it serves. */
  start(): Promise<{ readonly port: number; kill(): Promise<void>; stop(): Promise<unknown> }>
  /** Starts it and kills it `afterMs` later, whatever it has come to. */
  killWhileStarting(afterMs: number): Promise<void>
}

/** How often, and with whom. */
export interface CrashPlan {
  readonly server: CrashServer
  readonly rounds: number
  /** Decides when the kills fall. */
  readonly seed: number
  /** A Python with confluent_kafka, or null: its producer is left out. */
  readonly python: string | null
  readonly log?: (line: string) => void
}

/** What came of it. */
export interface CrashReport {
  readonly rounds: number
  readonly acknowledged: number
  readonly consumed: number
  readonly commits: number
  readonly violations: readonly Violation[]
}

const TOPIC = 'crash'
const GROUP = 'crash-group'
const PARTITIONS = 3
const LOAD_MS_MAX = 900
const PAUSE_MS_MAX = 200
const KILL_WHILE_STARTING_CHANCE = 0.25
const STARTING_MS_MAX = 400
const PROGRESS_MS = 60_000

/** Kills the broker `rounds` times under load and checks at the end that it kept what it had acknowledged. */
export async function runCrashRounds(plan: CrashPlan): Promise<CrashReport> {
  const random = seededRandom(plan.seed)
  const history = new History()
  let server = await plan.server.start()
  await createTopic(`127.0.0.1:${server.port}`, TOPIC, PARTITIONS)
  const target: Target = { port: server.port, topic: TOPIC, partitions: PARTITIONS, record: history.record }
  const producers = [await ownProducer(target), await kafkajsProducer(target)]
  if (plan.python !== null) producers.push(librdkafkaProducer(target, plan.python))
  const consumer = await committingConsumer(target, GROUP)
  await history.progress(producers)
  for (let round = 1; round <= plan.rounds; round++) {
    await sleep(random() * LOAD_MS_MAX)
    await server.kill()
    history.record({ kind: 'killed', round })
    await sleep(random() * PAUSE_MS_MAX)
    if (random() < KILL_WHILE_STARTING_CHANCE) await plan.server.killWhileStarting(random() * STARTING_MS_MAX)
    server = await plan.server.start()
    const askedAt = history.events.length
    for (const [partition, offset] of await readCommitted(server.port, GROUP, TOPIC)) {
      history.record({ kind: 'commit-read', partition, offset, askedAt })
    }
    await history.progress(producers)
    plan.log?.(`round ${round} of ${plan.rounds}: ${history.count('acked')} records acknowledged`)
  }
  await Promise.all(producers.map((producer) => producer.stop()))
  const finalLog = await readFinalLog(server.port)
  await history.consumedUpTo(finalLog)
  await consumer.stop()
  await server.stop()
  return {
    rounds: plan.rounds,
    acknowledged: history.count('acked'),
    consumed: history.count('consumed'),
    commits: history.count('commit-acked'),
    violations: checkHistory(history.events, finalLog),
  }
}

async function readFinalLog(port: number): Promise<Map<number, FinalRecord[]>> {
  const whole = await readWhole(port, TOPIC)
  return new Map(
    [...whole].map(([partition, records]) => [
      partition,
      records.map(({ offset, value }) => ({ offset, written: parseValue(value) })),
    ]),
  )
}

/** The events so far, and waiting for more of them. */
class History {
  readonly events: CrashEvent[] = []
  readonly #counts = new Map<string, number>()
  readonly #committed = new Map<number, number>()
  #watch: (() => void) | null = null

  readonly record = (event: CrashEvent): void => {
    this.events.push(event)
    this.#counts.set(event.kind, this.count(event.kind) + 1)
    if (event.kind === 'acked') {
      const name = `acked by ${event.producer}`
      this.#counts.set(name, this.count(name) + 1)
    }
    if (event.kind === 'commit-acked') this.#committed.set(event.partition, event.offset)
    this.#watch?.()
  }

  count(name: string): number {
    return this.#counts.get(name) ?? 0
  }

  /** Resolves when every producer has had something new acknowledged, and the consumer a commit. */
  async progress(producers: readonly Workload[]): Promise<void> {
    const names = ['commit-acked', ...producers.map(({ name }) => `acked by ${name}`)]
    const before = new Map(names.map((name) => [name, this.count(name)]))
    const idle = (): string[] => names.filter((name) => this.count(name) === before.get(name))
    await this.#until(
      () => idle().length === 0,
      () => `nothing new: ${idle().join(', ')}`,
    )
  }

  /** Resolves when the consumer has committed the whole log. */
  async consumedUpTo(finalLog: ReadonlyMap<number, readonly FinalRecord[]>): Promise<void> {
    const behind = (): number[] =>
      [...finalLog]
        .filter(([partition, records]) => (this.#committed.get(partition) ?? 0) < records.length)
        .map(([partition]) => partition)
    await this.#until(
      () => behind().length === 0,
      () => `the consumer did not reach the end of ${behind().join(', ')}`,
    )
  }

  async #until(reached: () => boolean, complaint: () => string): Promise<void> {
    if (reached()) return
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#watch = null
        reject(new Error(`${complaint()} in ${PROGRESS_MS} ms`))
      }, PROGRESS_MS)
      this.#watch = () => {
        if (!reached()) return
        clearTimeout(timer)
        this.#watch = null
        resolve()
      }
    })
  }
}
