import type { AnyField } from '../../src/protocol/schema.ts'
import type { Context, Range, Shape } from './shape.ts'
import {
  capital,
  choose,
  condition,
  elementBytesMin,
  flexibleLine,
  flexibleWord,
  indent,
  intersect,
  nullableRange,
  rangeOf,
  shapeOf,
  typeName,
  variable,
  variableType,
  zeroOf,
} from './shape.ts'

/** Statements that read a field that is there into `target`, and `const target` unless it is declared already. */
function readField(context: Context, name: string, field: AnyField, within: Range, target: string): string[] {
  const range = rangeOf(field, within)
  const test = field.tag === undefined ? condition(range, within) : 'true'
  const flexible = field.tag === undefined ? flexibleWord(context, within, field) : 'true'
  const zero = zeroOf(context, field)
  if (field.type === 'array') {
    const minimum = elementBytesMin(context, field, range)
    const call = (method: string) => `reader.${method}(${flexible}, ${minimum})`
    const nullable = condition(nullableRange(field, range), intersect(range, within)!)
    const present = choose(nullable, call('nullableArrayCount'), call('arrayCount'))
    const nested = test !== 'true' && present.includes('?') ? `(${present})` : present
    const count = `${name}Count`
    const lines = [`const ${count} = ${choose(test, nested, zero === 'null' ? '-1' : '0')}`]
    const element = field.element!
    if (element.fields) {
      const shape = shapeOf(context, element.fields)
      const type = target.startsWith('const') ? `: ${variableType(context, field)}` : ''
      lines.push(`${target}${type} = ${field.nullable ? `${count} < 0 ? null : []` : '[]'}`)
      const list = variable(name) + (field.nullable ? '!' : '')
      lines.push(
        `for (let index = 0; index < ${count}; index++) ${list}.push(read${shape.name}(reader, version))`,
      )
    } else {
      const call = `reader.${element.type}Array(${count}${element.type === 'string' ? `, ${flexible}` : ''})`
      lines.push(`${target} = ${field.nullable ? `${count} < 0 ? null : ${call}` : call}`)
    }
    return lines
  }
  return [`${target} = ${choose(test, readValue(context, field, range, flexible, test), zero)}`]
}

function readValue(context: Context, field: AnyField, range: Range, flexible: string, test: string): string {
  const nullable = condition(nullableRange(field, range), range)
  let value: string
  if (field.type === 'struct') {
    const call = `read${shapeOf(context, field.fields!).name}(reader, version)`
    const present = field.tag === undefined ? 'reader.present()' : 'reader.taggedPresent()'
    value = nullable === 'false' ? call : `${present} ? ${call} : null`
  } else if (['string', 'bytes', 'records'].includes(field.type)) {
    const method = field.type === 'string' ? 'string' : 'bytes'
    value = choose(
      nullable,
      `reader.nullable${capital(method)}(${flexible})`,
      `reader.${method}(${flexible})`,
    )
  } else {
    value = `reader.${field.type}()`
  }
  return test !== 'true' && value.includes('?') ? `(${value})` : value
}

/** The function that reads a shape. */
export function readerSource(context: Context, shape: Shape, exported: boolean): string[] {
  const entries = Object.entries(shape.fields)
  const tagged = entries.filter(([, field]) => field.tag !== undefined)
  const body: string[] = []
  for (const [name, field] of tagged)
    body.push(`let ${variable(name)}: ${variableType(context, field)} = ${zeroOf(context, field)}`)
  for (const [name, field] of entries) {
    if (field.tag === undefined)
      body.push(...readField(context, name, field, shape.range, `const ${variable(name)}`))
  }
  const flexible = flexibleWord(context, shape.range)
  if (flexible !== 'false') {
    const section = tagged.length > 0 ? readTags(context, shape, tagged) : ['reader.skipTags()']
    if (flexible === 'true') body.push(...section)
    else if (section.length === 1) body.push(`if (flexible) ${section[0]}`)
    else body.push('if (flexible) {', ...indent(section), '}')
  }
  const lines = [...flexibleLine(context, shape.range, body), ...body]
  const version = lines.some((line) => /\bversion\b/.test(line)) ? 'version' : '_version'
  const members = entries.map(([name]) => (variable(name) === name ? name : `${name}: ${variable(name)}`))
  const names = members.join(', ')
  const result =
    names.length > 90
      ? ['return {', ...members.map((member) => `  ${member},`), '}']
      : [`return { ${names} }`]
  const head = `function read${shape.name}(reader: Reader, ${version}: number): ${typeName(shape, 'Buffer')} {`
  return [(exported ? 'export ' : '') + head, ...indent([...lines, ...result]), '}', '']
}

function readTags(context: Context, shape: Shape, tagged: readonly [string, AnyField][]): string[] {
  const cases = tagged.flatMap(([name, field]) => {
    const range = rangeOf(field, shape.range)
    const known = condition(range, intersect(context.flexible!, shape.range)!)
    const body = readField(context, name, field, shape.range, variable(name))
    const guarded =
      known === 'true' ? body : [`if (${known}) {`, ...indent(body), '} else reader.position = end']
    return [`case ${field.tag}: {`, ...indent([...guarded, 'break']), '}']
  })
  return [
    'for (let count = reader.tagCount(); count > 0; count--) {',
    '  const tag = reader.unsignedVarint()',
    '  const end = reader.tagEnd()',
    '  switch (tag) {',
    ...indent(indent(cases)),
    '    default:',
    '      reader.position = end',
    '  }',
    '  reader.leaveTag(end)',
    '}',
  ]
}
