export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** Where the broker says what happened: one line an event, facts as fields. */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>

const ORDER: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 }

/** Writes `LEVEL message name=value ...` lines to `write`, from `level` up. */
export function lineLogger(level: LogLevel, write: (line: string) => void, nowMs: () => number): Logger {
  const log =
    (lineLevel: LogLevel) =>
    (message: string, fields: LogFields = {}): void => {
      if (ORDER[lineLevel] < ORDER[level]) return
      let line = `${new Date(nowMs()).toISOString()} ${lineLevel.toUpperCase().padEnd(5)} ${message}`
      for (const [name, value] of Object.entries(fields)) {
        if (value === undefined) continue
        const text = String(value)
        line += ` ${name}=${/[\s"]/.test(text) ? JSON.stringify(text) : text}`
      }
      write(`${line}\n`)
    }
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') }
}

/** Says nothing. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} }
