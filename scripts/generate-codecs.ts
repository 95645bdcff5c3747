import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FAMILIES } from '../src/protocol/messages/families.ts'
import type { Message } from '../src/protocol/schema.ts'
import { readerSource } from './codecs/reader-source.ts'
import type { Context, Shape } from './codecs/shape.ts'
import {
  collectShapes,
  hasRecords,
  indent,
  intersect,
  messageName,
  parseRange,
  shapeOf,
  typeName,
  zeroOf,
} from './codecs/shape.ts'
import { differs, writerSource } from './codecs/writer-source.ts'

/**
 * Writes src/protocol/generated from src/protocol/messages: one file a family, with the types, defaults, readers and
 * writers of its messages, and apis.ts with the table of the APIs. `--check` writes nothing and fails on a difference.
 */

function typeLine(shape: Shape, message: Message): string {
  const generic = hasRecords(shape.fields)
  const fallback = message.kind === 'request' ? 'Buffer' : 'RecordsSource'
  const parameter = generic ? `<Records extends RecordsSource = ${fallback}>` : ''
  const parent = shape.type.replace('PARAMETER', generic ? '<Records>' : '')
  if (shape.type !== '') return `export type ${shape.name}${parameter} = ${parent}`
  return `export interface ${shape.name}${parameter} extends Infer<typeof schema.${shape.name}${generic ? ', Records' : ''}> {}`
}

function defaults(context: Context, shape: Shape): string[] {
  const lines = Object.entries(shape.fields).map(([name, field]) => `  ${name}: ${zeroOf(context, field)},`)
  return [
    `export function default${shape.name}(): ${typeName(shape, 'Buffer')} {`,
    ...indent(['return {', ...lines, '}']),
    '}',
    '',
  ]
}

function defaultTest(context: Context, shape: Shape): string[] {
  const tests = Object.entries(shape.fields).map(([name, field]) => {
    const different = differs(context, name, field)
    if (/^value\.\w+ !== [^|]+$/.test(different)) return different.replace('!==', '===')
    return different.startsWith('!') && !different.includes('||') ? different.slice(1) : `!(${different})`
  })
  return [
    `function isDefault${shape.name}(value: ${shape.name}): boolean {`,
    `  return ${tests.join(' && ')}`,
    '}',
    '',
  ]
}

function messageCodecs(message: Message): string[] {
  const range = parseRange(message.versions)
  const context: Context = {
    message,
    range,
    flexible: message.flexible === 'none' ? null : intersect(parseRange(message.flexible), range),
    shapes: new Map(),
    needDefaultTest: new Set(),
  }
  const name = messageName(message)
  collectShapes(context, { name, type: '', fields: message.fields, range })
  const shapes = [...context.shapes.values()]
  const code = shapes.flatMap((shape, index) => [
    ...defaults(context, shape),
    ...readerSource(context, shape, index === 0),
    ...writerSource(context, shape, index === 0),
  ])
  for (const fields of context.needDefaultTest) code.push(...defaultTest(context, shapeOf(context, fields)))
  const title = `// ── ${name} ${message.key === undefined ? '' : `(${message.key}) `}${message.versions} ──`
  const constants =
    message.kind === 'record-key' ? [`export const ${constantName(name)}_TYPE = ${message.key}`, ''] : []
  return [title, '', ...constants, ...shapes.map((shape) => typeLine(shape, message)), '', ...code]
}

function constantName(name: string): string {
  return name.replace(/(?!^)([A-Z])/g, '_$1').toUpperCase()
}

const NOTICE = 'Written by scripts/generate-codecs.ts: change the source and run `npm run generate`.'

function importLine(kind: string, names: readonly string[], from: string, body: string): string[] {
  const used = names.filter((name) => new RegExp(`\\b${name}\\b`).test(body))
  return used.length > 0 ? [`import ${kind}{ ${used.join(', ')} } from '${from}'`] : []
}

