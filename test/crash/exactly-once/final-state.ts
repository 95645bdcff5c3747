import { systemEnvironment } from '../../../src/base/environment.ts'
import { Cluster } from '../../../src/client/cluster.ts'
import { fetchCommitted } from '../../../src/client/committed-offsets.ts'
import { Consumer } from '../../../src/client/consumer.ts'
import { resolveOffsets } from '../../../src/client/offsets.ts'
import { partitionKey } from '../../../src/client/position.ts'
import { listTransactions } from '../../../src/client/transaction-admin.ts'
import { type FinalRecord, parseValue } from '../history.ts'
import { sleep } from '../moments.ts'
import { type CopiedRecord, type FinalState, type HeldBack, parseCopy } from './copy.ts'
import type { Pipeline } from './pipeline.ts'

const WAIT_MS = 100
const POLL_MS = 1000
const OPEN_STATES = ['Ongoing', 'PrepareCommit', 'PrepareAbort']

/** Looks at a broker from outside, by the client of src/. */
export class Observer {
  readonly #cluster: Cluster
  readonly #source: string

  private constructor(cluster: Cluster, source: string) {
    this.#cluster = cluster
    this.#source = source
  }

  static async open(port: number, source: string): Promise<Observer> {
    const bootstrap = [{ host: '127.0.0.1', port }]
    return new Observer(await Cluster.open({ bootstrap, environment: systemEnvironment }), source)
  }

  close(): void {
    this.#cluster.close()
  }

  /** Waits until each group is at the end of the source and no transaction is open, or nothing moves for so long. */
  async atRest(pipelines: readonly Pipeline[], quietMs: number): Promise<void> {
    const ends = await this.#ends(this.#source, 0)
    const isAtEnd = (committed: ReadonlyMap<number, number>): boolean =>
      [...ends].every(([partition, end]) => (committed.get(partition) ?? 0) >= end)
    let [before, endMs] = ['', 0]
    for (;;) {
      const committed = await Promise.all(pipelines.map(({ group }) => this.committed(group)))
      const open = await this.open()
      if (committed.every(isAtEnd) && open.length === 0) return
      const now = JSON.stringify([...committed.map((offsets) => [...offsets]), open])
      if (now !== before) endMs = performance.now() + quietMs
      else if (performance.now() > endMs) return
      before = now
      await sleep(WAIT_MS)
    }
  }

  /** What a group has committed of the source, by partition. */
  async committed(group: string): Promise<Map<number, number>> {
    const offsets = await fetchCommitted(this.#cluster, group)
    return new Map(offsets.map(({ partition, offset }) => [partition, offset]))
  }

  /** Transactional ids whose transaction is not over. */
  async open(): Promise<string[]> {
    const listed = await listTransactions(this.#cluster, { states: OPEN_STATES })
    return listed.map(({ transactionalId, state }) => `${transactionalId}: ${state}`)
  }

  /** The whole of what there is. `seen` is what a reader was given during the run, by topic. */
  async finalState(
    pipelines: readonly Pipeline[],
    seen: ReadonlyMap<string, ReadonlyMap<number, readonly CopiedRecord[]>> | null,
  ): Promise<FinalState> {
    const source = await this.#readCommitted<FinalRecord>(this.#source, (offset, text) => ({
      offset,
      written: parseValue(text),
    }))
    const outcomes = []
    for (const { plan, target, group, commits } of pipelines) {
      outcomes.push({
        name: plan.name,
        target: await this.readCopies(target),
        seen: seen === null ? null : (seen.get(target) ?? new Map()),
        commits,
        committed: await this.committed(group),
      })
    }
    const topics = [this.#source, ...pipelines.map(({ target }) => target), '__consumer_offsets']
    const heldBack = (await Promise.all(topics.map((topic) => this.#heldBack(topic)))).flat()
    return { source, pipelines: outcomes, heldBack, open: await this.open() }
  }

  /** The committed records of a target. */
  async readCopies(topic: string): Promise<Map<number, CopiedRecord[]>> {
    return await this.#readCommitted(topic, (offset, text) => ({ offset, copy: parseCopy(text) }))
  }

  async #readCommitted<Item>(
    topic: string,
    parse: (offset: number, text: string) => Item,
  ): Promise<Map<number, Item[]>> {
    const ends = await this.#ends(topic, 1)
    const items = new Map([...ends.keys()].map((partition) => [partition, [] as Item[]]))
    const consumer = new Consumer(this.#cluster, { whenOutOfRange: 'fail' })
    consumer.assign([...ends.keys()].map((partition) => ({ topic, partition, offset: 0 })))
    const isAtEnd = (): boolean =>
      consumer.positions().every(({ partition, offset }) => offset >= ends.get(partition)!)
    while (!isAtEnd()) {
      for (const { partition, offset, value } of await consumer.poll(POLL_MS))
        items.get(partition)!.push(parse(offset, String(value)))
    }
    consumer.close()
    return items
  }

  async #heldBack(topic: string): Promise<HeldBack[]> {
    const stable = await this.#ends(topic, 1)
    return [...(await this.#ends(topic, 0))]
      .map(([partition, highWatermark]) => ({
        topic,
        partition,
        lastStableOffset: stable.get(partition)!,
        highWatermark,
      }))
      .filter(({ lastStableOffset, highWatermark }) => lastStableOffset !== highWatermark)
  }

  async #ends(topic: string, isolationLevel: 0 | 1): Promise<Map<number, number>> {
    const { partitions } = await this.#cluster.retrying({ topics: [topic] }, () => this.#cluster.topic(topic))
    const questions = partitions.map(({ index }) => ({
      topic,
      partition: index,
      start: { kind: 'latest' as const },
    }))
    const offsets = await resolveOffsets(this.#cluster, questions, isolationLevel)
    return new Map(partitions.map(({ index }) => [index, offsets.get(partitionKey(topic, index))!]))
  }
}
