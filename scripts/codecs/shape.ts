import type { AnyField, Fields, Message, Versions } from '../../src/protocol/schema.ts'

export interface Range {
  readonly first: number
  readonly last: number
}

/** A message or a struct in one: what gets a type, a default, a reader and a writer. */
export interface Shape {
  readonly name: string
  readonly type: string
  readonly fields: Fields
  readonly range: Range
}

export interface Context {
  readonly message: Message
  readonly range: Range
  readonly flexible: Range | null
  readonly shapes: Map<Fields, Shape>
  readonly needDefaultTest: Set<Fields>
}

export const SCALARS: Record<string, { type: string; zero: string; size: number }> = {
  bool: { type: 'boolean', zero: 'false', size: 1 },
  int8: { type: 'number', zero: '0', size: 1 },
  int16: { type: 'number', zero: '0', size: 2 },
  uint16: { type: 'number', zero: '0', size: 2 },
  int32: { type: 'number', zero: '0', size: 4 },
  int64: { type: 'number', zero: '0', size: 8 },
  float64: { type: 'number', zero: '0', size: 8 },
  uuid: { type: 'Uuid', zero: 'ZERO_UUID', size: 16 },
  string: { type: 'string', zero: "''", size: 0 },
  bytes: { type: 'Buffer', zero: 'EMPTY_BYTES', size: 0 },
  records: { type: 'Records', zero: 'EMPTY_BYTES', size: 0 },
}

export function parseRange(versions: Versions): Range {
  const [first, last] = versions.replace('+', '-Infinity').split('-')
  return { first: Number(first), last: Number(last ?? first) }
}

export function intersect(left: Range, right: Range): Range | null {
  const both = { first: Math.max(left.first, right.first), last: Math.min(left.last, right.last) }
  return both.first <= both.last ? both : null
}

export function rangeOf(field: AnyField, within: Range): Range {
  const range = intersect(field.versions ? parseRange(field.versions) : within, within)
  if (range === null) throw new Error(`a field of no version: ${JSON.stringify(field)}`)
  return range
}

export function nullableRange(field: AnyField, range: Range): Range | null {
  if (field.nullable === undefined) return null
  return field.nullable === true ? range : intersect(parseRange(field.nullable), range)
}

/** When `range` holds, for a version that is known to be `within`: true, false or an expression. */
export function condition(range: Range | null, within: Range): string {
  const both = range && intersect(range, within)
  if (!both) return 'false'
  if (both.first === both.last && both.last < within.last && both.first > within.first)
    return `version === ${both.first}`
  const tests: string[] = []
  if (both.first > within.first) tests.push(`version >= ${both.first}`)
  if (both.last < within.last) tests.push(`version <= ${both.last}`)
  return tests.join(' && ') || 'true'
}

export function choose(test: string, yes: string, no: string): string {
  if (test === 'true' || yes === no) return yes
  return test === 'false' ? no : `${test} ? ${yes} : ${no}`
}

export function singular(name: string): string {
  if (name.endsWith('ies')) return `${name.slice(0, -3)}y`
  return /[^su]s$/.test(name) ? name.slice(0, -1) : name
}

/** A field's variable in a reader: named as the field, but for the names that the reader itself uses. */
export function variable(name: string): string {
  return ['reader', 'version', 'flexible', 'tag', 'count', 'end', 'index'].includes(name)
    ? `${name}Field`
    : name
}

export function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}

export function structFields(field: AnyField): Fields | undefined {
  return field.type === 'array' ? field.element?.fields : field.fields
}

/** Names every struct by its path, a shared one by the first path to it, and widens the range over all paths. */
export function collectShapes(context: Context, shape: Shape): void {
  const known = context.shapes.get(shape.fields)
  const range = known
    ? {
        first: Math.min(known.range.first, shape.range.first),
        last: Math.max(known.range.last, shape.range.last),
      }
    : shape.range
  context.shapes.set(shape.fields, { ...(known ?? shape), range })
  for (const [name, field] of Object.entries(shape.fields)) {
    const fields = structFields(field)
    if (!fields) continue
    const owner = known ?? shape
    const path = owner.name + capital(field.type === 'array' ? singular(name) : name)
    const nullable = field.nullable
      ? `NonNullable<${owner.name}PARAMETER['${name}']>`
      : `${owner.name}PARAMETER['${name}']`
    const type = field.type === 'array' ? `${nullable}[number]` : nullable
    collectShapes(context, { name: path, type, fields, range: rangeOf(field, range) })
  }
}

