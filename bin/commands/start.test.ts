import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/client/address.ts'
import { StorageError } from '../../src/storage/storage-error.ts'
import { untilTrue } from '../../test/support/advance.ts'
import { FakeIo } from '../../test/support/fake-io.ts'
import { CliError } from '../exit-code.ts'
import type { RunningBroker, StartBroker } from '../start-broker.ts'
import { brokerOptionsOf, settingsOf } from '../start-settings.ts'
import { type StartOptions, start } from './start.ts'

const options: StartOptions = {
  data: '/data',
  listen: { host: '0.0.0.0', port: 9092 },
  http: { host: '127.0.0.1', port: 9644 },
  logLevel: 'warn',
}

class FakeRunning implements RunningBroker {
  readonly nodeId = 1
  readonly clusterId = 'cluster'
  readonly dataDirectory = '/data'
  readonly listeners = [{ host: '0.0.0.0', port: 4711 }]
  http: Address | null = null
  closed = 0
  fail: (error: Error) => void = () => {}
  onFailure(callback: (error: Error) => void): void {
    this.fail = callback
  }
  async close(): Promise<void> {
    this.closed++
  }
}

function begin(
  json = false,
  {
    isTerminal = true,
    more = {} as Partial<StartOptions>,
    http = null as Address | null,
    throughNpm = '',
    calledAs = '',
  } = {},
) {
  const io = new FakeIo()
  if (calledAs !== '') io.variables['MILLRACE_COMMAND'] = calledAs
  if (throughNpm !== '') {
    io.variables['npm_execpath'] = '/usr/lib/npm'
    io.variables['npm_package_name'] = throughNpm
  }
  if (isTerminal) io.columns = io.statusColumns = 100
  const broker = new FakeRunning()
  broker.http = http
  const running = start(io, json, { ...options, ...more }, async () => broker)
  return { io, broker, running }
}

function failing(error: Error): Promise<unknown> {
  const startBroker: StartBroker = () => Promise.reject(error)
  return start(new FakeIo(), false, { ...options, logFormat: 'pretty' }, startBroker).catch(
    (reason: unknown) => reason,
  )
}

const systemError = (code: string, more: object): Error => Object.assign(new Error(code), { code, ...more })

