import type { Chance } from './chance.ts'

/** Something that takes bytes from outside. */
export interface Target {
  readonly name: string
  /** Share of the time, beside the others'. */
  readonly weight: number
  /**
   * One try. Returns what came of it, in few words: the coverage is counted by them. Throws where the target has done
   * something that it must never do. What was tried goes to `tried`, to be kept if that happens.
   */
  run(chance: Chance, tried: Tried): string | Promise<string>
  close?(): Promise<void>
}

/** The bytes of one iteration, by name. */
export type Tried = Map<string, Buffer>

/** A promise of the product that was found broken. */
export class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise'
}

export function promised(condition: boolean, what: string): asserts condition {
  if (!condition) throw new BrokenPromise(what)
}
