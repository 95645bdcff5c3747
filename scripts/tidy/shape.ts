import {
  DATA_FILES,
  FILE_LINES_MAX,
  FUNCTION_LINES_MAX,
  isTest,
  matches,
  TEST_FUNCTION_LINES_MAX,
} from './layout.ts'
import { type Finding, lineOf, type SourceFile } from './source-file.ts'

/** Sizes of files and functions, and doc comments on what src/ exports. */
export function checkShape(file: SourceFile): Finding[] {
  if (matches(file.path, DATA_FILES)) return []
  const findings: Finding[] = []
  const lines = file.lineStarts.length - (file.text.endsWith('\n') ? 1 : 0)
  if (lines > FILE_LINES_MAX) {
    const message = `${lines} lines; the limit is ${FILE_LINES_MAX}`
    findings.push({ path: file.path, line: 1, rule: 'file-size', message })
  }
  const functionLinesMax = isTest(file.path) ? TEST_FUNCTION_LINES_MAX : FUNCTION_LINES_MAX
  for (const { name, line, lineCount } of findFunctions(file)) {
    if (lineCount <= functionLinesMax || name === 'describe') continue
    const message = `${name} has ${lineCount} lines; the limit is ${functionLinesMax}`
    findings.push({ path: file.path, line, rule: 'function-size', message })
  }
  if (file.path.startsWith('src/') && !isTest(file.path)) findings.push(...missingDocs(file))
  return findings
}

/** Names of files and folders: kebab-case. */
export function checkName(path: string): Finding[] {
  if (matches(path, ['test/fixtures/'])) return []
  if (!matches(path, ['src/', 'bin/', 'bench/', 'scripts/', 'test/', 'docs/'])) return []
  const parts = path.split('/')
  const file = parts.pop()!
  const bad =
    parts.find((part) => !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(part)) ??
    (/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+)+$/.test(file) ? undefined : file)
  if (bad === undefined) return []
  return [{ path, line: 1, rule: 'file-name', message: `${bad} is not kebab-case` }]
}

const EXPORT =
  /^export (?:declare )?(?:abstract )?(?:(?:async )?(function)\*?|(class)|(interface|type(?! [{*]))|(const) (?=\w+(?:: [^=\n]+)? = (?:async )?(?:\(|<|function))) ?(\w+)/gm

/** What is told whole by its own few lines needs no comment: a function of one statement, a type of a few fields. */
const FUNCTION_TOLD_LINES = 3
const TYPE_TOLD_LINES = 6

function missingDocs(file: SourceFile): Finding[] {
  const findings: Finding[] = []
  const seen = new Set<string>()
  for (const match of file.code.matchAll(EXPORT)) {
    const name = match[5]!
    if (seen.has(name)) continue
    seen.add(name)
    const commentEnd = file.comments.slice(0, match.index).trimEnd()
    const between = file.code.slice(commentEnd.length, match.index)
    if (commentEnd.endsWith('*/') && between.trim() === '') continue
    const line = lineOf(file.lineStarts, match.index)
    const told = match[3] === undefined ? FUNCTION_TOLD_LINES : TYPE_TOLD_LINES
    if (match[2] === undefined && declarationLines(file.code, match.index) <= told) continue
    findings.push({ path: file.path, line, rule: 'doc-comment', message: `${name} is exported without one` })
  }
  return findings
}

/** Lines from a top-level declaration to its end: the first later line that is neither indented nor a closer. */
function declarationLines(code: string, at: number): number {
  const lines = code.slice(at).split('\n')
  let count = 1
  while (count < lines.length && /^(?:\s+\S|[)\]}|&])/.test(lines[count]!)) count++
  return count
}

/** A function with a body, as far as brackets tell. */
export interface FunctionSpan {
  /** Its own name, or that of the call it is an argument of, or `function`. */
  readonly name: string
  readonly line: number
  readonly lineCount: number
}

const NOT_A_FUNCTION = new Set([
  'if',
  'for',
  'while',
  'switch',
  'catch',
  'with',
  'return',
  'await',
  'extends',
])