export function hasRecords(fields: Fields): boolean {
  return Object.values(fields).some((field) => {
    const inner = structFields(field)
    return field.type === 'records' || (inner !== undefined && hasRecords(inner))
  })
}

export function shapeOf(context: Context, fields: Fields): Shape {
  const shape = context.shapes.get(fields)
  if (!shape) throw new Error('a struct that was not collected')
  return shape
}

export function typeName(shape: Shape, records: 'Buffer' | 'RecordsSource'): string {
  return hasRecords(shape.fields) ? `${shape.name}<${records}>` : shape.name
}

export function zeroOf(context: Context, field: AnyField): string {
  if (field.default === null) return 'null'
  if (field.type === 'array') return '[]'
  if (field.type === 'struct') return `default${shapeOf(context, field.fields!).name}()`
  if (field.type === 'records' && field.nullable) return 'null'
  if (field.default !== undefined)
    return typeof field.default === 'string' ? `'${field.default}'` : String(field.default)
  return SCALARS[field.type]!.zero
}

/** The type of a field's variable in a reader. */
export function variableType(context: Context, field: AnyField): string {
  const fields = structFields(field)
  const element = fields
    ? typeName(shapeOf(context, fields), 'Buffer')
    : SCALARS[(field.element ?? field).type]!.type
  const type = (element === 'Records' ? 'Buffer' : element) + (field.type === 'array' ? '[]' : '')
  return field.nullable ? `${type} | null` : type
}

/** The fewest bytes a struct takes in any of its versions. */
export function bytesMin(context: Context, fields: Fields, range: Range): number {
  let least = Number.POSITIVE_INFINITY
  for (let version = range.first; version <= range.last; version++) {
    const at = { first: version, last: version }
    const flexible = context.flexible !== null && intersect(context.flexible, at) !== null
    let sum = flexible ? 1 : 0
    for (const field of Object.values(fields)) {
      if (field.tag === undefined && intersect(rangeOf(field, range), at))
        sum += fieldBytesMin(context, field, flexible, at)
    }
    least = Math.min(least, sum)
  }
  return Math.max(1, least)
}

export function fieldBytesMin(context: Context, field: AnyField, flexible: boolean, at: Range): number {
  if (field.type === 'struct') return field.nullable ? 1 : bytesMin(context, field.fields!, at)
  if (field.type === 'string') return flexible && field.compact !== false ? 1 : 2
  if (field.type === 'array' || field.type === 'bytes' || field.type === 'records') return flexible ? 1 : 4
  return SCALARS[field.type]!.size
}

export function elementBytesMin(context: Context, field: AnyField, range: Range): number {
  const element = field.element!
  if (element.fields)
    return bytesMin(context, element.fields, intersect(range, shapeOf(context, element.fields).range)!)
  return SCALARS[element.type]!.size || (context.flexible && intersect(context.flexible, range) ? 1 : 2)
}

export function flexibleWord(context: Context, within: Range, field?: AnyField): string {
  if (field?.compact === false) return 'false'
  const test = condition(context.flexible, within)
  return test === 'true' || test === 'false' ? test : 'flexible'
}

export function flexibleLine(context: Context, range: Range, body: readonly string[]): string[] {
  const used = flexibleWord(context, range) === 'flexible' && body.some((line) => /\bflexible\b/.test(line))
  return used ? [`const flexible = ${condition(context.flexible, range)}`] : []
}

export function messageName(message: Message): string {
  return message.kind === 'request' || message.kind === 'response'
    ? message.name + capital(message.kind)
    : message.name
}

export function indent(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? line : `  ${line}`))
}
