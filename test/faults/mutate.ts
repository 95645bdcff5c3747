import { spawn } from 'node:child_process'
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MUTANTS, type Mutant } from './mutants.ts'

/** The built files of which a mutant is a changed copy, and where the copies are: below node_modules' parent, as they are. */
const BUILT = fileURLToPath(new URL('../..', import.meta.url))
const COPY = `${BUILT}mutant/`
const COPIED = ['src', 'test/support', 'test/faults', 'test/crash']
/** A mutant that comes to no end is found by that. */
const TIME_MS_MAX = 120_000

/** Runs the trials on every mutant. Resolves to the names of those that were not found. */
export async function survivingMutants(seed: string, say: (line: string) => void): Promise<string[]> {
  const surviving: string[] = []
  for (const mutant of MUTANTS) {
    make(mutant)
    const finding = await finds(seed)
    if (finding === null) surviving.push(mutant.name)
    say(
      `${finding === null ? 'NOT FOUND' : 'found'}: ${mutant.name}${finding === null ? '' : ` (${finding})`}`,
    )
  }
  rmSync(COPY, { recursive: true, force: true })
  return surviving
}

function make(mutant: Mutant): void {
  rmSync(COPY, { recursive: true, force: true })
  for (const part of COPIED) cpSync(`${BUILT}${part}`, `${COPY}${part}`, { recursive: true })
  for (const { file, find, replace } of mutant.edits) {
    const path = `${COPY}${file}`
    const source = readFileSync(path, 'utf8')
    const parts = source.split(find)
    if (parts.length < 2) throw new Error(`${mutant.name}: ${file} has no ${find}`)
    writeFileSync(path, parts.join(replace))
  }
}

/** What the trials say of the copy; null: nothing. */
function finds(seed: string): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [`${COPY}test/faults/main.js`, '--trials', '--seed', seed])
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), TIME_MS_MAX)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      const said = /^FOUND (.*)$/m.exec(output)?.[1]
      if (signal !== null) resolve('it came to no end')
      else resolve(code === 0 ? null : (said ?? output.trim().split('\n').at(-1) ?? 'it failed'))
    })
  })
}
