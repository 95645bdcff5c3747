import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SuiteResult } from './result.ts'

/** The results of suites, a JSON file for each: one that is run again takes the place of its former self. */
export class ResultStore {
  readonly #directory: string

  constructor(directory: string) {
    this.#directory = directory
  }

  async save(result: SuiteResult): Promise<void> {
    await mkdir(this.#directory, { recursive: true })
    await writeFile(this.#file(result.suite), `${JSON.stringify(result, null, 1)}\n`)
  }

  /** Those of the named suites that are there, in the order of the names. */
  async load(suites: readonly string[]): Promise<SuiteResult[]> {
    const present = suites.filter((suite) => existsSync(this.#file(suite)))
    return await Promise.all(
      present.map(async (suite) => JSON.parse(await readFile(this.#file(suite), 'utf8')) as SuiteResult),
    )
  }

  #file(suite: string): string {
    return join(this.#directory, `${suite}.json`)
  }
}
