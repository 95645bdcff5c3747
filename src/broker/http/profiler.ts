import { Session } from 'node:inspector'
import type { Readable } from 'node:stream'
import { getHeapSnapshot } from 'node:v8'
import type { Environment } from '../../base/environment.ts'

/** The two kinds of profiles that watch the process for a while. */
export type ProfileKind = 'cpu' | 'heap'

const HEAP_SAMPLE_BYTES = 32 * 1024

/** Takes profiles of the process, in V8's formats: those that Chrome's DevTools and editors open. One at a time. */
export class Profiler {
  readonly #environment: Environment
  #isRunning = false
  #end: (() => void) | null = null

  constructor(environment: Environment) {
    this.#environment = environment
  }

  get isRunning(): boolean {
    return this.#isRunning
  }

  /** Watches for that long, or until `stop`. Resolves to a .cpuprofile or a .heapprofile; null where one is being taken. */
  async take(kind: ProfileKind, durationMs: number): Promise<string | null> {
    if (this.#isRunning) return null
    this.#isRunning = true
    const session = new Session()
    session.connect()
    try {
      return kind === 'cpu'
        ? await this.#takeCpu(session, durationMs)
        : await this.#takeHeap(session, durationMs)
    } finally {
      session.disconnect()
      this.#isRunning = false
    }
  }

  /** The whole heap, as a .heapsnapshot. The process stands still until the stream begins, and needs memory for it. */
  heapSnapshot(): Readable {
    return getHeapSnapshot()
  }

  /** Ends what is being taken: it is as long as it is. */
  stop(): void {
    this.#end?.()
  }

  async #takeCpu(session: Session, durationMs: number): Promise<string> {
    await post(session, 'Profiler.enable')
    await post(session, 'Profiler.start')
    await this.#wait(durationMs)
    return JSON.stringify((await post<{ profile: unknown }>(session, 'Profiler.stop')).profile)
  }

  async #takeHeap(session: Session, durationMs: number): Promise<string> {
    await post(session, 'HeapProfiler.startSampling', { samplingInterval: HEAP_SAMPLE_BYTES })
    await this.#wait(durationMs)
    return JSON.stringify((await post<{ profile: unknown }>(session, 'HeapProfiler.stopSampling')).profile)
  }

  async #wait(durationMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = this.#environment.setTimer(durationMs, resolve)
      this.#end = () => {
        timer.cancel()
        resolve()
      }
    })
    this.#end = null
  }
}

function post<Result>(session: Session, method: string, parameters: object = {}): Promise<Result> {
  return new Promise((resolve, reject) => {
    session.post(method, parameters, (error, result) => {
      if (error === null) resolve(result as Result)
      else reject(error)
    })
  })
}
