/** Runs what it is given one after the other. */
export class Lane {
  #last: Promise<unknown> = Promise.resolve()

  /** What `work` comes to; it begins when all before it has ended, however that was. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work)
    this.#last = done.catch(() => {})
    return done
  }
}
