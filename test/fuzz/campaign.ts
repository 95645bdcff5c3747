import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { loadCompression } from '../../src/protocol/compression.ts'
import { Chance } from './chance.ts'
import { decoders, splitter } from './decoders.ts'
import { DirectoryTarget } from './directory.ts'
import { batches, compression, smallFiles } from './formats.ts'
import { LiveBroker, LiveTarget, ProduceTarget } from './live.ts'
import type { Target, Tried } from './target.ts'

export interface Finding {
  readonly target: string
  readonly seed: number
  readonly iteration: number
  readonly error: string
}

export interface Report {
  readonly executions: number
  /** What came of how many tries, by target and outcome. */
  readonly outcomes: ReadonlyMap<string, number>
  readonly findings: readonly Finding[]
  readonly delayMsMax: number
  readonly residentBytesMax: number
}

export interface CampaignOptions {
  readonly seed: number
  /** Asked between iterations with how many there were. */
  readonly isOver: (executions: number) => boolean
  /** Where what broke something is kept, or null. */
  readonly keep: string | null
  readonly log: (line: string) => void
  /** Whether slowness and memory are findings too: not where others share the machine or the process. */
  readonly isTimed: boolean
  /** Only this target, and of it only this iteration. */
  readonly only?: { readonly target: string; readonly iteration: number | null }
}

/** CPU time that one try may take in a target that never waits. */
const CPU_MS_MAX = 250
const LOOP_DELAY_MS_MAX = 1000
const RESIDENT_BYTES_MAX = 1500 * 1024 * 1024
const FINDINGS_MAX = 50
/** Nobody may wait that long for anything. */
const WAIT_MS_MAX = 20_000
const SLICE_MS = 50
/** Of an untimed campaign, where every target is to have its turn within few executions. */
const SLICE_EXECUTIONS = 50
const REPORT_MS = 15_000

/** Goes round the targets, each with its share of the time, until it is over or has found too much. */
export async function runCampaign(options: CampaignOptions): Promise<Report> {
  await loadCompression()
  const campaign = new Campaign(options)
  process.on('uncaughtException', campaign.escaped)
  process.on('unhandledRejection', campaign.escaped)
  try {
    await campaign.run()
  } finally {
    process.off('uncaughtException', campaign.escaped)
    process.off('unhandledRejection', campaign.escaped)
  }
  return campaign.report()
}

class Campaign {
  readonly #options: CampaignOptions
  readonly #targets: readonly Target[]
  readonly #iterations = new Map<string, number>()
  readonly #outcomes = new Map<string, number>()
  readonly #findings: Finding[] = []
  readonly #seen = new Set<string>()
  readonly #delay = monitorEventLoopDelay({ resolution: 10 })
  #current: { target: Target; iteration: number; tried: Tried } | null = null
  #executions = 0
  #delayMsMax = 0
  #residentBytesMax = 0
  #reportedMs = performance.now()
  #watchedCpu = process.cpuUsage()

