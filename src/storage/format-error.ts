/**
 * What is wrong with the bytes of a small file. truncated: they end too early. bad-version: a format that is not known.
 * bad-crc: damaged. bad-count: not as many entries as it says. bad-line, bad-entry: one that makes no sense.
 */
export type FormatFault = 'truncated' | 'bad-version' | 'bad-crc' | 'bad-count' | 'bad-line' | 'bad-entry'

/** A file that is not what its name says. Whoever read it knows the path. */
export class FormatError extends Error {
  override readonly name = 'FormatError'
  readonly fault: FormatFault

  constructor(fault: FormatFault, message: string) {
    super(message)
    this.fault = fault
  }
}
