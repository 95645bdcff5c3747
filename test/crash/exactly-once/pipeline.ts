import { join } from 'node:path'
import { Child } from '../../support/child.ts'
import { clientProgram } from '../../support/clients.ts'
import { packageRoot } from '../../support/package-root.ts'
import type { CopierSettings } from './copier-program.ts'
import type { SourceRange } from './copy.ts'

/** A client, how many copiers of it there are, and what the broker can tell one of its members from another by. */
export interface PipelinePlan {
  readonly name: string
  readonly copiers: number
  /** The broker sees which member of the group sends offsets, and refuses one that has been replaced (KIP-447). */
  readonly isFencedByGroup: boolean
  readonly command: string
  readonly program: string
}

/** What the copiers of all pipelines have in common. */
export type SharedSettings = Pick<
  CopierSettings,
  'bootstrap' | 'source' | 'targetPartitions' | 'transactionTimeoutMs' | 'sessionTimeoutMs' | 'careless'
>

/** librdkafka (through Python) where it is there, kafkajs, and transactions of version 2 by the client of src/. */
export function pipelinePlans(python: string | null): PipelinePlan[] {
  const program = (name: string): string => join(packageRoot, 'dist/test/crash/exactly-once', name)
  const alone = { copiers: 1, isFencedByGroup: false, command: process.execPath }
  const plans = [
    { ...alone, name: 'kafkajs', program: program('kafkajs-copier.js') },
    { ...alone, name: 'own', program: program('own-copier.js') },
  ]
  if (python === null) return plans
  const librdkafka = { copiers: 2, isFencedByGroup: true, command: python }
  return [{ ...librdkafka, name: 'librdkafka', program: clientProgram('copier.py', 'crash') }, ...plans]
}

interface Copier {
  readonly slot: number
  readonly child: Child
}

/** How long after a copier that ended by itself another takes its place. */
const RESTART_MS = 200

/** The copiers of one client, which are replaced whenever one of them ends. */
export class Pipeline {
  readonly plan: PipelinePlan
  readonly target: string
  readonly group: string
  readonly commits: SourceRange[] = []
  /** How many transactions were acknowledged as committed. */
  transactions = 0
  /** Why copiers ended that nobody killed, and how many. */
  readonly endings = new Map<string, number>()
  readonly #shared: SharedSettings
  readonly #onCommit: () => void
  readonly #copiers: Copier[] = []
  readonly #stalled = new Set<Copier>()
  readonly #transactionalIds: string[]
  #idCount = 0
  #isStopping = false

  constructor(plan: PipelinePlan, topicPrefix: string, shared: SharedSettings, onCommit: () => void) {
    this.plan = plan
    this.target = `${topicPrefix}-${plan.name}`
    this.group = `${topicPrefix}-${plan.name}`
    this.#shared = shared
    this.#onCommit = onCommit
    this.#transactionalIds = Array.from({ length: plan.copiers }, () => this.#nextId())
  }

  start(): void {
    for (let slot = 0; slot < this.plan.copiers; slot++) this.#startCopier(slot)
  }

  /**
   * SIGKILL, and another takes its place at once: with the same transactional id, which ends what the first had open, or
   * where the group fences, with `isAbandoned`, with a new one, so that the transaction is left to time out.
   */
  async kill(slot: number, isAbandoned: boolean): Promise<void> {
    const copier = this.#copiers[slot]!
    this.#replace(slot, isAbandoned)
    await copier.child.kill('SIGKILL')
  }

  /** Halts it, unknowing, and has it replaced in the same way; returns what lets it go on, into its fence. */
  stall(slot: number, isAbandoned: boolean): () => void {
    const copier = this.#copiers[slot]!
    copier.child.process.kill('SIGSTOP')
    this.#stalled.add(copier)
    this.#replace(slot, isAbandoned)
    return () => copier.child.process.kill('SIGCONT')
  }

  /** Ends those that were halted, which may have been woken. */
  async killStalled(): Promise<void> {
    await Promise.all([...this.#stalled].map(({ child }) => child.kill('SIGKILL')))
    this.#stalled.clear()
  }

  /** Lets the copiers come to an end. Resolves to how many did not in time. */
  async stop(waitMs: number): Promise<number> {
    this.#isStopping = true
    const stopping = this.#copiers.map(async ({ child }) => {
      child.process.stdin!.end()
      const timer = setTimeout(() => child.process.kill('SIGKILL'), waitMs)
      const { signal } = await child.exited
      clearTimeout(timer)
      return signal === 'SIGKILL'
    })
    const killed = await Promise.all(stopping)
    return killed.filter((wasKilled) => wasKilled).length
  }

  /** Ends all at once, when something went wrong. */
  async killAll(): Promise<void> {
    this.#isStopping = true
    await this.killStalled()
    await Promise.all(this.#copiers.map(({ child }) => child.kill('SIGKILL')))
  }

  #nextId(): string {
    return `${this.group}-${this.#idCount++}`
  }

  #replace(slot: number, isAbandoned: boolean): void {
    if (isAbandoned && this.plan.isFencedByGroup) this.#transactionalIds[slot] = this.#nextId()
    this.#startCopier(slot)
  }

  #startCopier(slot: number): void {
    const settings: CopierSettings = {
      ...this.#shared,
      target: this.target,
      group: this.group,
      transactionalId: this.#transactionalIds[slot]!,
      // The first is a static member, others are dynamic ones.
      instanceId: slot === 0 ? `${this.group}-static` : null,
    }
    let reason: string | null = null
    const child = new Child(this.plan.command, [this.plan.program, JSON.stringify(settings)], {
      onLine: (line) => {
        if (line.startsWith('committed ')) this.#committed(line)
        else if (line.startsWith('ended ')) reason = line.slice('ended '.length)
      },
    })
    const copier = { slot, child }
    this.#copiers[slot] = copier
    void child.exited.then(({ code, stderr }) => {
      if (code === null) return
      const wasStalled = this.#stalled.delete(copier)
      if (code !== 0) {
        const why = reason ?? `exit ${code}: ${stderr.slice(-500)}`
        this.#count(wasStalled ? `after it was halted: ${why}` : why)
      }
      if (this.#isStopping) return
      setTimeout(() => {
        if (!this.#isStopping && this.#copiers[slot] === copier) this.#startCopier(slot)
      }, RESTART_MS)
    })
  }

  #committed(line: string): void {
    for (const text of line.split(' ').slice(1)) {
      const [partition, first, end] = text.split(':').map(Number)
      this.commits.push({ partition: partition!, first: first!, end: end! })
    }
    this.transactions++
    this.#onCommit()
  }

  #count(reason: string): void {
    const plain = reason.replaceAll(/\d+/g, 'N')
    this.endings.set(plain, (this.endings.get(plain) ?? 0) + 1)
  }
}