function familyFile(family: string, messages: readonly Message[]): string {
  const body = messages.flatMap(messageCodecs).join('\n')
  return [
    `// From ../messages/${family}.ts. ${NOTICE}`,
    '',
    ...importLine('type ', ['Uuid'], '../../base/uuid.ts', body),
    ...importLine('', ['ZERO_UUID'], '../../base/uuid.ts', body),
    `import type * as schema from '../messages/${family}.ts'`,
    ...importLine('', ['EMPTY_BYTES'], '../reader.ts', body),
    `import type { Reader } from '../reader.ts'`,
    ...importLine('type ', ['Infer', 'RecordsSource'], '../schema.ts', body),
    ...importLine('', ['unwritable'], '../writer.ts', body),
    `import type { Writer } from '../writer.ts'`,
    '',
    body,
  ].join('\n')
}

function apisFile(files: ReadonlyMap<string, readonly Message[]>): string {
  const imports: string[] = []
  const rows: { key: number; lines: string[] }[] = []
  for (const [family, messages] of files) {
    const names: string[] = []
    for (const message of messages) {
      if (message.kind !== 'request') continue
      const { name, key } = message
      const { first, last } = parseRange(message.versions)
      const flexibleFrom =
        message.flexible === 'none' ? 'Number.POSITIVE_INFINITY' : parseRange(message.flexible).first
      const codecs = [
        `read${name}Request`,
        `write${name}Request`,
        `read${name}Response`,
        `write${name}Response`,
      ]
      names.push(...codecs)
      const [readRequest, writeRequest, readResponse, writeResponse] = codecs
      rows.push({
        key: key!,
        lines: [
          `${name}: {`,
          `  name: '${name}',`,
          `  key: ${key},`,
          `  versionMin: ${first},`,
          `  versionMax: ${last},`,
          `  flexibleFrom: ${flexibleFrom},`,
          `  readRequest: ${readRequest},`,
          `  writeRequest: ${writeRequest},`,
          `  readResponse: ${readResponse},`,
          `  writeResponse: ${writeResponse},`,
          '},',
        ],
      })
    }
    if (names.length > 0)
      imports.push('import {', ...names.sort().map((name) => `  ${name},`), `} from './${family}.ts'`)
  }
  rows.sort((left, right) => left.key - right.key)
  const table = ['export const APIS = {', ...indent(rows.flatMap((row) => row.lines)), '} as const', '']
  return [`// From ../messages. ${NOTICE}`, '', ...imports, '', ...table].join('\n')
}

function generate(): Map<string, string> {
  const families = new Map<string, readonly Message[]>()
  for (const [family, exports] of Object.entries(FAMILIES))
    families.set(family, Object.values(exports) as Message[])
  const files = new Map<string, string>()
  for (const [family, messages] of families) files.set(`${family}.ts`, familyFile(family, messages))
  files.set('apis.ts', apisFile(families))
  const barrel = [...families.keys()].map((family) => `export * from './${family}.ts'`)
  files.set('index.ts', [`// From ../messages. ${NOTICE}`, '', ...barrel, ''].join('\n'))
  return files
}

function main(): void {
  const folder = join('src', 'protocol', 'generated')
  const files = generate()
  const present = existsSync(folder) ? readdirSync(folder) : []
  const stale = present.filter((name) => !files.has(name))
  const changed = [...files].filter(([name, text]) => {
    return !present.includes(name) || readFileSync(join(folder, name), 'utf8') !== text
  })
  const differences = [...stale, ...changed.map(([name]) => name)]
  if (process.argv.includes('--check')) {
    if (differences.length === 0) return
    console.error(
      `${folder} is not what the messages say: ${differences.join(', ')}. Run \`npm run generate\`.`,
    )
    process.exitCode = 1
    return
  }
  mkdirSync(folder, { recursive: true })
  for (const name of stale) rmSync(join(folder, name))
  for (const [name, text] of changed) writeFileSync(join(folder, name), text)
}

main()
