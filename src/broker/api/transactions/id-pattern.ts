/**
 * Patterns of transactional ids, as RE2 has them, in what such patterns use: literals, `.`, classes, the escapes \d \w \s
 * and their opposites, groups, alternatives, `* + ? {n,m}` (lazy or not), `^` and `$`. Matched by going through all
 * possibilities at once, so that no pattern takes longer than its size times the length of the id.
 */

type Test = (code: number) => boolean

/** One step of a program: what comes next is at the given indexes. */
type Step =
  | { readonly kind: 'character'; readonly test: Test; readonly next: number }
  | { readonly kind: 'split'; readonly first: number; second: number }
  | { readonly kind: 'start' | 'end'; readonly next: number }
  | { readonly kind: 'found' }

type Node =
  | { readonly kind: 'character'; readonly test: Test }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'sequence' | 'choice'; readonly nodes: readonly Node[] }
  | { readonly kind: 'repeat'; readonly node: Node; readonly min: number; readonly max: number }

const PATTERN_LENGTH_MAX = 255
const REPEAT_MAX = 1000
const STEPS_MAX = 4000
const GROUP_DEPTH_MAX = 50

class PatternError extends Error {}

const isDigit: Test = (code) => code >= 48 && code <= 57
const isWord: Test = (code) =>
  isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95
const isSpace: Test = (code) => code === 32 || (code >= 9 && code <= 13)
const not =
  (test: Test): Test =>
  (code) =>
    !test(code)
const CLASS_ESCAPES: Readonly<Record<string, Test>> = {
  d: isDigit,
  D: not(isDigit),
  w: isWord,
  W: not(isWord),
  s: isSpace,
  S: not(isSpace),
}
const CONTROL_ESCAPES: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13 }

/** Whether a whole transactional id is what the pattern says; null: it is no pattern, or too large a one. */
export function matcherOf(pattern: string): ((id: string) => boolean) | null {
  if (pattern.length > PATTERN_LENGTH_MAX) return null
  try {
    const steps: Step[] = [{ kind: 'found' }]
    const first = compile(new Parser(pattern).parse(), 0, steps)
    return (id) => runs(steps, first, id)
  } catch (error) {
    if (error instanceof PatternError) return null
    throw error
  }
}

class Parser {
  readonly #text: string
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  parse(): Node {
    const node = this.#choice()
    if (this.#at < this.#text.length) throw new PatternError('a parenthesis too many')
    return node
  }

  #peek(): string {
    return this.#text[this.#at] ?? ''
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false
    this.#at += text.length
    return true
  }

