import type { AnyField } from '../../src/protocol/schema.ts'
import type { Context, Range, Shape } from './shape.ts'
import {
  condition,
  flexibleLine,
  flexibleWord,
  indent,
  intersect,
  messageName,
  nullableRange,
  rangeOf,
  SCALARS,
  shapeOf,
  typeName,
  zeroOf,
} from './shape.ts'

/** When a field's value is not its default. */
export function differs(context: Context, name: string, field: AnyField): string {
  const value = `value.${name}`
  if (zeroOf(context, field) === 'null') return `${value} !== null`
  const orNull = field.nullable ? `${value} === null || ` : ''
  if (field.type === 'array') return `${orNull}${value}.length !== 0`
  if (field.type === 'bytes' || field.type === 'records') return `${orNull}${value}.byteLength !== 0`
  if (field.type !== 'struct') return `${value} !== ${zeroOf(context, field)}`
  context.needDefaultTest.add(field.fields!)
  return `${orNull}!isDefault${shapeOf(context, field.fields!).name}(${value})`
}

function writeField(context: Context, name: string, field: AnyField, within: Range): string[] {
  const range = rangeOf(field, within)
  const test = condition(range, within)
  const refuse = `throw unwritable('${messageName(context.message)}', '${name}', version)`
  const body = writeValue(context, name, field, range, flexibleWord(context, within, field), refuse)
  if (test === 'true') return body
  const lines = body.length === 1 ? [`if (${test}) ${body[0]}`] : [`if (${test}) {`, ...indent(body), '}']
  if (field.ignorable) return lines
  const last = lines.pop()!
  if (body.length === 1) return [...lines, last, `else if (${differs(context, name, field)}) ${refuse}`]
  return [...lines, `} else if (${differs(context, name, field)}) ${refuse}`]
}

function writeValue(
  context: Context,
  name: string,
  field: AnyField,
  range: Range,
  flexible: string,
  refuse: string,
): string[] {
  const value = `value.${name}`
  const nullable = condition(nullableRange(field, range), range)
  const guard =
    field.nullable && nullable !== 'true' ? [`if (${value} === null && !(${nullable})) ${refuse}`] : []
  if (field.type === 'array') {
    const element = field.element!
    const each = element.fields
      ? `for (const element of ${value}) write${shapeOf(context, element.fields).name}(writer, version, element)`
      : `writer.${element.type}Array(${value}${element.type === 'string' ? `, ${flexible}` : ''})`
    const count = field.nullable ? `${value} === null ? -1 : ${value}.length` : `${value}.length`
    return [
      ...guard,
      `writer.arrayCount(${count}, ${flexible})`,
      field.nullable ? `if (${value} !== null) ${each}` : each,
    ]
  }
  if (field.type === 'struct') {
    const write = `write${shapeOf(context, field.fields!).name}(writer, version, ${value})`
    if (!field.nullable) return [write]
    const present = field.tag === undefined ? 'present' : 'taggedPresent'
    return [`writer.${present}(${value} !== null)`, `if (${value} !== null) ${write}`]
  }
  const long = ['string', 'bytes', 'records'].includes(field.type) ? `, ${flexible}` : ''
  const method = field.type === 'int16' && name === 'errorCode' ? 'errorCode' : field.type
  return [...guard, `writer.${method}(${value}${long})`]
}

function writeTags(context: Context, shape: Shape, tagged: readonly [string, AnyField][]): string[] {
  const within = intersect(context.flexible!, shape.range)!
  const sorted = [...tagged].sort(([, left], [, right]) => left.tag! - right.tag!)
  const lines: string[] = ['let tags = 0']
  const parts: string[] = []
  for (const [name, field] of sorted) {
    const present = condition(rangeOf(field, within), within)
    const different = differs(context, name, field)
    const guarded = different.includes('||') && present !== 'true' ? `(${different})` : different
    const test = present === 'true' ? different : `${present} && ${guarded}`
    const refuse = `throw unwritable('${messageName(context.message)}', '${name}', version)`
    const body = writeValue(context, name, field, rangeOf(field, within), 'true', refuse)
    const size = field.nullable ? 0 : (SCALARS[field.type]?.size ?? 0)
    lines.push(`if (${test}) tags++`)
    const content =
      size > 0
        ? [`writer.tag(${field.tag}, ${size})`, ...body]
        : [`const mark = writer.beginTag(${field.tag})`, ...body, 'writer.endTag(mark)']
    parts.push(`if (${test}) {`, ...indent(content), '}')
  }
  return [...lines, 'writer.unsignedVarint(tags)', ...parts]
}

/** A tagged field that is not ignorable and has a value in a version that is not flexible. */
function refuseTags(context: Context, shape: Shape, tagged: readonly [string, AnyField][]): string[] {
  return tagged.flatMap(([name, field]) => {
    const absent = condition(rangeOf(field, shape.range), shape.range)
    if (field.ignorable || absent === 'true') return []
    const different = differs(context, name, field)
    const guarded = different.includes('||') ? `(${different})` : different
    return [
      `if (!(${absent}) && ${guarded}) throw unwritable('${messageName(context.message)}', '${name}', version)`,
    ]
  })
}

/** The function that writes a shape. */
export function writerSource(context: Context, shape: Shape, exported: boolean): string[] {
  const entries = Object.entries(shape.fields)
  const tagged = entries.filter(([, field]) => field.tag !== undefined)
  const body: string[] = []
  for (const [name, field] of entries) {
    if (field.tag === undefined) body.push(...writeField(context, name, field, shape.range))
  }
  const flexible = flexibleWord(context, shape.range)
  body.push(...refuseTags(context, shape, tagged))
  if (flexible !== 'false') {
    const section = tagged.length > 0 ? writeTags(context, shape, tagged) : ['writer.unsignedVarint(0)']
    if (flexible === 'true') body.push(...section)
    else if (section.length === 1) body.push(`if (flexible) ${section[0]}`)
    else body.push('if (flexible) {', ...indent(section), '}')
  }
  const lines = [...flexibleLine(context, shape.range, body), ...body]
  const word = (name: string) =>
    lines.some((line) => new RegExp(`(?<!\\.)\\b${name}\\b`).test(line)) ? name : `_${name}`
  const type = typeName(shape, 'RecordsSource')
  const head = `function write${shape.name}(${word('writer')}: Writer, ${word('version')}: number, ${word('value')}: ${type}): void {`
  return [(exported ? 'export ' : '') + head, ...indent(lines), '}', '']
}
