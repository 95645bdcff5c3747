/**
 * Options, declared once: what a name means, what it may hold and what it is without being set. A declaration is data;
 * parsing, answers to clients and the documentation all read the same one.
 */

export type OptionType =
  | 'boolean'
  | 'short'
  | 'int'
  | 'long'
  | 'double'
  | 'string'
  | 'list'
  | 'class'
  | 'password'

/** What a declaration may say beside type, default and meaning. */
export interface OptionDetails {
  /** Inclusive bounds of a number. */
  readonly min?: number
  readonly max?: number
  /** The only values allowed; of a list, the only elements. */
  readonly oneOf?: readonly string[]
  /** What `oneOf` compares without regard to case. */
  readonly anyCase?: boolean
  /** Names what is wrong with a value that parsed, or null. */
  readonly check?: (text: string) => string | null
  /** The value can be changed while the broker runs. */
  readonly dynamic?: boolean
  /** Why the option is taken and reported but has no effect here. Without it the option is honoured. */
  readonly accepted?: string
  /** Not one of Kafka's names. */
  readonly own?: boolean
  /** What differs from Kafka on purpose. */
  readonly differs?: string
}

/** One option, declared. */
export interface OptionDefinition<
  Type extends OptionType = OptionType,
  Default extends string | null = string | null,
> extends OptionDetails {
  readonly type: Type
  /** The value as text; null: none. */
  readonly default: Default
  readonly doc: string
}

interface ParsedTypes {
  readonly boolean: boolean
  readonly short: number
  readonly int: number
  readonly long: number
  readonly double: number
  readonly string: string
  readonly list: readonly string[]
  readonly class: string
  readonly password: string
}

export type OptionTable = Readonly<Record<string, OptionDefinition>>

/** What an option holds once parsed; null only where there is no default. */
export type OptionValue<Definition extends OptionDefinition> =
  | ParsedTypes[Definition['type']]
  | (Definition['default'] extends string ? never : null)

export type OptionValues<Table extends OptionTable> = {
  readonly [Name in keyof Table]: OptionValue<Table[Name]>
}

function declaration<const Type extends OptionType>(type: Type) {
  return <const Default extends string | null>(
    fallback: Default,
    doc: string,
    details: OptionDetails = {},
  ): OptionDefinition<Type, Default> => ({ type, default: fallback, doc, ...details })
}

export const boolean = declaration('boolean')
export const short = declaration('short')
export const int = declaration('int')
/** 64 bits on the wire; parsed values are clipped to the exact range of a number, 2^53 - 1. */
export const long = declaration('long')
export const double = declaration('double')
export const string = declaration('string')
export const list = declaration('list')
export const className = declaration('class')
export const password = declaration('password')

/** How an option is treated: `accepted` ones are reported as Kafka would and change nothing. */
export function treatment(definition: OptionDefinition): 'honoured' | 'accepted' {
  return definition.accepted === undefined ? 'honoured' : 'accepted'
}

/** What is wrong with settings, all of it, for whoever wrote them. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError'
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(faults.join('; '))
    this.faults = faults
  }
}

export type Parsed<Value> = { readonly value: Value } | { readonly fault: string }

const INTEGER_RANGES = {
  short: [-32768n, 32767n],
  int: [-2147483648n, 2147483647n],
  long: [-(2n ** 63n), 2n ** 63n - 1n],
} as const

const INTEGER_DIGITS_MAX = 20
const DOUBLE_TEXT = /^[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?)$/

/** Largest text of one value, characters. */
export const OPTION_TEXT_MAX = 64 * 1024

/** Splits a list's text at commas, without white space and without repetitions; empty text is the empty list. */
export function splitList(text: string): string[] {
  const trimmed = text.trim()
  return trimmed === '' ? [] : [...new Set(trimmed.split(',').map((element) => element.trim()))]
}

/** Parses and checks one value. The fault says what is wrong in words that name the option and the value. */
export function parseOption<Definition extends OptionDefinition>(
  name: string,
  definition: Definition,
  text: string,
): Parsed<OptionValue<Definition>> {
  const fault = (why: string): { fault: string } => ({
    fault: `Invalid value ${definition.type === 'password' ? '[hidden]' : text} for configuration ${name}: ${why}`,
  })
  if (text.length > OPTION_TEXT_MAX)
    return { fault: `Invalid value for configuration ${name}: longer than ${OPTION_TEXT_MAX} characters` }
  const parsed = parseText(definition, text)
  if ('fault' in parsed) return fault(parsed.fault)
  const wrong = wrongValue(definition, parsed.value) ?? definition.check?.(text) ?? null
  return wrong === null ? { value: parsed.value as OptionValue<Definition> } : fault(wrong)
}