describe('a broker that runs', () => {
  it('says where it is and how to go on, and ends at a signal', async () => {
    const { io, broker, running } = begin()
    await untilTrue(() => io.outText !== '')
    expect(io.outText).toContain('listens at  0.0.0.0:4711')
    expect(io.outText).toContain('kcat -b 127.0.0.1:4711 -L')
    expect(io.outText).toContain('millrace consume greetings --bootstrap 127.0.0.1:4711')
    io.interrupt()
    expect(await running).toBe(0)
    expect(broker.closed).toBe(1)
    expect(io.exitedAtOnce).toBeNull()
  })

  it('run through npm names the command as npm knows it', async () => {
    const { io } = begin(false, { throughNpm: 'app' })
    await untilTrue(() => io.outText !== '')
    expect(io.outText).toContain('  npx millrace consume greetings')
    expect(io.outText).toContain('\nnpx millrace --help lists')
  })

  it('called by its path names that', async () => {
    const { io } = begin(false, { calledAs: '../clone/millrace' })
    await untilTrue(() => io.outText !== '')
    expect(io.outText).toContain('  ../clone/millrace consume greetings')
  })

  it('of a clone names the command of the clone', async () => {
    const { io } = begin(false, { throughNpm: 'millrace' })
    await untilTrue(() => io.outText !== '')
    expect(io.outText).toContain('  ./millrace consume greetings')
  })

  it('says where HTTP is, or how to get it', async () => {
    const without = begin()
    const withHttp = begin(false, { http: { host: '0.0.0.0', port: 4712 } })
    await untilTrue(() => without.io.outText !== '' && withHttp.io.outText !== '')
    expect(without.io.outText).toContain('HTTP        off (--http 127.0.0.1:9644 serves health')
    expect(withHttp.io.outText).toContain('http://127.0.0.1:4712/health/ready')
  })

  it('says what acks=all means', async () => {
    const asSet = async (set: Record<string, string>) => {
      const { io } = begin(false, { more: { set } })
      await untilTrue(() => io.outText !== '')
      return io.outText
    }
    expect(await asSet({})).toContain('(fsync)')
    expect(await asSet({ durability: 'cached' })).toContain('(durability=cached)')
  })

  it('without a terminal prints nothing but its log, an object a line', async () => {
    const { io, running } = begin(false, {
      isTerminal: false,
      more: { logLevel: 'info' },
      http: { host: '127.0.0.1', port: 4712 },
    })
    await untilTrue(() => io.notes.length > 0)
    expect(JSON.parse(io.notes[0]!)).toMatchObject({
      level: 'info',
      msg: 'ready',
      listeners: '0.0.0.0:4711',
      http: '127.0.0.1:4712',
      dataDirectory: '/data',
    })
    io.interrupt()
    expect(await running).toBe(0)
    expect(io.notes.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      'ready',
      'stopping',
      'stopped',
    ])
    expect(io.outText).toBe('')
  })

  it('outlives whoever reads what it says', async () => {
    const { io } = begin()
    await untilTrue(() => io.outText !== '')
    expect(io.outlivesReaders).toBe(true)
  })

  it('writes down a fault of its own, with the stack, and ends at once', async () => {
    const { io } = begin(false, { isTerminal: false })
    await untilTrue(() => io.fault.length > 0)
    io.fault(new TypeError('x is undefined'))
    expect(JSON.parse(io.notes.at(-1)!)).toMatchObject({
      level: 'error',
      reason: 'x is undefined',
      stack: expect.stringContaining('start.test'),
    })
    expect(io.exitedAtOnce).toBe(1)
  })

  it('that cannot start tells it in its log too', async () => {
    const io = new FakeIo()
    const code = await start(io, false, options, () => Promise.reject(new StorageError('locked', '/d', 'x')))
    expect(code).toBe(1)
    expect(JSON.parse(io.notes[0]!)).toMatchObject({ level: 'error', msg: 'the broker ends' })
  })

  it('prints one JSON line when that is asked for', async () => {
    const { io, running } = begin(true)
    await untilTrue(() => io.outText !== '')
    expect(io.outText.split('\n')).toHaveLength(2)
    expect(JSON.parse(io.outText)).toMatchObject({
      ready: true,
      port: 4711,
      nodeId: 1,
      clusterId: 'cluster',
      dataDirectory: '/data',
    })
    io.interrupt()
    await running
    expect(io.notes).toEqual([])
  })

  it('tells in its log that it stops, whatever it prints', async () => {
    const { io, running } = begin(true, { isTerminal: false, more: { logLevel: 'info' } })
    await untilTrue(() => io.outText !== '')
    io.interrupt()
    await running
    expect(io.notes.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['stopping', 'stopped'])
  })

  it('ends at once at a second signal', async () => {
    const { io, broker, running } = begin()
    await untilTrue(() => io.outText !== '')
    broker.close = () => new Promise(() => {})
    io.interrupt()
    io.interrupt()
    expect(io.exitedAtOnce).toBe(1)
    void running
  })

  it('ends with the reason when its directory fails', async () => {
    const { io, broker, running } = begin()
    await untilTrue(() => io.outText !== '')
    broker.fail(new StorageError('no-space', '/data/t-0/0.log', 'write failed'))
    await expect(running).rejects.toEqual(
      new CliError(
        'there is no room left for /data/t-0/0.log: free some space, or choose another place with --data',
      ),
    )
    expect(broker.closed).toBe(1)
  })
})

describe('a broker that cannot start says in one line what to do', () => {
  it.each([
    [
      systemError('EADDRINUSE', { syscall: 'listen', address: '127.0.0.1', port: 9092 }),
      '127.0.0.1:9092 is in use: stop what listens there',
    ],
    [
      systemError('EACCES', { syscall: 'listen', address: '127.0.0.1', port: 80 }),
      'no permission to listen at 127.0.0.1:80: choose a port from 1024 on',
    ],
    [
      systemError('EADDRNOTAVAIL', { syscall: 'listen', address: '192.0.2.1', port: 9092 }),
      'this machine has no address 192.0.2.1',
    ],
    [
      systemError('EADDRINUSE', { syscall: 'listen', address: '127.0.0.1', port: 9644 }),
      '127.0.0.1:9644 is in use: stop what listens there, or choose another with --http HOST:PORT',
    ],
    [
      systemError('EACCES', { syscall: 'mkdir' }),
      'no permission for the data directory /data: change its owner',
    ],
    [systemError('ENOTDIR', { syscall: 'mkdir' }), '/data is not a directory'],
    [systemError('EMFILE', { syscall: 'open' }), 'too many files are open'],
    [
      new StorageError('locked', '/data/.lock', 'in use by process 4711'),
      'the data directory /data is in use by process 4711: stop that one',
    ],
    [
      new StorageError('locked', '/data/.lock', 'taken'),
      'the data directory /data is in use by another process: stop that one',
    ],
    [
      new StorageError('io', '/data', 'x', { cause: systemError('EROFS', {}) }),
      'the data directory /data can only be read',
    ],
    [new StorageError('corrupt', '/data/journal', 'bad sum'), '/data/journal: bad sum (the data is damaged'],
  ])('%s', async (error, text) => {
    const reason = await failing(error)
    expect(reason).toBeInstanceOf(CliError)
    expect((reason as CliError).message).toContain(text)
    expect((reason as CliError).message).not.toContain('\n')
    expect((reason as CliError).exitCode).toBe(1)
  })

  it('but a fault of our own is not dressed up', async () => {
    const bug = new TypeError('x is undefined')
    expect(await failing(bug)).toBe(bug)
  })
})

