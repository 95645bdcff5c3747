import { EDGES, isTest, LAYERS, type Layer, matches, OUTSIDE } from './layout.ts'
import type { Finding, SourceFile } from './source-file.ts'

/** What package.json declares: the only packages an import may name. */
export interface DeclaredPackages {
  readonly dependencies: ReadonlySet<string>
  readonly devDependencies: ReadonlySet<string>
}

/** Import direction between folders, `node:` modules at edges only, declared packages only, and no cycles. */
export function checkImports(files: readonly SourceFile[], packages: DeclaredPackages): Finding[] {
  const findings: Finding[] = []
  for (const file of files) {
    const inTest = isTest(file.path)
    for (const { specifier, line } of file.imports) {
      const fault = specifier.startsWith('.')
        ? projectImportFault(file.path, resolveImport(file.path, specifier), inTest)
        : specifier.startsWith('node:')
          ? nodeImportFault(file.path, specifier, inTest)
          : packageImportFault(file.path, specifier, packages, inTest)
      if (fault !== null) findings.push({ path: file.path, line, ...fault })
    }
  }
  return [...findings, ...findCycles(files)]
}

type Fault = { readonly rule: string; readonly message: string } | null

/** The path that a relative specifier means, from the package root. */
export function resolveImport(from: string, specifier: string): string {
  const parts = from.split('/').slice(0, -1)
  for (const part of specifier.split('/')) {
    if (part === '..') {
      if (parts.length === 0) parts.push('..')
      else parts.pop()
    } else if (part !== '.') parts.push(part)
  }
  return parts.join('/')
}

function layerOf(path: string): Layer | null {
  let best: Layer | null = null
  for (const layer of LAYERS) {
    if (!matches(path, [layer.folder])) continue
    if (best === null || layer.folder.length > best.folder.length) best = layer
  }
  return best
}

function projectImportFault(from: string, to: string, inTest: boolean): Fault {
  const layer = layerOf(from)
  if (layer === null) return null
  if (inTest) {
    const outward = from.startsWith('src/') && matches(to, ['bench/', 'bin/', 'scripts/'])
    return outward ? { rule: 'layering', message: `a test of src may not import ${to}` } : null
  }
  const own = matches(to, [layer.folder])
  if (own || (matches(to, layer.mayImport) && !matches(to, layer.neverImports ?? []))) return null
  return { rule: 'layering', message: `${layer.folder} may not import ${to}` }
}

function nodeImportFault(path: string, module: string, inTest: boolean): Fault {
  if (inTest || matches(path, OUTSIDE)) return null
  const allowed = EDGES.some((edge) => matches(path, edge.files) && edge.modules.includes(module))
  if (allowed) return null
  return { rule: 'edge', message: `${module} here, but the file is not listed as an edge for it` }
}

function packageImportFault(
  path: string,
  specifier: string,
  packages: DeclaredPackages,
  inTest: boolean,
): Fault {
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
  if (packages.dependencies.has(name)) return null
  if (!packages.devDependencies.has(name)) {
    return { rule: 'package', message: `${name} is not declared in package.json` }
  }
  if (inTest || matches(path, ['test/', 'bench/', 'scripts/', 'vitest.config.ts'])) return null
  return { rule: 'package', message: `${name} is a development dependency, and this file is shipped` }
}

function findCycles(files: readonly SourceFile[]): Finding[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const state = new Map<string, 'open' | 'done'>()
  const findings: Finding[] = []
  const stack: string[] = []
  const visit = (file: SourceFile): void => {
    state.set(file.path, 'open')
    stack.push(file.path)
    for (const { specifier, line } of file.imports) {
      if (!specifier.startsWith('.')) continue
      const target = byPath.get(resolveImport(file.path, specifier))
      if (target === undefined) continue
      const seen = state.get(target.path)
      if (seen === 'open') {
        const cycle = [...stack.slice(stack.indexOf(target.path)), target.path]
        findings.push({ path: file.path, line, rule: 'cycle', message: cycle.join(' -> ') })
      } else if (seen === undefined) visit(target)
    }
    stack.pop()
    state.set(file.path, 'done')
  }
  for (const file of files) if (!state.has(file.path)) visit(file)
  return findings
}
