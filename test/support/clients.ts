import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { packageRoot } from './package-root.ts'

/** A program of somebody else's, if it is installed. */
export interface ForeignClient {
  readonly name: string
  /** The command to start, or null: not installed. */
  readonly command: string | null
  /** Whether its tests are to be left out. Never where all clients are required (MILLRACE_REQUIRE_CLIENTS=1). */
  readonly missing: boolean
  /** The name, and how to get it where it is missing. */
  readonly title: string
}

const PYTHONS = [process.env['MILLRACE_TEST_PYTHON'] ?? '/usr/bin/python3', 'python3']

/** The command-line client. */
export function findKcat(): ForeignClient {
  return describeClient('kcat', runs('kcat', ['-V']) ? 'kcat' : null, 'kcat')
}

/** A Python that has a module. */
export function findPythonWith(module: string, debianPackage: string): ForeignClient {
  const python = PYTHONS.find((command) => runs(command, ['-c', `import ${module}`])) ?? null
  return describeClient(debianPackage, python, debianPackage)
}

/** The path of one of the Python programs in test/interop/clients or, by the second name, of another folder's. */
export function clientProgram(name: string, suite = 'interop'): string {
  return join(packageRoot, 'test', suite, 'clients', name)
}

function describeClient(name: string, command: string | null, debianPackage: string): ForeignClient {
  const required = process.env['MILLRACE_REQUIRE_CLIENTS'] === '1'
  const title = command !== null ? name : `${name} (not installed: apt-get install ${debianPackage})`
  return { name, command, missing: command === null && !required, title }
}

function runs(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}
