/** A file of the repository as the rules see it: its text, and the same text with comments and literals blanked. */
export interface SourceFile {
  /** From the package root, with `/` between the parts. */
  readonly path: string
  readonly text: string
  /** As long as `text`: the insides of comments, strings, templates and regular expressions are blanks. */
  readonly code: string
  /** As long as `text`: comments only, everything else blanks. */
  readonly comments: string
  readonly imports: readonly ImportLine[]
  /** Position of the first character of each line. */
  readonly lineStarts: readonly number[]
}

/** One import or re-export. */
export interface ImportLine {
  readonly specifier: string
  readonly line: number
}

/** Something a rule found. */
export interface Finding {
  readonly path: string
  readonly line: number
  readonly rule: string
  readonly message: string
}

/** Reads a TypeScript file. Never fails: what cannot be understood is left as code. */
export function parseSource(path: string, text: string): SourceFile {
  const { code, comments } = maskLiterals(text)
  const lineStarts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1)
  const imports = findImports(text, code).map(({ specifier, at }) => ({
    specifier,
    line: lineOf(lineStarts, at),
  }))
  return { path, text, code, comments, imports, lineStarts }
}

/** The 1-based line of a position. */
export function lineOf(lineStarts: readonly number[], at: number): number {
  let low = 0
  let high = lineStarts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (lineStarts[middle]! <= at) low = middle
    else high = middle - 1
  }
  return low + 1
}

function findImports(text: string, code: string): { specifier: string; at: number }[] {
  const found: { specifier: string; at: number }[] = []
  const pattern =
    /\b(?:import|export)\b(?:[^'"`;=()]*?\bfrom\b)?\s*(['"])|\b(?:import|require)\s*\(\s*(['"])/g
  for (const match of code.matchAll(pattern)) {
    const quote = match[1] ?? match[2]!
    const start = match.index + match[0].length
    const end = code.indexOf(quote, start)
    if (end > start) found.push({ specifier: text.slice(start, end), at: match.index })
  }
  return found
}

/** A regular expression may start after these words; a division may not. */
const WORD_BEFORE_EXPRESSION =
  /(?:^|[^\w$.])(?:return|typeof|case|in|of|delete|void|throw|new|else|do|await|yield|instanceof)$/

function maskLiterals(text: string): { code: string; comments: string } {
  const code = text.split('')
  const comments = new Array<string>(text.length).fill(' ')
  const templateDepths: number[] = []
  let braceDepth = 0
  let at = 0
  const blank = (from: number, to: number): void => {
    for (let index = from; index < to; index++) if (text[index] !== '\n') code[index] = ' '
  }
  const template = (from: number): number => {
    const end = templateEnd(text, from)
    blank(from, end.at)
    if (end.opens) templateDepths.push(braceDepth++)
    return end.at + (end.opens ? 2 : 1)
  }
  while (at < text.length) {
    const character = text[at]!
    const next = text[at + 1]
    if (character === '/' && (next === '/' || next === '*')) {
      const stop = next === '/' ? text.indexOf('\n', at) : text.indexOf('*/', at + 2) + 2
      const end = stop < at + 2 ? text.length : stop
      for (let index = at; index < end; index++) comments[index] = text[index]!
      blank(at, end)
      at = end
    } else if (character === "'" || character === '"') {
      const end = literalEnd(text, at + 1, character)
      blank(at + 1, end)
      at = end + 1
    } else if (character === '`') {
      at = template(at + 1)
    } else if (character === '/' && startsExpression(code, at)) {
      const end = regexEnd(text, at + 1)
      blank(at + 1, end)
      at = end + 1
    } else {
      if (character === '{') braceDepth++
      if (character === '}') {
        braceDepth--
        if (templateDepths.at(-1) === braceDepth) {
          templateDepths.pop()
          at = template(at + 1)
          continue
        }
      }
      at++
    }
  }
  return { code: code.join(''), comments: comments.join('') }
}

function literalEnd(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === quote || text[at] === '\n') return at
  }
  return text.length
}

function templateEnd(text: string, from: number): { at: number; opens: boolean } {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '`') return { at, opens: false }
    else if (text[at] === '$' && text[at + 1] === '{') return { at, opens: true }
  }
  return { at: text.length, opens: false }
}

function regexEnd(text: string, from: number): number {
  let inClass = false
  for (let at = from; at < text.length; at++) {
    const character = text[at]
    if (character === '\\') at++
    else if (character === '\n') return at
    else if (character === '[') inClass = true
    else if (character === ']') inClass = false
    else if (character === '/' && !inClass) return at
  }
  return text.length
}

function startsExpression(code: readonly string[], at: number): boolean {
  let before = at - 1
  while (before >= 0 && /\s/.test(code[before]!)) before--
  if (before < 0) return true
  const character = code[before]!
  if (/[\w$]/.test(character)) {
    return WORD_BEFORE_EXPRESSION.test(code.slice(Math.max(0, before - 12), before + 1).join(''))
  }
  return !/[)\]}'"`]/.test(character)
}
