import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { FakeIo } from '../test/support/fake-io.ts'
import { completionScript } from './completion.ts'
import { buildProgram } from './program.ts'
import { Wiring } from './wiring.ts'

const script = (shell: 'bash' | 'zsh' | 'fish'): string =>
  completionScript(buildProgram(new Wiring(new FakeIo())), shell)

/** What bash would offer behind these words. */
function offered(words: readonly string[]): string[] {
  const line = words.map((word) => `'${word}'`).join(' ')
  const { stdout, stderr, status } = spawnSync('bash', ['--norc'], {
    input: `${script('bash')}\nCOMP_WORDS=(${line})\nCOMP_CWORD=${words.length - 1}\n_millrace\nprintf '%s\\n' "\${COMPREPLY[@]}"\n`,
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  return stdout.split('\n').filter((word) => word !== '')
}

describe('completion for bash', () => {
  it('offers commands, then their options', () => {
    expect(offered(['millrace', 'to'])).toEqual(['topic'])
    expect(offered(['millrace', 'topic', ''])).toEqual(
      expect.arrayContaining(['create', 'alter', 'add-partitions']),
    )
    expect(offered(['millrace', '--json', 'topic', 'create', 'orders', '--part'])).toEqual(['--partitions'])
    expect(offered(['millrace', 'group', 'reset-offsets', 'g', '--e'])).toEqual(['--execute'])
    expect(offered(['millrace', 'group', 'seek', 'g', '--e'])).toEqual(['--execute'])
  })

  it('offers the values of an option that has a choice', () => {
    expect(offered(['millrace', 'produce', 't', '--compression', 'z'])).toEqual(['zstd'])
  })
})

describe('completion for zsh and fish', () => {
  it.each(['zsh', 'fish'] as const)('%s knows every command', (shell) => {
    for (const command of buildProgram(new Wiring(new FakeIo())).commands)
      expect(script(shell)).toContain(command.name())
  })

  it.each(['zsh', 'fish'] as const)('%s takes the script, where it is installed', (shell) => {
    const { error, stderr, status } = spawnSync(shell, ['--no-execute'], {
      input: script(shell),
      encoding: 'utf8',
    })
    if (error !== undefined) return
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })
})