  #choice(): Node {
    const nodes: Node[] = [this.#sequence()]
    while (this.#take('|')) nodes.push(this.#sequence())
    return nodes.length === 1 ? nodes[0]! : { kind: 'choice', nodes }
  }

  #sequence(): Node {
    const nodes: Node[] = []
    while (this.#at < this.#text.length && this.#peek() !== '|' && this.#peek() !== ')')
      nodes.push(this.#repeated())
    return { kind: 'sequence', nodes }
  }

  #repeated(): Node {
    const node = this.#atom()
    const range = this.#range()
    if (range === null) return node
    this.#take('?')
    if (this.#range() !== null) throw new PatternError('nothing to repeat')
    return { kind: 'repeat', node, ...range }
  }

  #range(): { min: number; max: number } | null {
    if (this.#take('*')) return { min: 0, max: Number.POSITIVE_INFINITY }
    if (this.#take('+')) return { min: 1, max: Number.POSITIVE_INFINITY }
    if (this.#take('?')) return { min: 0, max: 1 }
    const braces = /^\{(\d{1,4})(?:(,)(\d{0,4}))?\}/.exec(this.#text.slice(this.#at))
    if (braces === null) return null
    this.#at += braces[0].length
    const min = Number(braces[1])
    const max =
      braces[2] === undefined ? min : braces[3] === '' ? Number.POSITIVE_INFINITY : Number(braces[3])
    const isSane = min <= REPEAT_MAX && max >= min && (max <= REPEAT_MAX || max === Number.POSITIVE_INFINITY)
    if (!isSane) throw new PatternError('a repetition that is none')
    return { min, max }
  }

  #atom(): Node {
    if (this.#take('(')) return this.#group()
    if (this.#take('^')) return { kind: 'start' }
    if (this.#take('$')) return { kind: 'end' }
    if (this.#take('.')) return { kind: 'character', test: (code) => code !== 10 }
    if (this.#take('[')) return { kind: 'character', test: this.#class() }
    if (/[*+?]/.test(this.#peek())) throw new PatternError('nothing to repeat')
    const character = this.#character()
    return {
      kind: 'character',
      test: typeof character === 'number' ? (code) => code === character : character,
    }
  }

  #group(): Node {
    if (this.#peek() === '?' && !this.#take('?:')) throw new PatternError('a kind of group that is not known')
    if (++this.#depth > GROUP_DEPTH_MAX) throw new PatternError('groups too deep')
    const node = this.#choice()
    if (!this.#take(')')) throw new PatternError('a parenthesis is missing')
    this.#depth--
    return node
  }

  /** One character, escaped or not, or a class of them. */
  #character(): number | Test {
    if (!this.#take('\\')) {
      if (this.#at >= this.#text.length) throw new PatternError('it ends too early')
      return this.#text.charCodeAt(this.#at++)
    }
    const escaped = this.#peek()
    this.#at++
    if (escaped === '') throw new PatternError('it ends in a backslash')
    const test = CLASS_ESCAPES[escaped] ?? CONTROL_ESCAPES[escaped]
    if (test !== undefined) return test
    if (isWord(escaped.charCodeAt(0))) throw new PatternError('an escape that is not known')
    return escaped.charCodeAt(0)
  }

  #class(): Test {
    const isNegated = this.#take('^')
    const tests: Test[] = []
    while (tests.length === 0 || this.#peek() !== ']') {
      const low = this.#character()
      const isRange = typeof low === 'number' && this.#peek() === '-' && this.#text[this.#at + 1] !== ']'
      if (!isRange) {
        tests.push(typeof low === 'number' ? (code) => code === low : low)
        continue
      }
      this.#at++
      const high = this.#character()
      if (typeof high !== 'number' || high < low) throw new PatternError('a range that is none')
      tests.push((code) => code >= low && code <= high)
    }
    this.#at++
    const isOne: Test = (code) => tests.some((test) => test(code))
    return isNegated ? not(isOne) : isOne
  }
}

/** Adds the steps of a node that go on at `next`; returns where they begin. */
function compile(node: Node, next: number, steps: Step[]): number {
  if (steps.length > STEPS_MAX) throw new PatternError('it is too large')
  const add = (step: Step): number => steps.push(step) - 1
  switch (node.kind) {
    case 'character':
      return add({ kind: 'character', test: node.test, next })
    case 'start':
    case 'end':
      return add({ kind: node.kind, next })
    case 'sequence':
      return node.nodes.reduceRight((after, part) => compile(part, after, steps), next)
    case 'choice':
      return node.nodes
        .map((part) => compile(part, next, steps))
        .reduce((first, second) => add({ kind: 'split', first, second }))
    case 'repeat':
      return compileRepeat(node.node, node.min, node.max, next, steps)
  }
}

function compileRepeat(node: Node, min: number, max: number, next: number, steps: Step[]): number {
  let first = next
  if (max === Number.POSITIVE_INFINITY) {
    const loop = { kind: 'split' as const, first: next, second: next }
    first = steps.push(loop) - 1
    loop.second = compile(node, first, steps)
  } else {
    for (let count = min; count < max; count++) {
      const second = compile(node, first, steps)
      first = steps.push({ kind: 'split', first: next, second }) - 1
    }
  }
  for (let count = 0; count < min; count++) first = compile(node, first, steps)
  return first
}

function runs(steps: readonly Step[], first: number, id: string): boolean {
  let current = follow(steps, [first], 0, id)
  for (let at = 0; at < id.length && current.length > 0; at++) {
    const code = id.charCodeAt(at)
    const reached: number[] = []
    for (const index of current) {
      const step = steps[index]!
      if (step.kind === 'character' && step.test(code)) reached.push(step.next)
    }
    current = follow(steps, reached, at + 1, id)
  }
  return current.some((index) => steps[index]!.kind === 'found')
}

/** The steps that wait for a character, or have found, from there on; each once. */
function follow(steps: readonly Step[], from: readonly number[], at: number, id: string): number[] {
  const seen = new Set<number>()
  const waiting: number[] = []
  const open = [...from]
  while (open.length > 0) {
    const index = open.pop()!
    if (seen.has(index)) continue
    seen.add(index)
    const step = steps[index]!
    if (step.kind === 'split') open.push(step.first, step.second)
    else if (step.kind === 'character' || step.kind === 'found') waiting.push(index)
    else if (step.kind === 'start' ? at === 0 : at === id.length) open.push(step.next)
  }
  return waiting
}
