import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findPythonWith } from '../../support/clients.ts'
import { ownServer } from '../servers.ts'
import { COPY_SETTINGS, runCopyRounds } from './rounds.ts'

/** A few rounds; `npm run crash -- --workload exactly-once --rounds 1000` is the whole. */
const ROUNDS = 3
const SEED = 11

describe('consume-transform-produce under kill -9', () => {
  let directory: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millrace-crash-'))
  })
  afterAll(async () => {
    await rm(directory, { recursive: true, force: true })
  })

  it('copies every record exactly once, whoever is killed', async () => {
    const report = await runCopyRounds({
      server: ownServer(directory, COPY_SETTINGS),
      rounds: ROUNDS,
      seed: SEED,
      python: findPythonWith('confluent_kafka', 'python3-confluent-kafka').command,
    })
    expect(report.violations).toEqual([])
    expect(report.brokerKills).toBeGreaterThan(0)
    expect(report.copierKills).toBeGreaterThan(0)
    expect(Math.min(...report.transactions.values())).toBeGreaterThan(0)
  }, 300_000)
})
