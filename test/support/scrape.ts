const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g

/** What `/metrics` answered, by series. */
export class Scrape {
  readonly #values = new Map<string, number>()
  /** Names of metrics with their type, in the order in which they came. */
  readonly types = new Map<string, string>()

  constructor(text: string) {
    for (const line of text.split('\n')) {
      if (line.startsWith('# TYPE ')) {
        const [, , name, type] = line.split(' ')
        this.types.set(name!, type!)
      }
      if (line === '' || line.startsWith('#')) continue
      const match = LINE.exec(line)
      if (match === null) throw new Error(`no line of a scrape: ${line}`)
      const labels = [...(match[2] ?? '').matchAll(LABEL)].map(([, name, value]) => [name!, value!] as const)
      this.#values.set(keyOf(match[1]!, Object.fromEntries(labels)), Number(match[3]))
    }
  }

  static async of(url: string): Promise<Scrape> {
    const response = await fetch(`${url}/metrics`)
    if (response.status !== 200) throw new Error(`/metrics answered ${response.status}`)
    return new Scrape(await response.text())
  }

  /** undefined where there is no such series. */
  value(name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
    return this.#values.get(keyOf(name, labels))
  }
}

function keyOf(name: string, labels: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1))
  return JSON.stringify([name, sorted])
}
