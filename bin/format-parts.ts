import { CliError, EXIT_USAGE } from './exit-code.ts'

/** How the bytes of a key or value can be written as text. */
const ENCODINGS = ['hex', 'base64'] as const
export type Encoding = (typeof ENCODINGS)[number]

/** A part of a format: bytes as they are, or what a letter behind a percent sign stands for. */
export type FormatPart = Buffer | { readonly token: string; readonly encoding: Encoding | null }

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0', '\\': '\\' }

/**
 * Cuts a format into its parts: tokens of those in `tokens` (`%k`, `%v{hex}`), %% for a percent sign, the escapes
 * \n \r \t \0 \\ \xHH, and what stands between. Throws CliError at a token that is not known.
 */
export function formatParts(format: string, tokens: string): FormatPart[] {
  const parts: FormatPart[] = []
  let literal: Buffer[] = []
  const closeLiteral = (): void => {
    if (literal.length > 0) parts.push(Buffer.concat(literal))
    literal = []
  }
  for (let index = 0; index < format.length; index++) {
    const character = format[index]!
    const next = format[index + 1] ?? ''
    if (character === '%' && next !== '%') {
      if (next === '' || !tokens.includes(next)) throw unknownToken(next, tokens)
      const encoding = ENCODINGS.find((name) => format.startsWith(`{${name}}`, index + 2)) ?? null
      closeLiteral()
      parts.push({ token: next, encoding })
      index += 1 + (encoding === null ? 0 : encoding.length + 2)
    } else if (character === '%') {
      literal.push(Buffer.from('%'))
      index++
    } else if (character === '\\' && next === 'x' && /^[0-9a-f]{2}/i.test(format.slice(index + 2))) {
      literal.push(Buffer.from(format.slice(index + 2, index + 4), 'hex'))
      index += 3
    } else if (character === '\\' && Object.hasOwn(ESCAPES, next)) {
      literal.push(Buffer.from(ESCAPES[next]!))
      index++
    } else literal.push(Buffer.from(character))
  }
  closeLiteral()
  return parts
}

function unknownToken(name: string, tokens: string): CliError {
  const known = [...tokens].map((token) => `%${token}`).join(' ')
  return new CliError(`unknown token '%${name}' in --format: use ${known} %%`, EXIT_USAGE)
}
