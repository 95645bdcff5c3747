/** A promise that was broken. */
export interface Violation<Rule extends string = string> {
  readonly rule: Rule
  readonly detail: string
}

const SHOWN_PER_RULE = 10

/** What a checker finds: the first few of each rule in full, and how many more there are. */
export class Violations<Rule extends string> {
  readonly #shown: Violation<Rule>[] = []
  readonly #counts = new Map<Rule, number>()

  readonly report = (rule: Rule, detail: string): void => {
    const count = (this.#counts.get(rule) ?? 0) + 1
    this.#counts.set(rule, count)
    if (count <= SHOWN_PER_RULE) this.#shown.push({ rule, detail })
  }

  list(): Violation<Rule>[] {
    const all = [...this.#shown]
    for (const [rule, count] of this.#counts) {
      if (count > SHOWN_PER_RULE) all.push({ rule, detail: `and ${count - SHOWN_PER_RULE} more` })
    }
    return all
  }
}