function parseText(definition: OptionDefinition, text: string): Parsed<ParsedTypes[OptionType]> {
  const trimmed = text.trim()
  switch (definition.type) {
    case 'boolean': {
      const lower = trimmed.toLowerCase()
      if (lower === 'true' || lower === 'false') return { value: lower === 'true' }
      return { fault: 'Expected value to be either true or false' }
    }
    case 'short':
    case 'int':
    case 'long': {
      const whole = parseInteger(trimmed, definition.type)
      return whole === null
        ? { fault: `Not a number of type ${definition.type.toUpperCase()}` }
        : { value: whole }
    }
    case 'double':
      return DOUBLE_TEXT.test(trimmed) ? { value: Number(trimmed) } : { fault: 'Not a number of type DOUBLE' }
    case 'list':
      return { value: splitList(text) }
    case 'string':
    case 'class':
      return { value: trimmed }
    case 'password':
      return { value: text }
  }
}

function parseInteger(text: string, type: 'short' | 'int' | 'long'): number | null {
  if (text.length > INTEGER_DIGITS_MAX || !/^[+-]?\d+$/.test(text)) return null
  const whole = BigInt(text.startsWith('+') ? text.slice(1) : text)
  const [lowest, highest] = INTEGER_RANGES[type]
  if (whole < lowest || whole > highest) return null
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Number(whole)))
}

function wrongValue(definition: OptionDefinition, value: ParsedTypes[OptionType]): string | null {
  if (typeof value === 'number') {
    if (definition.min !== undefined && value < definition.min)
      return `Value must be at least ${definition.min}`
    if (definition.max !== undefined && value > definition.max)
      return `Value must be no more than ${definition.max}`
    return null
  }
  if (typeof value === 'boolean') return null
  if (typeof value !== 'string' && value.includes('')) return 'Values of a list must not be empty'
  const allowed = definition.oneOf
  if (allowed === undefined) return null
  const fold = (text: string): string => (definition.anyCase === true ? text.toLowerCase() : text)
  const known = new Set(allowed.map(fold))
  const elements = typeof value === 'string' ? [value] : value
  if (elements.every((element) => known.has(fold(element)))) return null
  return `${typeof value === 'string' ? 'String' : 'Every element'} must be one of: ${allowed.join(', ')}`
}

/**
 * The up to `count` names of `known` that look most like `name`, nearest first; none that differs by more than a third, or
 * by two characters where it is short.
 */
export function nearestNames(name: string, known: Iterable<string>, count = 3): string[] {
  const wanted = name.slice(0, 200).toLowerCase()
  const bound = wanted.length < SHORT_NAME ? 1 : Math.max(2, Math.floor(wanted.length / 3))
  const near: { name: string; distance: number }[] = []
  for (const candidate of known) {
    const distance = editDistance(wanted, candidate.toLowerCase(), bound)
    if (distance <= bound) near.push({ name: candidate, distance })
  }
  near.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
  return near.slice(0, count).map((entry) => entry.name)
}

/** Of so few characters two changed ones leave another name. */
const SHORT_NAME = 5

/** Says that `name` is no option and which names come near. */
export function unknownName(name: string, known: Iterable<string>): string {
  const near = nearestNames(name, known)
  const hint = near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`
  return `Unknown configuration ${name}${hint}`
}

/**
 * How many characters are to be changed, left out, put in or swapped with their neighbour. Infinity where it is above
 * `bound`: a name is compared with hundreds, so none for long.
 */
function editDistance(from: string, to: string, bound: number): number {
  if (Math.abs(from.length - to.length) > bound) return Number.POSITIVE_INFINITY
  let before: number[] = []
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const substitution = previous[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1)
      let distance = Math.min(substitution, previous[column]! + 1, current[column - 1]! + 1)
      if (from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1])
        distance = Math.min(distance, before[column - 2]! + 1)
      current.push(distance)
    }
    if (Math.min(...current, ...previous) > bound) return Number.POSITIVE_INFINITY
    before = previous
    previous = current
  }
  return previous[to.length]!
}
