import type { LogFields, Logger, LogLevel } from './logger.ts'

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

/** For tests: a logger that keeps its lines, `LEVEL message name=value ...` each, from `level` up. */
export function keptLog(level: LogLevel): { readonly logger: Logger; readonly lines: string[] } {
  const lines: string[] = []
  const at =
    (own: LogLevel) =>
    (message: string, fields: LogFields = {}): void => {
      if (LEVELS.indexOf(own) < LEVELS.indexOf(level)) return
      let line = `${own.toUpperCase()} ${message}`
      for (const [name, value] of Object.entries(fields)) {
        const text = String(value)
        if (value !== undefined) line += ` ${name}=${/[\s"]/.test(text) ? JSON.stringify(text) : text}`
      }
      lines.push(line)
    }
  return { logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }, lines }
}
