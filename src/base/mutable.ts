/** A value whose fields its maker still fills in. */
export type Mutable<T> = { -readonly [Field in keyof T]: T[Field] }
