import type { Command } from 'commander'

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

/** What can follow a path of commands. */
interface Node {
  /** Words from the program's name on. */
  readonly path: string
  readonly words: readonly Word[]
}

interface Word {
  readonly word: string
  readonly description: string
  /** Words that an option takes as its value; null: it takes none. Empty: any. */
  readonly values: readonly string[] | null
}

/** A script that the shell reads, made from the commands and options that there are. */
export function completionScript(program: Command, shell: Shell): string {
  const nodes = nodesOf(program, [program.name()])
  if (shell === 'bash') return bashScript(program.name(), nodes)
  return shell === 'zsh' ? zshScript(program.name(), nodes) : fishScript(program.name(), nodes)
}

function nodesOf(command: Command, path: readonly string[]): Node[] {
  const own: Word[] = command.commands.map((child) => ({
    word: child.name(),
    description: child.description(),
    values: null,
  }))
  const globals =
    command.parent === null ? [] : optionsOf(rootOf(command)).filter(({ word }) => word !== '--version')
  const help: Word = { word: '--help', description: 'print the help', values: null }
  const words = [...own, ...optionsOf(command), ...globals, help]
  return [
    { path: path.join(' '), words },
    ...command.commands.flatMap((child) =>
      [child.name(), ...child.aliases()].flatMap((name) => nodesOf(child, [...path, name])),
    ),
  ]
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent)
}

function optionsOf(command: Command): Word[] {
  return command.options.map((option) => ({
    word: option.long!,
    description: option.description,
    values: option.required || option.optional ? (option.argChoices ?? []) : null,
  }))
}

const list = (words: readonly Word[]): string => words.map(({ word }) => word).join(' ')
const takingValues = (words: readonly Word[]): string =>
  words
    .filter(({ values }) => values !== null)
    .map(({ word }) => word)
    .join(' ')

function bashScript(name: string, nodes: readonly Node[]): string {
  const cases = nodes.map(
    ({ path, words }) => `    '${path}') words='${list(words)}'; valued='${takingValues(words)}' ;;`,
  )
  const choices = nodes
    .flatMap(({ path, words }) => words.map((word) => ({ path, ...word })))
    .filter(({ values }) => values !== null && values.length > 0)
    .map(
      ({ path, word, values }) =>
        `    '${path} ${word}') COMPREPLY=($(compgen -W '${values!.join(' ')}' -- "$current")); return ;;`,
    )
  return `# ${name} completion for bash: ${name} completion bash > /etc/bash_completion.d/${name}
_${name}_words() {
  case "$1" in
${cases.join('\n')}
    *) return 1 ;;
  esac
}
_${name}() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} path='${name}' words='' valued='' index
  for ((index = 1; index < COMP_CWORD; index++)); do
    if _${name}_words "$path \${COMP_WORDS[index]}"; then path="$path \${COMP_WORDS[index]}"; fi
  done
  _${name}_words "$path"
  case "$path $previous" in
${choices.join('\n')}
  esac
  case " $valued " in
    *" $previous "*) COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  case "$path" in
    '${name} log '*) COMPREPLY+=($(compgen -f -- "$current")) ;;
  esac
}
complete -o filenames -F _${name} ${name}
`
}

function zshScript(name: string, nodes: readonly Node[]): string {
  const quote = (text: string): string => text.replace(/'/g, "'\\''").replace(/:/g, '\\:')
  const cases = nodes.map(
    ({ path, words }) =>
      `    '${path}') words_=(${words.map(({ word, description }) => `'${word}:${quote(description)}'`).join(' ')}); valued=' ${takingValues(words)} ' ;;`,
  )
  return `#compdef ${name}
# ${name} completion for zsh: ${name} completion zsh > "\${fpath[1]}/_${name}"
_${name}_words() {
  case "$1" in
${cases.join('\n')}
    *) return 1 ;;
  esac
}
_${name}() {
  local path_='${name}' valued='' index
  local -a words_
  for ((index = 2; index < CURRENT; index++)); do
    if _${name}_words "$path_ $words[index]"; then path_="$path_ $words[index]"; fi
  done
  _${name}_words "$path_"
  if [[ "$valued" == *" $words[CURRENT-1] "* ]]; then _files; return; fi
  _describe -t commands '${name}' words_
  if [[ "$path_" == '${name} log '* ]]; then _files; fi
}
compdef _${name} ${name}
`
}

function fishScript(name: string, nodes: readonly Node[]): string {
  const quote = (text: string): string => `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`
  const lines = nodes.flatMap(({ path, words }) =>
    words.map(({ word, description, values }) => {
      const condition = `-n "__${name}_at ${quote(path)}"`
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${word}`
      const takes = values === null ? '' : values.length > 0 ? ` -x -a '${values.join(' ')}'` : ' -r'
      return `complete -c ${name} ${condition} ${what}${takes} -d ${quote(description)}`
    }),
  )
  const known = nodes.map(({ path }) => quote(path)).join(' ')
  return `# ${name} completion for fish: ${name} completion fish > ~/.config/fish/completions/${name}.fish
function __${name}_at
  set -l paths ${known}
  set -l path ${name}
  for word in (commandline -opc)[2..]
    if contains -- "$path $word" $paths
      set path "$path $word"
    end
  end
  test "$path" = "$argv[1]"
end
complete -c ${name} -f
complete -c ${name} -n "__${name}_at '${name} log dump'; or __${name}_at '${name} log check'; or __${name}_at '${name} log repair'" -F
${lines.join('\n')}
`
}
