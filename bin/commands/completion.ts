import { Argument, type Command } from 'commander'
import { completionScript, SHELLS, type Shell } from '../completion.ts'
import { EXIT_OK } from '../exit-code.ts'
import type { Wiring } from '../wiring.ts'

/** The `completion` command. */
export function completionCommand(program: Command, wiring: Wiring): void {
  const command = program
    .command('completion')
    .description('print a script that lets a shell complete commands and options')
    .addArgument(new Argument('<shell>', 'which shell').choices(SHELLS))
    .action((shell: Shell) =>
      wiring.local(command, async (io, json) => {
        const script = completionScript(program, shell)
        await io.out(json ? `${JSON.stringify({ shell, script })}\n` : script)
        return EXIT_OK
      }),
    )
  wiring.example(
    command,
    'millrace completion bash > /etc/bash_completion.d/millrace',
    'source <(millrace completion zsh)',
    'millrace completion fish > ~/.config/fish/completions/millrace.fish',
  )
}
