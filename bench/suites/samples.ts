/** Values of each measure, gathered run by run. */
export class Samples {
  readonly #values = new Map<string, number[]>()

  add(contender: string, measure: string, value: number): void {
    const key = `${contender}\n${measure}`
    const values = this.#values.get(key)
    if (values === undefined) this.#values.set(key, [value])
    else values.push(value)
  }

  /** In the order in which they were added. */
  of(contender: string, measure: string): readonly number[] {
    return this.#values.get(`${contender}\n${measure}`) ?? []
  }
}