  constructor(options: CampaignOptions) {
    this.#options = options
    const live = new LiveBroker()
    const all: Target[] = [
      decoders,
      splitter,
      batches,
      compression,
      smallFiles,
      new DirectoryTarget(),
      new LiveTarget(live),
      new ProduceTarget(live),
    ]
    const only = options.only?.target
    this.#targets = only === undefined ? all : all.filter(({ name }) => name === only)
    if (this.#targets.length === 0)
      throw new Error(`no target ${only}; there are ${all.map(({ name }) => name)}`)
  }

  readonly escaped = (error: unknown): void => {
    this.#found(error, 'escaped: ')
  }

  async run(): Promise<void> {
    const { isOver, only } = this.#options
    this.#delay.enable()
    if (only?.iteration !== undefined && only.iteration !== null) {
      await this.#try(this.#targets[0]!, only.iteration)
    } else {
      while (!isOver(this.#executions) && this.#findings.length < FINDINGS_MAX)
        for (const target of this.#targets) await this.#slice(target)
    }
    for (const target of this.#targets) await this.#close(target)
    this.#watch()
    this.#delay.disable()
  }

  report(): Report {
    return {
      executions: this.#executions,
      outcomes: this.#outcomes,
      findings: this.#findings,
      delayMsMax: this.#delayMsMax,
      residentBytesMax: this.#residentBytesMax,
    }
  }

  async #slice(target: Target): Promise<void> {
    const endMs = performance.now() + SLICE_MS * target.weight
    const executionsMax = this.#options.isTimed ? Number.POSITIVE_INFINITY : SLICE_EXECUTIONS * target.weight
    for (let count = 0; count < executionsMax && performance.now() < endMs; count++) {
      if (this.#options.isOver(this.#executions)) break
      const iteration = this.#iterations.get(target.name) ?? 0
      this.#iterations.set(target.name, iteration + 1)
      await this.#try(target, iteration)
    }
    // Timers and sockets of the live broker have their turn too.
    await new Promise((resolve) => setImmediate(resolve))
    this.#watch()
  }

  async #try(target: Target, iteration: number): Promise<void> {
    const chance = Chance.of(this.#options.seed, target.name, iteration)
    const tried: Tried = new Map()
    this.#current = { target, iteration, tried }
    this.#executions++
    const cpuStart = process.cpuUsage()
    try {
      const result = target.run(chance, tried)
      if (typeof result === 'string') {
        this.#count(`${target.name}: ${result}`)
        const { user, system } = process.cpuUsage(cpuStart)
        if (this.#options.isTimed && (user + system) / 1000 > CPU_MS_MAX)
          this.#found(new Error(`took ${(user + system) / 1000} ms`), 'slow: ')
      } else {
        this.#count(`${target.name}: ${await within(WAIT_MS_MAX, result)}`)
      }
    } catch (error) {
      this.#found(error, '')
      await this.#close(target)
    }
  }

  async #close(target: Target): Promise<void> {
    try {
      if (target.close !== undefined) await within(WAIT_MS_MAX, target.close())
    } catch (error) {
      this.#found(error, 'closing: ')
    }
  }

  #count(outcome: string): void {
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1)
  }

  #found(error: unknown, prefix: string): void {
    const { target, iteration, tried } = this.#current!
    const text = `${prefix}${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
    const place = text
      .split('\n')
      .slice(0, 3)
      .join(' | ')
      .replaceAll(/\d+(\.\d+)? ms/g, 'ms')
    const finding = { target: target.name, seed: this.#options.seed, iteration, error: text }
    this.#count(`${target.name}: FOUND ${place}`)
    if (this.#seen.has(place)) return
    this.#seen.add(place)
    this.#findings.push(finding)
    this.#options.log(`${target.name} ${iteration}: ${text}`)
    if (this.#options.keep === null) return
    mkdirSync(this.#options.keep, { recursive: true })
    const inputs = Object.fromEntries([...tried].map(([name, bytes]) => [name, bytes.toString('hex')]))
    const file = join(this.#options.keep, `${target.name}-${this.#options.seed}-${iteration}.json`)
    writeFileSync(file, `${JSON.stringify({ ...finding, inputs }, null, 2)}\n`)
  }

  #watch(): void {
    const delayMs = this.#delay.max / 1e6
    this.#delay.reset()
    const residentBytes = process.memoryUsage.rss()
    if (delayMs > this.#delayMsMax) this.#delayMsMax = delayMs
    if (residentBytes > this.#residentBytesMax) this.#residentBytesMax = residentBytes
    if (this.#current !== null && this.#options.isTimed) {
      // Only where this process was at work all the time: others may have had the processor.
      const { user, system } = process.cpuUsage(this.#watchedCpu)
      if (delayMs > LOOP_DELAY_MS_MAX && (user + system) / 1000 > 0.8 * delayMs)
        this.#found(new Error(`the loop stood still for ${delayMs} ms`), 'delay: ')
      if (residentBytes > RESIDENT_BYTES_MAX) this.#found(new Error('memory grows'), 'memory: ')
    }
    this.#watchedCpu = process.cpuUsage()
    if (performance.now() - this.#reportedMs < REPORT_MS) return
    this.#reportedMs = performance.now()
    this.#options.log(
      `${this.#executions} executions, ${this.#outcomes.size} outcomes, ${this.#findings.length} findings, ` +
        `${Math.round(residentBytes / 1048576)} MiB, delay at most ${Math.round(this.#delayMsMax)} ms`,
    )
  }
}

/** Rejects where the promise isn't settled in time. */
async function within<Value>(waitMs: number, promise: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('it never ends')), waitMs)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
