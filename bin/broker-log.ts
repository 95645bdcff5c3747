import { createRequire } from 'node:module'
import { type LogFields, type Logger, type LogLevel, pinoLogger } from '../src/base/logger.ts'

/** `json`: one object a line, for programs. `pretty`: for people. */
export const LOG_FORMATS = ['json', 'pretty'] as const
export type LogFormat = (typeof LOG_FORMATS)[number]

export const LOG_LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

export interface BrokerLogOptions {
  readonly level: LogLevel
  readonly format: LogFormat
  readonly hasColour: boolean
  wallMs(): number
  /** Takes a line, with its end, or returns false: too much is unread, the line is lost. Never waits. */
  write(line: string): boolean
}

type Formatter = (line: string) => string

/**
 * The log of a broker, written by pino. That is loaded by the first line that is to be written: a quiet broker never
 * pays for it, and a line is with `write` when the call returns, so that none is lost in a process that ends. A reader
 * that stops reading does not hold the broker up: lines are dropped, counted, and the count is told when there is room.
 */
export function brokerLog(options: BrokerLogOptions): Logger {
  const from = LOG_LEVELS.indexOf(options.level)
  let target: Logger | null = null
  const log = (level: LogLevel) => (message: string, fields?: LogFields) => {
    if (LOG_LEVELS.indexOf(level) < from) return
    target ??= pinoLog(options)
    target[level](message, fields)
  }
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') }
}

function pinoLog(options: BrokerLogOptions): Logger {
  const require = createRequire(import.meta.url)
  const { pino } = require('pino') as typeof import('pino')
  const format: Formatter = options.format === 'pretty' ? prettyFormatter(require, options) : (line) => line
  const write = (line: string): boolean => options.write(format(line))
  const { level } = options
  let droppedCount = 0
  let isTelling = false
  const logger = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date(options.wallMs()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    {
      write(line: string) {
        if (isTelling) droppedCount = write(line) ? 0 : droppedCount
        else if (!tellDropped() || !write(line)) droppedCount++
      },
    },
  )
  /** Whether there is nothing left to tell. */
  function tellDropped(): boolean {
    if (droppedCount === 0) return true
    isTelling = true
    logger.error({ count: droppedCount }, 'log lines were dropped: nobody read them')
    isTelling = false
    return droppedCount === 0
  }
  return pinoLogger(logger)
}

function prettyFormatter(require: NodeJS.Require, { hasColour }: BrokerLogOptions): Formatter {
  const { prettyFactory } = require('pino-pretty') as typeof import('pino-pretty')
  return prettyFactory({
    colorize: hasColour,
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
    ignore: 'stack',
    messageFormat: (log, messageKey) => {
      const message = String(log[messageKey])
      return typeof log['stack'] === 'string' ? `${message}\n${log['stack']}\n` : message
    },
  })
}
