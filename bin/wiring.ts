import type { Command } from 'commander'
import type { Io } from './io.ts'
import { reporting, type Session, type SessionOptions, withSession } from './session.ts'

/** Ties commands to what runs them: the one place that knows both commander and the exit code. */
export class Wiring {
  readonly io: Io
  /** What the process will say; set by the command that ran. */
  exitCode = 0

  constructor(io: Io) {
    this.io = io
  }

  /** Runs an action on a connected cluster. */
  async client(command: Command, action: (session: Session) => Promise<number>): Promise<void> {
    this.exitCode = await withSession(this.io, command.optsWithGlobals<SessionOptions>(), action)
  }

  /** Runs an action that needs no cluster. */
  async local(command: Command, action: (io: Io, json: boolean) => Promise<number>): Promise<void> {
    const json = command.optsWithGlobals<SessionOptions>().json === true
    this.exitCode = await reporting(this.io, json, () => action(this.io, json))
  }

  /** Ends the help of a command with how it is used. */
  example(command: Command, ...lines: readonly string[]): void {
    const title = lines.length === 1 ? 'Example:' : 'Examples:'
    command.addHelpText('after', `\n${title}\n${lines.map((line) => `  $ ${line}`).join('\n')}`)
  }
}
