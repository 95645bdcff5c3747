import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { ManualEnvironment } from '../src/base/environment.ts'
import { advanceUntilSettled } from '../test/support/advance.ts'
import { FakeIo } from '../test/support/fake-io.ts'
import { buildProgram, run } from './program.ts'
import { VERSION } from './version.ts'
import { Wiring } from './wiring.ts'

function leaves(command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leaves)
}

function pathOf(command: Command): string[] {
  return command.parent === null ? [] : [...pathOf(command.parent), command.name()]
}

const paths = leaves(buildProgram(new Wiring(new FakeIo())))
  .map(pathOf)
  .filter(([first]) => first !== 'help')

async function say(
  ...words: string[]
): Promise<{ exitCode: number; io: FakeIo; out: string; notes: string }> {
  const io = new FakeIo()
  const exitCode = await run(words, io)
  return { exitCode, io, out: io.outText, notes: io.notes.join('\n') }
}

describe('help', () => {
  it('is there for every command', () => {
    expect(paths.map((path) => path.join(' '))).toEqual([
      'start',
      'topic create',
      'topic list',
      'topic describe',
      'topic alter',
      'topic add-partitions',
      'topic delete',
      'produce',
      'consume',
      'group list',
      'group describe',
      'group reset-offsets',
      'group delete',
      'group delete-offsets',
      'records delete',
      'config get',
      'config set',
      'config unset',
      'transaction list',
      'transaction describe',
      'transaction producers',
      'transaction abort',
      'cluster describe',
      'cluster health',
      'cluster logdirs',
      'bench',
      'doctor',
      'profile cpu',
      'profile heap',
      'profile heap-snapshot',
      'log dump',
      'log check',
      'log repair',
      'completion',
    ])
  })

  it.each(paths.map((path) => [path.join(' '), path] as const))(
    'of %s has an example',
    async (name, path) => {
      const { exitCode, out } = await say(...path, '--help')
      expect(exitCode).toBe(0)
      const examples = out.split('\n').filter((line) => line.includes('$ '))
      expect(examples.length).toBeGreaterThan(0)
      for (const example of examples) expect(example).toContain(`millrace ${name}`)
      expect(out).toContain('--json')
      expect(out).toContain('--bootstrap')
    },
  )

  it.each(paths.map((path) => [path.join(' '), path] as const))('%s shows the same', async (_name, path) => {
    const { out } = await say(...path, '--help')
    expect(await say('help', ...path)).toMatchObject({ exitCode: 0, out, notes: '' })
  })

  it('is that of everything, or of a group, where no command is named', async () => {
    expect((await say('help')).out).toBe((await say('--help')).out)
    expect((await say('help', 'topic')).out).toContain('Usage: millrace topic [options] [command]')
    expect((await say('help', 'txn', 'list')).out).toContain('Usage: millrace transaction list|ls')
  })

  it('tells the exit codes, and fits the terminal', async () => {
    const io = new FakeIo()
    io.columns = 60
    expect(await run(['--help'], io)).toBe(0)
    expect(io.outText).toContain('Exit codes: 0 done, 1 failed, 2 wrong command line')
    expect(io.outText).not.toContain('\x1b[')
  })

  it('has colours only where they are wanted', async () => {
    const io = new FakeIo()
    io.colourOut = true
    await run(['--help'], io)
    expect(io.outText).toContain('\x1b[1mCommands:\x1b[22m')
  })
})

