import { DATA_PLANE, EDGES, isTest, matches, OUTSIDE, PURE, PURE_BUT } from './layout.ts'
import { type Finding, lineOf, type SourceFile } from './source-file.ts'

interface BannedCall {
  readonly name: string
  readonly pattern: RegExp
  readonly instead: string
}

/** The machine, which only edges may touch. Everybody else gets it through a port. */
const MACHINE_CALLS: readonly BannedCall[] = [
  {
    name: 'clock',
    pattern: /\bDate\s*\.\s*now\b|\bnew\s+Date\s*\(\s*\)|\bperformance\s*\.\s*now\b/g,
    instead: 'take the time from the Environment port',
  },
  {
    name: 'random',
    pattern: /\bMath\s*\.\s*random\b|\brandomUUID\b/g,
    instead: 'take chance from the Environment port',
  },
  {
    name: 'timer',
    pattern: /(?<![.\w$])(?:setTimeout|setInterval|setImmediate)\b/g,
    instead: 'set timers through the Environment port',
  },
  {
    name: 'process',
    pattern: /(?<![.\w$])process\s*\.\s*(?!nextTick)\w+/g,
    instead: 'leave the process to bin/',
  },
  {
    name: 'next-tick',
    pattern: /\bprocess\s*\.\s*nextTick\b/g,
    instead: 'queueMicrotask, or change state synchronously',
  },
  {
    name: 'console',
    pattern: /(?<![.\w$])console\s*\.\s*\w+/g,
    instead: 'say it to the Logger port',
  },
]

const DATA_PLANE_CALLS: readonly BannedCall[] = [
  {
    name: 'buffer-concat',
    pattern: /\bBuffer\s*\.\s*concat\b/g,
    instead: 'keep the parts, or fill one buffer of the known size',
  },
  {
    name: 'bigint',
    pattern: /\bBigInt\b|\bbigint\b|\b\d[\d_]*n\b|\b(?:read|write)Big\w+/g,
    instead: 'int64 is a number here: see base/bytes.ts',
  },
]

const EVERYWHERE: readonly BannedCall[] = [
  {
    name: 'any',
    pattern: /(?:[:<,|&]|\bas|=>|\bextends|\bis)\s*any\b(?!\s*[(:.?])/g,
    instead: 'say the type, or unknown and check it',
  },
]

const IN_TESTS: readonly BannedCall[] = [
  {
    name: 'focused-test',
    pattern: /\b(?:it|test|describe|suite|bench)\s*\.\s*(?:only|skip|todo)\b/g,
    instead: 'a test runs, or it is not there',
  },
]

/** Calls and types that are not to be had where they stand. */
export function checkCalls(file: SourceFile): Finding[] {
  const inTest = isTest(file.path)
  const banned = [...EVERYWHERE]
  if (inTest) banned.push(...IN_TESTS)
  else if (!matches(file.path, OUTSIDE)) {
    const own = EDGES.filter((edge) => matches(file.path, edge.files)).flatMap((edge) => edge.calls ?? [])
    const ports = matches(file.path, DATA_PLANE) ? [...MACHINE_CALLS, ...DATA_PLANE_CALLS] : MACHINE_CALLS
    banned.push(...ports.filter((call) => !own.includes(call.name)))
  }
  const findings: Finding[] = []
  const report = (at: number, rule: string, message: string): void => {
    findings.push({ path: file.path, line: lineOf(file.lineStarts, at), rule, message })
  }
  for (const call of banned) {
    for (const match of file.code.matchAll(call.pattern)) {
      report(match.index, call.name, `${match[0].trim()}: ${call.instead}`)
    }
  }
  for (const match of file.comments.matchAll(/@ts-(?:ignore|expect-error|nocheck)/g)) {
    report(match.index, 'ts-ignore', `${match[0]}: the type is to be made right`)
  }
  if (!inTest && matches(file.path, PURE) && !matches(file.path, PURE_BUT)) {
    for (const match of file.code.matchAll(/\b(?:await|async)\b/g)) {
      report(match.index, 'pure', `${match[0]} in a file that only decides`)
    }
  }
  return findings
}