describe('settings', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'millrace-start-')), 'server.properties')
  writeFileSync(file, 'listeners=PLAINTEXT://a:1\nlog.dirs=/from/file\nnum.partitions=4\n')
  const told = (more: Partial<StartOptions>) => Object.fromEntries(settingsOf(more).values)

  it('have defaults', () => {
    expect(told({})).toEqual({
      'log.dirs': resolve('millrace-data'),
      listeners: 'PLAINTEXT://127.0.0.1:9092',
    })
  })

  it('come from the file, over it from the options, over those from --set', () => {
    expect(told({ config: file })).toEqual({
      listeners: 'PLAINTEXT://a:1',
      'log.dirs': '/from/file',
      'num.partitions': '4',
    })
    const over = {
      config: file,
      data: '/d',
      listen: { host: '::1', port: 2 },
      advertise: { host: 'b', port: 3 },
      http: { host: '::1', port: 4 },
      set: { 'num.partitions': '5' },
    }
    expect(told(over)).toEqual({
      listeners: 'PLAINTEXT://[::1]:2',
      'advertised.listeners': 'PLAINTEXT://b:3',
      'http.listener': '[::1]:4',
      'log.dirs': '/d',
      'num.partitions': '5',
    })
  })

  describe('of a file', () => {
    const odd = join(mkdtempSync(join(tmpdir(), 'millrace-start-')), 'odd.properties')
    writeFileSync(odd, '# ours\nlog.retention.hour=3\n\nnum.partitions=4\nzookeeper.connect=z:2181\n')

    it('that are none are left out, and told with file and line', async () => {
      const { io, running } = begin(false, { isTerminal: false, more: { config: odd } })
      await untilTrue(() => io.notes.length > 1)
      io.interrupt()
      await running
      const warnings = io.notes
        .map((line) => JSON.parse(line) as { level: string; msg: string; setting?: string })
        .filter(({ level }) => level === 'warn')
      expect(warnings).toMatchObject([
        {
          setting: `${odd}:2`,
          msg: expect.stringMatching(
            /^Unknown configuration log.retention.hour; did you mean log.retention.hours .*: it is left out$/,
          ),
        },
        { setting: `${odd}:5`, msg: expect.stringContaining('zookeeper.connect') },
      ])
      expect(told({ config: odd })).toMatchObject({ 'num.partitions': '4' })
    })

    it('that are wrong are named with file and line, those of the command line without', () => {
      const wrong = join(mkdtempSync(join(tmpdir(), 'millrace-start-')), 'wrong.properties')
      writeFileSync(wrong, 'num.partitions=x\nlisteners=\\\n  SSL://a:1\nlog.dirs=/d\n')
      const fault = (more: Partial<StartOptions>): string => {
        try {
          brokerOptionsOf(settingsOf({ config: wrong, ...more }))
          return ''
        } catch (error) {
          expect(error).toMatchObject({ exitCode: 2 })
          return (error as Error).message
        }
      }
      expect(fault({})).toBe(
        `${wrong}:1: Invalid value x for configuration num.partitions: Not a number of type INT`,
      )
      expect(fault({ set: { 'num.partitions': '1' } })).toBe(
        `${wrong}:2: listeners: SSL is SSL, only PLAINTEXT is served`,
      )
      expect(fault({ set: { 'num.partitions': 'y' } })).toMatch(/^Invalid value y for configuration num/)
    })
  })
})
