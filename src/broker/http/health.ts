import { type HttpAnswer, type HttpRoute, jsonAnswer } from './http-routes.ts'
import { problemAnswer } from './problem.ts'

/** How far a broker has come. */
export type Phase = 'recovering' | 'loading' | 'ready' | 'draining'

const PHASES: { readonly [Name in Exclude<Phase, 'ready'>]: string } = {
  recovering: 'the data directory is being recovered',
  loading: 'topics, groups and transactions are being loaded',
  draining: 'the broker is stopping',
}

/** Whether a broker lives and is ready, as its owner says. */
export class Health {
  phase: Phase = 'recovering'
  /** Why it can be of no more use; null: it can. */
  failure: string | null = null
  /** Whether writes are refused for lack of room. */
  isFull: () => boolean = () => false

  get isReady(): boolean {
    return this.phase === 'ready' && this.failure === null
  }

  /** A broker that has failed must be started again; one that recovers or drains must not. */
  live(): HttpAnswer {
    if (this.failure !== null) return problemAnswer('directory-failed', this.failure)
    return jsonAnswer(200, { status: 'live', phase: this.phase })
  }

  /**
   * Whether to send clients here. A full disk does not make it unready: reads, groups and their offsets in memory go
   * on, and clients that were kept away could not even learn why.
   */
  ready(): HttpAnswer {
    if (this.failure !== null) return problemAnswer('directory-failed', this.failure)
    if (this.phase !== 'ready') return problemAnswer('not-ready', PHASES[this.phase], { phase: this.phase })
    return jsonAnswer(200, { status: 'ready', diskFull: this.isFull() })
  }
}

/** `/health/live` and `/health/ready`. */
export function healthRoutes(health: Health): readonly HttpRoute[] {
  return [
    { method: 'GET', path: '/health/live', audience: 'anyone', handle: () => health.live() },
    { method: 'GET', path: '/health/ready', audience: 'anyone', handle: () => health.ready() },
  ]
}
