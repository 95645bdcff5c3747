import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findPythonWith } from '../support/clients.ts'
import { runCrashRounds } from './harness.ts'
import { ownServer } from './servers.ts'

/** A few rounds; `npm run crash -- --rounds 100` is the whole. */
const ROUNDS = 3
const SEED = 20

describe('kill -9 under load', () => {
  let directory: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millrace-crash-'))
  })
  afterAll(async () => {
    await rm(directory, { recursive: true, force: true })
  })

  it('loses no acknowledged record, stores none twice, keeps order and committed offsets', async () => {
    const report = await runCrashRounds({
      server: ownServer(directory),
      rounds: ROUNDS,
      seed: SEED,
      python: findPythonWith('confluent_kafka', 'python3-confluent-kafka').command,
    })
    expect(report.violations).toEqual([])
    expect(report.acknowledged).toBeGreaterThan(0)
    expect(report.consumed).toBeGreaterThanOrEqual(report.acknowledged)
  }, 120_000)
})
