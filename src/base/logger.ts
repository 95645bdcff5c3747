export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** Where the broker says what happened: one line an event, facts as fields. */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>

/** A logger of pino's kind, which takes the fields first. */
export type PinoLike = { readonly [Level in LogLevel]: (fields: object, message: string) => void }

/** Says it to a logger of pino's. Fields that are undefined are left out there. */
export function pinoLogger(target: PinoLike): Logger {
  return {
    debug: (message, fields = {}) => target.debug(fields, message),
    info: (message, fields = {}) => target.info(fields, message),
    warn: (message, fields = {}) => target.warn(fields, message),
    error: (message, fields = {}) => target.error(fields, message),
  }
}

/** Says nothing. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} }

/** How a log line tells of what was thrown and nobody foresaw. */
export function faultFields(error: unknown): { readonly reason: string; readonly stack: string | undefined } {
  return error instanceof Error
    ? { reason: error.message, stack: error.stack }
    : { reason: String(error), stack: undefined }
}
