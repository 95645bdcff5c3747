import { Command, CommanderError } from 'commander'
import { nearestNames } from '../src/base/options.ts'
import { benchCommand } from './commands/bench.ts'
import { clusterCommands } from './commands/cluster.ts'
import { completionCommand } from './commands/completion.ts'
import { configCommands } from './commands/config.ts'
import { consumeCommand } from './commands/consume.ts'
import { doctorCommand } from './commands/doctor.ts'
import { groupCommands } from './commands/group.ts'
import { logCommands } from './commands/log.ts'
import { produceCommand } from './commands/produce.ts'
import { profileCommands } from './commands/profile.ts'
import { recordsCommands } from './commands/records.ts'
import { startCommand } from './commands/start.ts'
import { topicCommands } from './commands/topic.ts'
import { transactionCommands } from './commands/transaction.ts'
import { EXIT_OK, EXIT_USAGE } from './exit-code.ts'
import type { Io } from './io.ts'
import { BOOTSTRAP_DEFAULT } from './session.ts'
import { VERSION } from './version.ts'
import { Wiring } from './wiring.ts'

/** The whole command line. Its commands leave their exit code in `wiring`. */
export function buildProgram(wiring: Wiring): Command {
  const { io } = wiring
  const bold = (text: string): string => `\x1b[1m${text}\x1b[22m`
  const program = new Command('millrace')
    .description('Millrace: a Kafka-compatible log broker, and the tools to use one')
    .version(VERSION, '--version', 'print the version')
    .option(
      '-b, --bootstrap <host:port>',
      `a broker to begin with; several with commas (default: $MILLRACE_BOOTSTRAP, or ${BOOTSTRAP_DEFAULT})`,
    )
    .option('-J, --json', 'print data and errors as JSON, one object a line')
    .exitOverride()
    .showHelpAfterError('(--help tells more)')
    .configureHelp({ showGlobalOptions: true, ...(io.colourOut ? { styleTitle: bold } : {}) })
    .configureOutput({
      writeOut: (text) => void io.out(text),
      writeErr: (text) => io.note(text.trimEnd()),
      getOutHelpWidth: () => io.columns ?? 100,
      getErrHelpWidth: () => io.columns ?? 100,
      getOutHasColors: () => io.colourOut,
      getErrHasColors: () => io.colourNote,
    })
  startCommand(program, wiring)
  topicCommands(program, wiring)
  produceCommand(program, wiring)
  consumeCommand(program, wiring)
  groupCommands(program, wiring)
  recordsCommands(program, wiring)
  configCommands(program, wiring)
  transactionCommands(program, wiring)
  clusterCommands(program, wiring)
  benchCommand(program, wiring)
  doctorCommand(program, wiring)
  profileCommands(program, wiring)
  logCommands(program, wiring)
  completionCommand(program, wiring)
  helpCommand(program)
  wiring.example(
    program,
    'millrace start --data ./millrace-data',
    'echo hello | millrace produce greetings',
    'millrace consume greetings --exit-at-end',
  )
  program.addHelpText(
    'after',
    '\nExit codes: 0 done, 1 failed, 2 wrong command line, 3 what was named does not exist, 4 no broker could be reached.',
  )
  return program
}

/** `help topic create`: commander's own knows one word only. */
function helpCommand(program: Command): void {
  program
    .helpCommand(false)
    .command('help [command...]')
    .description('show the help of a command')
    .helpOption(false)
    .action((words: string[]) => {
      let found = program
      for (const word of words) {
        const next = found.commands.find((one) => one.name() === word || one.aliases().includes(word))
        if (next === undefined) {
          const path = [...pathOf(found), word].join(' ')
          const near = nearestNames(
            word,
            found.commands.flatMap((one) => [one.name(), ...one.aliases()]),
            1,
          )
          program.error(
            `error: unknown command '${path}'${near.length === 0 ? '' : `\n(Did you mean ${near[0]}?)`}`,
          )
        } else found = next
      }
      found.outputHelp()
    })
}

function pathOf(command: Command): string[] {
  return command.parent === null ? [] : [...pathOf(command.parent), command.name()]
}

/** Runs a command line (without the program's own name). Resolves to the exit code. */
export async function run(words: readonly string[], io: Io): Promise<number> {
  const wiring = new Wiring(io)
  try {
    await buildProgram(wiring).parseAsync(words, { from: 'user' })
    return wiring.exitCode
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE
  }
}
