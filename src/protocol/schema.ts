import type { Uuid } from '../base/uuid.ts'

/**
 * Kafka's messages as TypeScript data. The types of the messages are inferred from it (`Infer`), and
 * scripts/generate-codecs.ts writes the readers and writers from it (src/protocol/generated).
 *
 * What a field leaves out: `versions` = those of what holds it, `nullable` = never, `default` = zero of its type
 * (0, false, '', [], all-zero id, a struct of defaults), `tag` = an ordinary field, `ignorable` = a value other than
 * the default is refused where the version cannot carry it. Tagged fields are KIP-482, nullable structs KIP-893.
 */
export type Versions = `${number}` | `${number}-${number}` | `${number}+`

/** What records are when written: bytes that may lie anywhere, a Buffer or for instance a region of a file. */
export interface RecordsSource {
  readonly byteLength: number
}

/** The default of "no limit yet" fields: Long.MAX as the nearest double, which the writer turns back into it. */
export const INT64_MAX = 2 ** 63

interface Placement {
  readonly versions?: Versions
  readonly tag?: number
  readonly ignorable?: boolean
}

interface NumberOptions extends Placement {
  readonly default?: number
}

interface BooleanOptions extends Placement {
  readonly default?: boolean
}

interface NullableOptions extends Placement {
  readonly nullable?: Versions | true
  readonly default?: null
}

interface StringOptions extends Placement {
  readonly nullable?: Versions | true
  readonly default?: string | null
  /** false: an int16 length also in flexible versions (the client id of the request header). */
  readonly compact?: false
}

type NullOf<Options> = Options extends { readonly nullable: Versions | true } ? null : never

/** The types whose value is one JS value. */
export type ScalarType =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'int64'
  | 'float64'
  | 'uuid'
  | 'string'
  | 'bytes'

/** A field as the generator sees it, whatever its type. */
export interface AnyField extends Placement {
  readonly type: ScalarType | 'records' | 'array' | 'struct'
  readonly nullable?: Versions | true
  readonly default?: number | boolean | string | null
  readonly compact?: false
  readonly element?: AnyField
  readonly fields?: Fields
}

/** The fields of a message or struct, in the order of the wire. */
export type Fields = { readonly [name: string]: AnyField }

/** A field of a plain value. `value` never exists: it carries the type. */
export interface ScalarField<Value> extends AnyField {
  readonly type: ScalarType
  readonly value?: Value
}

/** Record batches: borrowed bytes when read, any RecordsSource when written. */
export interface RecordsField<Null> extends AnyField {
  readonly type: 'records'
  readonly value?: Null
}

/** A field that repeats: `value` carries the types of its element and of null. */
export interface ArrayField<Element, Null> extends AnyField {
  readonly type: 'array'
  readonly value?: [Element, Null]
}

/** A field of fields. */
export interface StructField<Members, Null> extends AnyField {
  readonly type: 'struct'
  readonly value?: [Members, Null]
}

type FieldValue<F, Records> = F extends {
  readonly type: 'array'
  readonly value?: [infer Element, infer Null]
}
  ? ElementValue<Element, Records>[] | Null
  : F extends { readonly type: 'struct'; readonly value?: [infer Members, infer Null] }
    ? FieldValues<Members, Records> | Null
    : F extends { readonly type: 'records'; readonly value?: infer Null }
      ? Records | Null
      : F extends { readonly value?: infer Value }
        ? Value
        : never

type ElementValue<Element, Records> =
  Element extends ScalarField<infer Value> ? Value : FieldValues<Element, Records>

type FieldValues<Members, Records> = { [Name in keyof Members]: FieldValue<Members[Name], Records> }

/**
 * A message. `key` is the API's key of a request or response, and the int16 type in front of a coordinator record's
 * key and of its value's schema (KIP-915).
 */
export interface Message<Members extends Fields = Fields> {
  readonly kind: 'request' | 'response' | 'header' | 'data' | 'record-key' | 'record-value'
  readonly name: string
  readonly key?: number
  readonly versions: Versions
  readonly flexible: Versions | 'none'
  readonly fields: Members
}

/** The value of a message: `Records` is what its record batches are. */
export type Infer<M, Records extends RecordsSource = RecordsSource> =
  M extends Message<infer Members> ? FieldValues<Members, Records> : never

/** Declares a message; what it returns is the definition itself. */
export function message<const Members extends Fields>(definition: Message<Members>): Message<Members> {
  return definition
}

export function bool(options: BooleanOptions = {}): ScalarField<boolean> {
  return { type: 'bool', ...options }
}

export function int8(options: NumberOptions = {}): ScalarField<number> {
  return { type: 'int8', ...options }
}

export function int16(options: NumberOptions = {}): ScalarField<number> {
  return { type: 'int16', ...options }
}

export function uint16(options: NumberOptions = {}): ScalarField<number> {
  return { type: 'uint16', ...options }
}

export function int32(options: NumberOptions = {}): ScalarField<number> {
  return { type: 'int32', ...options }
}

/** A JS number: exact within ±2^53 (see base/bytes.ts). */
export function int64(options: NumberOptions = {}): ScalarField<number> {
  return { type: 'int64', ...options }
}

export function float64(options: NumberOptions = {}): ScalarField<number> {
  return { type: 'float64', ...options }
}

export function uuid(options: Placement = {}): ScalarField<Uuid> {
  return { type: 'uuid', ...options }
}

export function string<const O extends StringOptions = object>(options?: O): ScalarField<string | NullOf<O>> {
  return { type: 'string', ...options }
}

/** Opaque bytes: a slice of the frame when read. */
export function bytes<const O extends NullableOptions = object>(
  options?: O,
): ScalarField<Buffer | NullOf<O>> {
  return { type: 'bytes', ...options }
}

export function records<const O extends NullableOptions = object>(options?: O): RecordsField<NullOf<O>> {
  return { type: 'records', ...options }
}

/** `array().of(int32())` or `array({ versions: '4+' }).of({ … the fields of one element … })`. */
export function array<const O extends NullableOptions = object>(options?: O): ArrayBuilder<NullOf<O>> {
  return { of: (element) => ({ type: 'array', ...options, element: asField(element) }) }
}

interface ArrayBuilder<Null> {
  of<const Element extends AnyField | Fields>(element: Element): ArrayField<Element, Null>
}

/** `struct({ tag: 1 }).of({ … })`. */
export function struct<const O extends NullableOptions = object>(options?: O): StructBuilder<NullOf<O>> {
  return { of: (fields) => ({ type: 'struct', ...options, fields }) }
}

interface StructBuilder<Null> {
  of<const Members extends Fields>(fields: Members): StructField<Members, Null>
}

function asField(element: AnyField | Fields): AnyField {
  return isField(element) ? element : { type: 'struct', fields: element }
}

function isField(element: AnyField | Fields): element is AnyField {
  return typeof element.type === 'string'
}
