/** One way in which a disk misbehaves, tried in all its variations. */
export interface Trial {
  readonly name: string
  /** Resolves to the number of variations. Throws what is wrong. `random` gives numbers in [0, 1). */
  run(random: () => number): Promise<number>
}

/** Says of a finding which variation has made it. */
export async function variation<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new Error(name, { cause: error })
  }
}
