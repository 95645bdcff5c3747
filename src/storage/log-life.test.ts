import { expect, it } from 'vitest'
import fc from '../../test/support/property.ts'
import { append, openDirectory, openLed, openTestLog, readAll } from '../../test/support/storage.ts'
import { ManualEnvironment } from '../base/environment.ts'
import type { DataDirectory } from './data-directory.ts'
import type { Log } from './log.ts'
import type { MemoryFileSystem } from './memory-file-system.ts'

const CONFIG = { segmentBytesMax: 8000, indexIntervalBytes: 300, retentionBytes: 20_000 }

type Step =
  | { kind: 'append'; valueBytes: number }
  | { kind: 'flush' }
  | { kind: 'tick'; ms: number }
  | { kind: 'checkpoint' }
  | { kind: 'term' }
  | { kind: 'truncate'; to: number }
  | { kind: 'trim'; to: number }
  | { kind: 'retain' }
  | { kind: 'reset'; ahead: number }
  | { kind: 'crash' | 'kill' | 'close'; seed: number }

/** A log beside an array of the batches that it should hold. */
class Life {
  readonly environment = new ManualEnvironment()
  #fileSystem!: MemoryFileSystem
  #directory!: DataDirectory
  #log!: Log
  #batches: { base: number; bytes: Buffer }[] = []
  #durableEnd = 0
  #startOffset = 0

  async begin(): Promise<void> {
    const opened = await openTestLog({ environment: this.environment, config: CONFIG })
    this.#fileSystem = opened.fileSystem
    this.#directory = opened.directory
    this.#log = opened.log
  }

  async step(step: Step): Promise<void> {
    const log = this.#log
    switch (step.kind) {
      case 'append':
        this.#batches.push({ base: log.endOffset, bytes: append(log, { valueBytes: step.valueBytes }) })
        return
      case 'flush':
        await log.flushAll()
        this.#durableEnd = log.endOffset
        log.highWatermark = log.endOffset
        return
      case 'tick':
        this.environment.advance(step.ms)
        await this.#directory.journal.durable(this.#directory.journal.lastLsn)
        return
      case 'checkpoint':
        return this.#directory.checkpoint()
      case 'term':
        await this.#directory.journal.durable(log.startTerm(log.hardState.term + 1, 1, [1]))
        return
      case 'truncate':
        return this.#truncate(log.highWatermark + (step.to % (log.endOffset - log.highWatermark + 1)))
      case 'trim':
        await log.advanceStartTo(log.startOffset + (step.to % (log.highWatermark - log.startOffset + 1)))
        this.#startOffset = log.startOffset
        return
      case 'retain':
        await log.applyRetention(this.environment.wallMs())
        this.#startOffset = log.startOffset
        return
      case 'reset':
        return this.#reset(log.endOffset + step.ahead)
      default:
        return this.#restart(step.kind, step.seed)
    }
  }

  async #truncate(offset: number): Promise<void> {
    const { marks, hardState } = this.#log
    const at = marks.at(marks.indexAt(offset))
    const term = hardState.term + 1
    this.#log.setHardState({ term, votedFor: 1 })
    const next = { term, minor: 0, startOffset: offset, voters: [1], oldVoters: null }
    await this.#log.truncateTo({ term: at.term, minor: at.minor, offset }, [next])
    this.#batches = this.#batches.filter(({ base }) => base < offset)
    this.#durableEnd = Math.min(this.#durableEnd, offset)
  }

  async #reset(offset: number): Promise<void> {
    const term = this.#log.hardState.term + 1
    this.#log.setHardState({ term, votedFor: 1 })
    await this.#log.resetTo({ term, minor: 1, startOffset: offset, voters: [1], oldVoters: null }, offset)
    this.#batches = []
    this.#startOffset = offset
    this.#durableEnd = offset
  }

  async #restart(kind: 'crash' | 'kill' | 'close', seed: number): Promise<void> {
    let state = seed
    const random = (): number => {
      state = (state * 1103515245 + 12345) & 0x7fffffff
      return state / 0x7fffffff
    }
    if (kind === 'close') {
      await this.#directory.close()
      this.#durableEnd = this.#log.endOffset
    }
    this.#fileSystem = kind === 'crash' ? this.#fileSystem.crash(random) : this.#fileSystem.kill()
    this.#directory = await openDirectory(this.#fileSystem, { environment: this.environment, config: CONFIG })
    this.#log = await openLed(this.#directory)
    await this.check()
    this.#durableEnd = this.#log.endOffset
    this.#log.highWatermark = this.#log.endOffset
  }

  /** All that was durable is there, in order, and nothing that never was appended. */
  async check(): Promise<void> {
    const log = this.#log
    expect(this.#directory.reports[0]?.outcome).not.toBe('damaged')
    expect(log.startOffset).toBe(this.#startOffset)
    expect(log.endOffset).toBeGreaterThanOrEqual(this.#durableEnd)
    const endMax = this.#batches.length === 0 ? 0 : this.#batches.at(-1)!.base + 1
    expect(log.endOffset).toBeLessThanOrEqual(Math.max(this.#startOffset, endMax))
    this.#batches = this.#batches.filter(({ base }) => base < log.endOffset)
    const wanted = this.#batches.filter(({ base }) => base >= this.#startOffset).map(({ bytes }) => bytes)
    expect((await readAll(log, 5000)).equals(Buffer.concat(wanted))).toBe(true)
  }

  async end(): Promise<void> {
    await this.#log.flushAll()
    this.#durableEnd = this.#log.endOffset
    await this.check()
  }
}

const STEP: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('append' as const), valueBytes: fc.nat(3000) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('flush' as const, 'checkpoint' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('term' as const, 'retain' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('tick' as const), ms: fc.nat(2000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('truncate' as const), to: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('trim' as const), to: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reset' as const), ahead: fc.nat(5) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('crash' as const, 'kill' as const, 'close' as const),
      seed: fc.nat(),
    }),
  },
)

/** Lives that went wrong once. */
const EXAMPLES: [Step[]][] = [
  [
    [
      ...[2753, 2373, 623, 1972].map((valueBytes): Step => ({ kind: 'append', valueBytes })),
      { kind: 'truncate', to: 312875498 },
      { kind: 'append', valueBytes: 0 },
    ],
  ],
  [
    [
      { kind: 'kill', seed: 0 },
      { kind: 'append', valueBytes: 0 },
      { kind: 'flush' },
      { kind: 'crash', seed: 0 },
    ],
  ],
  [
    [
      { kind: 'append', valueBytes: 0 },
      { kind: 'close', seed: 0 },
      { kind: 'append', valueBytes: 0 },
      { kind: 'close', seed: 0 },
      { kind: 'trim', to: 532311398 },
      { kind: 'crash', seed: 0 },
    ],
  ],
  [
    [
      { kind: 'reset', ahead: 0 },
      { kind: 'append', valueBytes: 0 },
      { kind: 'truncate', to: 0 },
      { kind: 'append', valueBytes: 0 },
      { kind: 'flush' },
      { kind: 'crash', seed: 0 },
    ],
  ],
]

it('any life is remembered as far as it was durable, whatever a power cut leaves', async () => {
  const property = fc.asyncProperty(fc.array(STEP, { maxLength: 40 }), async (steps) => {
    const life = new Life()
    await life.begin()
    for (const step of steps) await life.step(step)
    await life.end()
  })
  await fc.assert(property, { numRuns: 300, examples: EXAMPLES })
})
