import { join } from 'node:path'
import { Child } from '../../test/support/child.ts'
import { packageRoot } from '../../test/support/package-root.ts'
import type { OutcomeOf, WireTask } from './wire-tasks.ts'

const READY_MS = 180_000
const DONE_MS = 600_000

/** A load of the wire's own making, in a process of its own: ready, then started, then stopped or done by itself. */
export class WireLoad<Task extends WireTask> {
  readonly #child: Child

  private constructor(child: Child) {
    this.#child = child
  }

  /** Resolves when it is connected and prepared, and waits to be started. */
  static async prepare<Task extends WireTask>(task: Task): Promise<WireLoad<Task>> {
    const program = join(packageRoot, 'dist/bench/load/wire-main.js')
    const child = new Child(process.execPath, [program, JSON.stringify(task)])
    try {
      await child.waitFor('stdout', /^ready$/m, READY_MS)
    } catch (error) {
      await child.kill('SIGKILL')
      throw error
    }
    return new WireLoad<Task>(child)
  }

  start(): void {
    this.#child.say('start')
  }

  /** Resolves when it has done all that it was to do. */
  async done(): Promise<OutcomeOf<Task>> {
    const [line] = await this.#child.waitFor('stdout', /^\{.*\}$/m, DONE_MS)
    await this.#child.exited
    return JSON.parse(line) as OutcomeOf<Task>
  }

  /** Lets it end what is under way, and resolves to what it has done. */
  async stop(): Promise<OutcomeOf<Task>> {
    this.#child.say('stop')
    return await this.done()
  }

  async kill(): Promise<void> {
    await this.#child.kill('SIGKILL')
  }
}

/** Prepares, starts and waits. */
export async function runWireLoad<Task extends WireTask>(task: Task): Promise<OutcomeOf<Task>> {
  const load = await WireLoad.prepare(task)
  load.start()
  return await load.done()
}