describe('a wrong command line', () => {
  it.each([
    [['topc'], "unknown command 'topc'"],
    [['help', 'topc'], "unknown command 'topc'\n(Did you mean topic?)"],
    [['help', 'topic', 'crate'], "unknown command 'topic crate'\n(Did you mean create?)"],
    [['help', 'produce', 'x'], "unknown command 'produce x'"],
    [['start', '--listen', 'SSL://a:1'], 'only PLAINTEXT:// is served here, not SSL://'],
    [['start', '--advertise', ':9092'], 'with a host that clients can reach'],
    [['start', '--http', 'https://a:1'], 'only http:// is served here'],
    [['topic', 'create'], "missing required argument 'name'"],
    [['topic', 'create', 't', '--partitions', '0'], 'it must be at least 1'],
    [['topic', 'create', 't', '--partitions', 'x'], 'it must be a whole number'],
    [['topic', 'create', 't', '--config', 'x'], 'it must be of the form name=value'],
    [['topic', 'delete'], "missing required argument 'name'"],
    [['produce', 't', '--acks', '2'], 'it must be all, 1 or 0'],
    [['produce', 't', '--compression', 'zip'], 'Allowed choices are none, gzip, snappy, lz4, zstd'],
    [['consume', 't', '--format', '%z'], "unknown token '%z'"],
    [['consume', 't', '--count', '0'], 'it must be at least 1'],
    [['topic', 'create', 't', '-p', 'x'], 'it must be a whole number'],
    [['produce', 't', '--format', '%k%v'], 'something must stand between %k and %v'],
    [['consume', 't', '-p', '0,x'], 'it must be a whole number'],
    [['records', 'delete', 't'], "required option '-o, --before <position>' not specified"],
    [['group', 'reset-offsets', 'g', '--shift-by', 'x'], 'it must be a whole number'],
    [['config', 'get', 'table', 't'], 'it must be topic, broker, group'],
    [['completion', 'csh'], 'Allowed choices are bash, zsh, fish'],
    [['doctor', '--listen', '9092'], 'it must be HOST:PORT'],
    [['start', '--http', '9644'], 'it must be HOST:PORT'],
    [['start', '--log-format', 'xml'], 'Allowed choices are json, pretty'],
    [['profile', 'cpu', '--seconds', '301'], 'it must be above 0 and up to 300'],
    [['bench', '--rate', '0'], 'it must be at least 1'],
    [['start', '--listen', '9092'], 'it must be HOST:PORT'],
    [['start', '--nonsense'], "unknown option '--nonsense'"],
    [['start', '--set', 'no.such.option=1', '--data', '/nonexistent'], 'no.such.option'],
    [['start', '--config', '/nonexistent/file'], 'there is no file /nonexistent/file'],
    [['topic', 'list', '--bootstrap', 'a:b:c'], "'a:b:c' is not a bootstrap address"],
  ])('%j exits with 2 and says what is wrong', async (words, message) => {
    const { exitCode, out, notes } = await say(...words)
    expect(exitCode).toBe(2)
    expect(notes).toContain(message)
    expect(out).toBe('')
  })
})

describe('a broker that cannot be reached', () => {
  it('exits with 4 and says how to go on', async () => {
    const { exitCode, notes } = await say('topic', 'list', '--bootstrap', '127.0.0.1:1')
    expect(exitCode).toBe(4)
    expect(notes).toBe(
      "error: cannot reach a broker: 127.0.0.1:1: connection refused: nothing listens there (start one with 'millrace start', or name another with --bootstrap HOST:PORT)",
    )
  })

  it('is waited for as long as is wanted', async () => {
    const environment = new ManualEnvironment()
    const io = new FakeIo(environment)
    io.statusColumns = 80
    const words = ['cluster', 'health', '--wait', '2s', '--bootstrap', '127.0.0.1:1']
    expect(await advanceUntilSettled(environment, run(words, io))).toBe(4)
    expect(environment.monotonicMs()).toBeGreaterThan(1_700)
    expect(io.statuses[0]).toBe('waiting for the cluster')
    expect(io.notes).toEqual([expect.stringContaining('cannot reach a broker')])
  })

  it('is taken from MILLRACE_BOOTSTRAP when no option names it, and told as JSON when that is asked for', async () => {
    const io = new FakeIo()
    io.variables['MILLRACE_BOOTSTRAP'] = '127.0.0.1:2'
    expect(await run(['--json', 'group', 'list'], io)).toBe(4)
    expect(JSON.parse(io.notes[0]!)).toMatchObject({
      exitCode: 4,
      error: expect.stringContaining('127.0.0.1:2'),
    })
  })
})

describe('--version', () => {
  it('prints what package.json says', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string
    }
    expect(VERSION).toBe(version)
    expect(await say('--version')).toMatchObject({ exitCode: 0, out: `${version}\n` })
  })
})