/** Every function, method and arrow function that has a body in braces. */
export function findFunctions(file: SourceFile): FunctionSpan[] {
  const { code } = file
  const closers = matchBrackets(code)
  const spans: FunctionSpan[] = []
  const bodies = new Set<number>()
  for (const match of code.matchAll(/\(/g)) {
    const open = match.index
    const close = closers.get(open)
    if (close === undefined) continue
    const name = nameBefore(code, open)
    const body = bodyAfter(code, close + 1, closers)
    if (body === null || (NOT_A_FUNCTION.has(name.text) && !body.arrow)) continue
    const end = closers.get(body.at)
    if (end === undefined || bodies.has(body.at)) continue
    bodies.add(body.at)
    const line = lineOf(file.lineStarts, open)
    const label = body.arrow ? arrowName(code, open) : name.text
    spans.push({ name: label, line, lineCount: lineOf(file.lineStarts, end) - line + 1 })
  }
  return spans
}

function nameBefore(code: string, open: number): { text: string } {
  const match = /([\w$#]+)\s*(?:<[^()]*>)?\s*$/.exec(code.slice(Math.max(0, open - 200), open))
  return { text: match?.[1] ?? 'function' }
}

function arrowName(code: string, open: number): string {
  const before = code.slice(Math.max(0, open - 200), open)
  const named = /(?:const|let|readonly)?\s*([\w$#]+)\s*(?::[^=;]*)?=\s*(?:async\s*)?$/.exec(before)
  if (named !== null) return named[1]!
  const callee = /([\w$]+)(?:\s*\.\s*(?:each|skipIf|runIf)\s*\([^)]*\))?\s*\([^()]*,\s*(?:async\s*)?$/.exec(
    before,
  )
  return callee?.[1] ?? 'function'
}

/** The brace that opens the body of the function whose parameters end at `from`; null where there is none. */
function bodyAfter(
  code: string,
  from: number,
  closers: ReadonlyMap<number, number>,
): { at: number; arrow: boolean } | null {
  let at = skipBlanks(code, from)
  if (code[at] === '{') return { at, arrow: false }
  if (code.startsWith('=>', at)) {
    at = skipBlanks(code, at + 2)
    return code[at] === '{' ? { at, arrow: true } : null
  }
  if (code[at] !== ':') return null
  let complete = false
  at++
  while (at < code.length) {
    const character = code[at]!
    if (character === '\n' && complete && !/^\s*[|&{=]/.test(code.slice(at, at + 200))) return null
    if (character === '{' && complete) return { at, arrow: false }
    if (code.startsWith('=>', at)) {
      const next = skipBlanks(code, at + 2)
      if (complete && code[next] === '{') return { at: next, arrow: true }
      complete = false
      at += 2
    } else if (character === '{' || character === '(' || character === '[') {
      const close = closers.get(at)
      if (close === undefined) return null
      at = close + 1
      complete = true
    } else if (/[;,)=?}\]]/.test(character)) {
      if (character !== ',' || !insideAngles(code, from, at)) return null
      complete = false
      at++
    } else {
      if (/[|&<:]/.test(character)) complete = false
      else if (/[\w$>'"`]/.test(character)) complete = true
      at++
    }
  }
  return null
}

function insideAngles(code: string, from: number, at: number): boolean {
  const text = code.slice(from, at).replaceAll('=>', '  ')
  return text.split('<').length > text.split('>').length
}

function skipBlanks(code: string, from: number): number {
  let at = from
  while (at < code.length && /\s/.test(code[at]!)) at++
  return at
}

function matchBrackets(code: string): Map<number, number> {
  const closers = new Map<number, number>()
  const open: number[] = []
  for (let at = 0; at < code.length; at++) {
    const character = code[at]!
    if (character === '(' || character === '{' || character === '[') open.push(at)
    else if (character === ')' || character === '}' || character === ']') {
      const from = open.pop()
      if (from !== undefined) closers.set(from, at)
    }
  }
  return closers
}
