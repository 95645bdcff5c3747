import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { FakeIo } from '../test/support/fake-io.ts'
import { buildProgram } from './program.ts'
import { Wiring } from './wiring.ts'

const text = readFileSync(new URL('../docs/cli.md', import.meta.url), 'utf8')

function commands(command: Command, path: string[] = []): [path: string, command: Command][] {
  return command.commands.flatMap((child) => {
    const own = [...path, child.name()]
    return child.commands.length > 0 ? commands(child, own) : [[own.join(' '), child] as [string, Command]]
  })
}

const all = commands(buildProgram(new Wiring(new FakeIo()))).filter(([path]) => path !== 'help')

/** From its heading to the next. */
function sectionOf(path: string): string {
  return text.split(/^## /m).find((section) => section.startsWith(`${path}\n`)) ?? ''
}

describe('docs/cli.md', () => {
  it('names every command in its table', () => {
    const [table] = text.split(/^## /m)
    const missing = all.map(([path]) => path).filter((path) => !table!.includes(`| [\`${path}\`](#`))
    expect(missing).toEqual([])
  })

  it.each(all)('has a section on %s with its options, and no others', (path, command) => {
    const section = sectionOf(path)
    const options = command.options.map(({ long }) => long!)
    const global = ['--json']
    for (const option of options) expect(section).toContain(option)
    for (const { short } of command.options) if (short !== undefined) expect(section).toContain(short)
    for (const [named] of section.matchAll(/--[a-z][a-z0-9-]+/g))
      expect([...options, ...global]).toContain(named)
  })
})
