/** Characters of a client's own words that an error message repeats: the whole has to fit in a string of the protocol. */
const LENGTH_MAX = 255

/** A name out of a request, as it is repeated in an error message. */
export function quoted(name: string): string {
  return name.length > LENGTH_MAX ? `${name.slice(0, LENGTH_MAX)}…` : name
}
