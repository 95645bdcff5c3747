import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type OptionDefinition, type OptionTable, treatment } from '../src/base/options.ts'
import { brokerSynonymNames, isTopicOption } from '../src/broker/options/explained-option.ts'
import { brokerOptions, clientMetricsOptions, groupOptions, topicOptions } from '../src/broker/options.ts'

/**
 * Writes docs/options.md from the declarations of src/broker/options. `--check` writes nothing and fails on a
 * difference.
 */

const PATH = join('docs', 'options.md')

const SECTIONS: readonly (readonly [title: string, intro: string, table: OptionTable])[] = [
  [
    'Broker options',
    'Given at the start, by `--set name=value` or in a properties file (`--config FILE`, the syntax of Kafka’s server.properties). Dynamic ones can also be changed while the broker runs.',
    brokerOptions,
  ],
  [
    'Topic configs',
    'Given when a topic is created or altered. Without an override the broker option in the last column counts, then the default.',
    topicOptions,
  ],
  [
    'Group configs',
    'Given to one group; without that the broker option `group.` and the name counts where there is one.',
    groupOptions,
  ],
  [
    'Client metrics configs',
    'Given to a subscription to the metrics of clients, by a name of its own.',
    clientMetricsOptions,
  ],
]

function shown(text: string | null): string {
  if (text === null) return 'none'
  return text === '' ? 'empty' : `\`${text}\``
}

function allowed(definition: OptionDefinition): string {
  const { type, min, max, oneOf } = definition
  if (oneOf !== undefined) return `${type}: ${oneOf.map(shown).join(', ')}`
  if (min !== undefined && max !== undefined) return `${type}, ${min} to ${max}`
  if (min !== undefined) return `${type}, from ${min}`
  if (max !== undefined) return `${type}, to ${max}`
  return type
}

function meaning(definition: OptionDefinition): string {
  const { doc, accepted, differs, own } = definition
  const notes = [
    own === true ? 'Not an option of Kafka’s.' : '',
    accepted === undefined ? '' : `*Accepted without effect: ${accepted}.*`,
    differs === undefined ? '' : `*Differs: ${differs}.*`,
  ]
  return [doc, ...notes].filter((part) => part !== '').join(' ')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

function section(title: string, intro: string, table: OptionTable): string[] {
  const isTopic = table === topicOptions
  const columns = ['Name', 'Type', 'Default', isTopic ? 'Broker option' : 'Dynamic', 'Meaning']
  const rows = Object.entries(table)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, definition]) => {
      const synonyms = isTopicOption(name) ? brokerSynonymNames(name) : []
      const fourth = isTopic
        ? synonyms.map((synonym) => `\`${synonym}\``).join(', ')
        : definition.dynamic === true
          ? 'yes'
          : ''
      return [`\`${name}\``, allowed(definition), shown(definition.default), fourth, meaning(definition)]
    })
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`
  return [`## ${title}`, '', intro, '', line(columns), line(columns.map(() => '---')), ...rows.map(line), '']
}

function differences(): string[] {
  const lines = SECTIONS.flatMap(([, , table]) =>
    Object.entries(table).flatMap(([name, { differs }]) =>
      differs === undefined ? [] : [`- \`${name}\`: ${differs}.`],
    ),
  )
  return ['## What differs from Kafka on purpose', '', ...lines, '']
}

function count(table: OptionTable): string {
  const definitions = Object.values(table)
  const honoured = definitions.filter((definition) => treatment(definition) === 'honoured').length
  return `${honoured} of ${definitions.length}`
}

function generate(): string {
  const lines = [
    '# Options',
    '',
    'Written by `scripts/generate-options.ts` from the declarations in `src/broker/options/`.',
    '',
    'Every option of Kafka 4.3 is known, with its default, and reported to clients as Kafka would. An option that is',
    'accepted without effect says why. A name that is not known is refused, with the names that come near it.',
    `Honoured are ${count(brokerOptions)} broker options, ${count(topicOptions)} topic configs, ${count(groupOptions)} group configs and ${count(clientMetricsOptions)} client metrics configs.`,
    '',
    ...differences(),
    ...SECTIONS.flatMap(([title, intro, table]) => section(title, intro, table)),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}

function main(): void {
  const text = generate()
  const present = existsSync(PATH) ? readFileSync(PATH, 'utf8') : ''
  if (present === text) return
  if (process.argv.includes('--check')) {
    console.error(`${PATH} is not what the declarations say. Run \`node dist/scripts/generate-options.js\`.`)
    process.exitCode = 1
    return
  }
  mkdirSync(dirname(PATH), { recursive: true })
  writeFileSync(PATH, text)
}

main()
