import { type Gauge, Registry } from 'prom-client'
import type { MetricFamily, MetricSource } from './metric-family.ts'

/** A scrape as it is sent. */
export interface Scrape {
  readonly contentType: string
  readonly text: string
}

/**
 * The metrics of one broker, on a registry of its own. What is counted lies as plain numbers where it happens; the
 * registry asks for it when somebody scrapes. Extensions may register metrics of prom-client on `registry`.
 */
export class Metrics {
  readonly registry = new Registry()
  readonly #sources: MetricSource[] = []
  #running: Promise<Scrape> | null = null

  add(source: MetricSource): void {
    this.#sources.push(source)
    // A registry asks nothing more of a metric than this, but its types name the classes.
    for (const family of source.families)
      this.registry.registerMetric(new FamilyMetric(family) as unknown as Gauge)
  }

  /** In the order in which they were added. */
  get families(): readonly MetricFamily[] {
    return this.#sources.flatMap(({ families }) => families)
  }

  /** Those who ask while a scrape is being made get that one. */
  scrape(): Promise<Scrape> {
    this.#running ??= this.#scrape().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  async #scrape(): Promise<Scrape> {
    await Promise.all(this.#sources.map((source) => source.prepare?.()))
    return { contentType: this.registry.contentType, text: await this.registry.metrics() }
  }
}

/** A family in the form in which prom-client's registry reads its metrics. */
class FamilyMetric {
  readonly name: string
  readonly help: string
  readonly type: MetricFamily['type']
  readonly aggregator = 'sum'
  readonly #family: MetricFamily

  constructor(family: MetricFamily) {
    this.name = family.name
    this.help = family.help
    this.type = family.type
    this.#family = family
  }

  async get() {
    const { name, help, type, aggregator } = this
    const values = Array.from(this.#family.read(), ({ labels, value, suffix }) => ({
      labels,
      value,
      ...(suffix === undefined ? {} : { metricName: `${name}_${suffix}` }),
    }))
    return { name, help, type, aggregator, values }
  }

  /** What is counted belongs to others. */
  reset(): void {}
}
