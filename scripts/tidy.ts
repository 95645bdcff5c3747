import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { argv } from 'node:process'
import { pathToFileURL } from 'node:url'
import { checkCalls } from './tidy/calls.ts'
import { checkImports, type DeclaredPackages } from './tidy/imports.ts'
import { checkLinks, checkMachinePaths, type TextFile } from './tidy/prose.ts'
import { checkName, checkShape } from './tidy/shape.ts'
import { type Finding, parseSource } from './tidy/source-file.ts'

const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', '.git', 'coverage', 'data', 'millrace-data'])
const SKIPPED_FILES = new Set(['package-lock.json', 'LICENSE'])
const TEXT_FILE = /\.(?:ts|md|json|py|sh|xml|yml|yaml|txt|js|mjs)$|(?:^|\/)(?:run|\.gitignore)$/

/**
 * Every rule over a repository's files. A finding is let pass by a comment on its line or on the one above,
 * `tidy: allow RULE: why`; an allowance without a reason, or that nothing needs, is itself a finding.
 */
export function tidy(files: readonly TextFile[], packages: DeclaredPackages): Finding[] {
  const paths = new Set(files.map((file) => file.path))
  const texts = new Map(files.map((file) => [file.path, file.text]))
  const sources = files
    .filter((file) => file.path.endsWith('.ts'))
    .map((file) => parseSource(file.path, file.text))
  const findings = checkImports(sources, packages)
  for (const source of sources) findings.push(...checkCalls(source), ...checkShape(source))
  for (const file of files) {
    findings.push(...checkName(file.path), ...checkMachinePaths(file))
    if (file.path.endsWith('.md')) {
      findings.push(...checkLinks(file, paths, (path) => texts.get(path) ?? ''))
    }
  }
  const allowances = sources.flatMap((source) => findAllowances(source.path, source.comments))
  return settle(findings, allowances).sort(
    (a, b) => order(a.path, b.path) || a.line - b.line || order(a.rule, b.rule),
  )
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

interface Allowance {
  readonly path: string
  readonly line: number
  readonly rule: string
  readonly reason: string
}

function findAllowances(path: string, comments: string): Allowance[] {
  return comments.split('\n').flatMap((text, index) => {
    const match = /\btidy: allow ([a-z-]+)(?:: *(.*?))? *(?:\*\/)?$/.exec(text.trimEnd())
    return match === null ? [] : [{ path, line: index + 1, rule: match[1]!, reason: match[2] ?? '' }]
  })
}

function settle(findings: readonly Finding[], allowances: readonly Allowance[]): Finding[] {
  const covers = (allowance: Allowance, finding: Finding): boolean =>
    allowance.reason !== '' &&
    allowance.path === finding.path &&
    allowance.rule === finding.rule &&
    (allowance.line === finding.line || allowance.line + 1 === finding.line)
  const left = findings.filter((finding) => !allowances.some((allowance) => covers(allowance, finding)))
  for (const allowance of allowances) {
    const { path, line, rule } = allowance
    if (allowance.reason === '')
      left.push({ path, line, rule: 'allow', message: `${rule} is allowed without a reason` })
    else if (!findings.some((finding) => covers(allowance, finding))) {
      left.push({ path, line, rule: 'allow', message: `nothing here needs ${rule} to be allowed` })
    }
  }
  return left
}

function readFiles(root: string, folder = ''): TextFile[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return SKIPPED_FOLDERS.has(path) ? [] : readFiles(root, path)
    if (!entry.isFile() || SKIPPED_FILES.has(path)) return []
    return [{ path, text: TEXT_FILE.test(path) ? readFileSync(join(root, path), 'utf8') : '' }]
  })
}

function readPackages(root: string): DeclaredPackages {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies?: Record<string, string>
    devDependencies?: Record<string, string>
  }
  return {
    dependencies: new Set(Object.keys(manifest.dependencies ?? {})),
    devDependencies: new Set(Object.keys(manifest.devDependencies ?? {})),
  }
}

function main(root: string): number {
  const findings = tidy(readFiles(root), readPackages(root))
  for (const { path, line, rule, message } of findings) console.log(`${path}:${line}: ${rule}: ${message}`)
  if (findings.length > 0) console.error(`tidy: ${findings.length} to put right`)
  return findings.length > 0 ? 1 : 0
}

if (argv[1] !== undefined && import.meta.url === pathToFileURL(resolve(argv[1])).href) {
  process.exitCode = main(process.cwd())
}
