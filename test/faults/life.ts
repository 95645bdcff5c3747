import type { DataDirectory } from '../../src/storage/data-directory.ts'
import type { Log } from '../../src/storage/log.ts'
import { append, openDirectory, TOPIC_ID } from '../support/storage.ts'
import { CONFIG, type Life } from './promises.ts'

/** Something that happens in a life. Numbers are counts of batches. */
export type Step =
  | { readonly kind: 'append' | 'cut' | 'start'; readonly count: number }
  | { readonly kind: 'term' | 'checkpoint' | 'create' | 'delete' | 'retention' | 'time' | 'reopen' }

/** One of everything. */
export const WHOLE_LIFE: readonly Step[] = [
  { kind: 'term' },
  { kind: 'append', count: 12 },
  { kind: 'checkpoint' },
  { kind: 'create' },
  { kind: 'term' },
  { kind: 'append', count: 10 },
  { kind: 'cut', count: 8 },
  { kind: 'append', count: 3 },
  { kind: 'start', count: 4 },
  { kind: 'retention' },
  { kind: 'delete' },
  { kind: 'time' },
  { kind: 'append', count: 5 },
]

const RANDOM_KINDS: readonly Step['kind'][] = [
  'append',
  'append',
  'append',
  'cut',
  'start',
  'term',
  'checkpoint',
  'create',
  'delete',
  'retention',
  'time',
  'reopen',
]
const COUNT_MAX = 15

/** A life of so many steps, by chance; `random` gives numbers in [0, 1). */
export function randomLife(random: () => number, steps: number): Step[] {
  const life: Step[] = [{ kind: 'term' }, { kind: 'append', count: 5 }]
  for (let index = 0; index < steps; index++) {
    const kind = RANDOM_KINDS[Math.floor(random() * RANDOM_KINDS.length)]!
    life.push({ kind, count: 1 + Math.floor(random() * COUNT_MAX) })
  }
  return life
}

/** Waits for `promise` while time goes on, so that what waits for room tries again. */
export async function withTime<T>({ environment }: Life, promise: Promise<T>): Promise<T> {
  let isSettled = false
  const mark = (): void => {
    isSettled = true
  }
  promise.then(mark, mark)
  for (let turn = 0; !isSettled; turn++) {
    if (turn > 500) throw new Error('never settled')
    await new Promise((resolve) => setImmediate(resolve))
    if (turn > 5) environment.advance(500)
  }
  return promise
}

/** Opens the directory and lives through the steps. Throws where the disk makes it, or gives a log that takes nothing. */
export async function live(life: Life, steps: readonly Step[]): Promise<void> {
  let directory = await open(life)
  const log =
    directory.get('t', 0) ??
    (await withTime(
      life,
      directory.createPartition({ topic: 't', topicId: TOPIC_ID, partition: 0, voters: [1] }),
    ))
  life.told.isCreated = true
  let living = new Living(life, directory, log)
  for (const step of steps) {
    if (step.kind === 'reopen') {
      await withTime(life, directory.close())
      directory = await open(life)
      living = new Living(life, directory, directory.get('t', 0)!)
    } else await living.step(step)
  }
  await withTime(life, directory.close())
}

function open(life: Life): Promise<DataDirectory> {
  const { fileSystem, environment } = life
  return withTime(life, openDirectory(fileSystem, { environment, config: CONFIG }))
}

class Living {
  readonly #life: Life
  readonly #directory: DataDirectory
  readonly #log: Log

  constructor(life: Life, directory: DataDirectory, log: Log) {
    this.#life = life
    this.#directory = directory
    this.#log = log
    if (log.damage !== null) throw log.damage
    log.highWatermark = life.told.endMin
  }

  async step(step: Exclude<Step, { kind: 'reopen' }>): Promise<void> {
    const { environment } = this.#life
    if (step.kind === 'append') await this.#append(step.count)
    else if (step.kind === 'cut') await this.#cut(step.count)
    else if (step.kind === 'start') await this.#start(step.count)
    else if (step.kind === 'term') await this.#term()
    else if (step.kind === 'checkpoint') await this.#wait(this.#directory.checkpoint())
    else if (step.kind === 'create') await this.#create()
    else if (step.kind === 'delete') await this.#delete()
    else if (step.kind === 'retention') await this.#retention()
    else environment.advance(20)
  }

  #wait<T>(promise: Promise<T>): Promise<T> {
    return withTime(this.#life, promise)
  }

  async #append(count: number): Promise<void> {
    const { told } = this.#life
    const log = this.#log
    for (let index = 0; index < count; index++) {
      if (log.refusal() !== null) break
      const offset = log.endOffset
      told.batches.set(offset, append(log, { valueBytes: (offset * 37) % 150 }))
    }
    await this.#wait(log.flushAll())
    told.endMin = log.endOffset
    log.highWatermark = log.endOffset
  }

  async #term(): Promise<void> {
    const log = this.#log
    const term = log.hardState.term + 1
    await this.#wait(this.#directory.journal.durable(log.startTerm(term, 1, [1])))
    this.#life.told.termMin = term
  }

  /** A tail that is not committed comes, and is cut off again. */
  async #cut(count: number): Promise<void> {
    const { told } = this.#life
    const log = this.#log
    const committed = log.endOffset
    for (let index = 0; index < count && log.refusal() === null; index++) {
      const offset = log.endOffset
      told.batches.set(offset, append(log, { valueBytes: 100 }))
    }
    const { term, minor } = log.marks.last()
    const next = { term: term + 1, minor: 0, startOffset: committed, voters: [1], oldVoters: null }
    log.setHardState({ term: next.term, votedFor: 1 })
    await this.#wait(log.truncateTo({ term, minor, offset: committed }, [next]))
    told.termMin = next.term
  }

  async #start(count: number): Promise<void> {
    const { told } = this.#life
    const to = Math.min(this.#log.startOffset + count, this.#log.highWatermark)
    told.startMax = to
    await this.#wait(this.#log.advanceStartTo(to))
    told.startMin = to
  }

  async #retention(): Promise<void> {
    const { told, environment } = this.#life
    const log = this.#log
    told.startMax = log.endOffset
    await this.#wait(log.applyRetention(environment.wallMs()))
    told.startMin = log.startOffset
    told.startMax = log.startOffset
  }

  async #create(): Promise<void> {
    const { told } = this.#life
    if (told.second === 'there') return
    told.second = 'maybe'
    const asked = { topic: 'u', topicId: TOPIC_ID, partition: 0, voters: [1] }
    await this.#wait(this.#directory.createPartition(asked))
    told.second = 'there'
  }

  async #delete(): Promise<void> {
    const { told } = this.#life
    if (told.second !== 'there') return
    told.second = 'maybe'
    await this.#wait(this.#directory.deletePartition(this.#directory.get('u', 0)!))
    told.second = 'gone'
  }
}
