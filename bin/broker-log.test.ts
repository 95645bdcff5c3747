import { describe, expect, it } from 'vitest'
import { type BrokerLogOptions, brokerLog } from './broker-log.ts'

function rig(more: Partial<BrokerLogOptions> = {}) {
  const lines: string[] = []
  const reader = { isThere: true }
  const logger = brokerLog({
    level: 'info',
    format: 'json',
    hasColour: false,
    wallMs: () => Date.UTC(2026, 0, 2, 3, 4, 5, 6),
    write: (line) => {
      if (reader.isThere) lines.push(line)
      return reader.isThere
    },
    ...more,
  })
  return { logger, lines, reader }
}

describe('the log of a broker', () => {
  it('is an object a line, with level, time, message and fields, when the call returns', () => {
    const { logger, lines } = rig()
    logger.warn('log was cut', { topic: 'orders', partition: 3, missing: undefined, owner: null })
    expect(lines).toEqual([
      '{"level":"warn","time":"2026-01-02T03:04:05.006Z","topic":"orders","partition":3,"owner":null,"msg":"log was cut"}\n',
    ])
  })

  it('says nothing below its level', () => {
    const { logger, lines } = rig({ level: 'warn' })
    logger.debug('a')
    logger.info('b')
    logger.warn('c')
    logger.error('d')
    expect(lines.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual(['warn', 'error'])
  })

  it('is one readable line for people', () => {
    const { logger, lines } = rig({ format: 'pretty' })
    logger.error('the disk is full', { path: '/data/t-0' })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^\[\d\d:\d\d:05\.006\] ERROR: the disk is full \{"path":"\/data\/t-0"\}\n$/)
  })

  it('shows people a stack as it is', () => {
    const { logger, lines } = rig({ format: 'pretty' })
    logger.error('a fault', { reason: 'x', stack: 'Error: x\n    at here' })
    expect(lines[0]).toContain('ERROR: a fault\nError: x\n    at here\n')
    expect(lines[0]).toContain('{"reason":"x"}')
  })

  it('drops what nobody reads, and tells how much it was when somebody does', () => {
    const { logger, lines, reader } = rig()
    logger.info('read')
    reader.isThere = false
    for (let count = 0; count < 5; count++) logger.info('lost')
    reader.isThere = true
    logger.info('read again')
    const told = lines.map((line) => JSON.parse(line) as { msg: string; count?: number })
    expect(told.map(({ msg, count }) => [msg, count])).toEqual([
      ['read', undefined],
      ['log lines were dropped: nobody read them', 5],
      ['read again', undefined],
    ])
  })
})
