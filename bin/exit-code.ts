/** What the process says with its exit code; docs/cli.md lists them. */
export const EXIT_OK = 0
/** It was tried and failed; stderr says why and what to do. */
export const EXIT_FAILED = 1
/** The command line was wrong; nothing was tried. */
export const EXIT_USAGE = 2
/** What was named does not exist. */
export const EXIT_NOT_FOUND = 3
/** No broker could be reached. */
export const EXIT_UNREACHABLE = 4

/** A failure whose message is all that the user needs. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly exitCode: number

  constructor(message: string, exitCode: number = EXIT_FAILED) {
    super(message)
    this.exitCode = exitCode
  }
}
