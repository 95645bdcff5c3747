import { expect, test } from 'vitest'
import { runCampaign } from './campaign.ts'

const EXECUTIONS = 6000

test('a slice of the fuzz campaign breaks nothing', async () => {
  const report = await runCampaign({
    seed: 43,
    isOver: (executions) => executions >= EXECUTIONS,
    keep: null,
    log: () => {},
    isTimed: false,
  })
  expect(report.findings).toEqual([])
  expect(report.executions).toBe(EXECUTIONS)
  for (const target of ['decoders', 'batches', 'compression', 'directory', 'live', 'produce'])
    expect([...report.outcomes.keys()].some((outcome) => outcome.startsWith(`${target}: `))).toBe(true)
})
