import { resolveImport } from './imports.ts'
import { type Finding, lineOf } from './source-file.ts'

/** A text file that is not read as TypeScript. */
export interface TextFile {
  readonly path: string
  readonly text: string
}

/** Links and file names in Markdown lead to files that are there, and to headings that are in them. */
export function checkLinks(
  file: TextFile,
  paths: ReadonlySet<string>,
  textOf: (path: string) => string,
): Finding[] {
  const findings: Finding[] = []
  const lineStarts = startsOf(file.text)
  const report = (at: number, message: string): void => {
    findings.push({ path: file.path, line: lineOf(lineStarts, at), rule: 'link', message })
  }
  const prose = file.text.replace(/^```[\s\S]*?^```/gm, (block) => block.replace(/[^\n]/g, ' '))
  for (const match of prose.matchAll(/\[[^\]\n]*\]\(([^)\s]+)\)/g)) {
    const target = match[1]!
    if (/^(?:https?|mailto):/.test(target)) continue
    const [name, anchor] = target.split('#', 2) as [string, string | undefined]
    const path = name === '' ? file.path : resolveImport(file.path, name)
    if (!exists(path, paths)) report(match.index, `${target} leads nowhere`)
    else if (anchor !== undefined && path.endsWith('.md') && !anchors(textOf(path)).has(anchor)) {
      report(match.index, `${path} has no heading for #${anchor}`)
    }
  }
  for (const match of prose.matchAll(/`((?:src|bin|bench|scripts|test|docs)\/[\w./-]*[\w/])`/g)) {
    if (!exists(match[1]!, paths)) report(match.index, `${match[1]} is not there`)
  }
  return findings
}

function exists(path: string, paths: ReadonlySet<string>): boolean {
  const bare = path.replace(/\/+$/, '')
  if (bare === '' || paths.has(bare)) return true
  for (const known of paths) if (known.startsWith(`${bare}/`)) return true
  return false
}

/** Heading anchors as the usual Markdown hosts make them. */
function anchors(text: string): Set<string> {
  const found = new Set<string>()
  for (const match of text.matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const plain = match[1]!.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '')
    found.add(plain.replaceAll(' ', '-'))
  }
  return found
}

const MACHINE_PATH = /(?<![\w.~$}])\/(?:home|root|work|Users)\/[\w.-]+|\b[A-Z]:\\\\?[A-Za-z]|\.\.\/shared\b/g

/** Paths of somebody's machine have no place in a repository. */
export function checkMachinePaths(file: TextFile): Finding[] {
  const lineStarts = startsOf(file.text)
  return [...file.text.matchAll(MACHINE_PATH)].map((match) => ({
    path: file.path,
    line: lineOf(lineStarts, match.index),
    rule: 'machine-path',
    message: `${match[0]} is a path of one machine`,
  }))
}

function startsOf(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}
