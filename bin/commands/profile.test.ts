import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FakeIo } from '../../test/support/fake-io.ts'
import { MemoryBroker } from '../../test/support/memory-broker.ts'
import { CliError, EXIT_UNREACHABLE } from '../exit-code.ts'
import { type ProfileName, profile } from './profile.ts'

const folder = mkdtempSync(join(tmpdir(), 'millrace-profile-'))
let broker: MemoryBroker

beforeAll(async () => {
  broker = await MemoryBroker.start({ 'http.listener': '127.0.0.1:0' })
})
afterAll(async () => {
  await broker.stop()
  rmSync(folder, { recursive: true })
})

async function taken(name: ProfileName, json = false) {
  const io = new FakeIo()
  const output = join(folder, name)
  const code = await profile(io, json, name, { http: broker.broker.http!, seconds: 0.05, output })
  expect(code).toBe(0)
  return { io, output, content: JSON.parse(readFileSync(output, 'utf8')) as object }
}

describe('profile', () => {
  it.each([
    ['cpu', 'samples'],
    ['heap', 'head'],
  ] as const)('%s writes a file and says which', async (name, member) => {
    const { io, output, content } = await taken(name)
    expect(content).toHaveProperty(member)
    expect(io.outText).toBe(`${output}\n`)
  })

  it('says as JSON what it has written', async () => {
    const { io, output } = await taken('cpu', true)
    expect(JSON.parse(io.outText)).toEqual({ profile: 'cpu', file: output })
  })

  it('says why the broker refuses', async () => {
    const options = { http: broker.broker.http!, seconds: 301, output: join(folder, 'refused') }
    await expect(profile(new FakeIo(), false, 'cpu', options)).rejects.toThrow(
      /The request is malformed: seconds/,
    )
    expect(existsSync(options.output)).toBe(false)
  })

  it('says what to do where no broker serves HTTP', async () => {
    const other = await MemoryBroker.start({ 'http.listener': '127.0.0.1:0' })
    const http = other.broker.http!
    await other.stop()
    const reason = await profile(new FakeIo(), false, 'cpu', { http }).catch((error: unknown) => error)
    expect(reason).toBeInstanceOf(CliError)
    expect((reason as CliError).exitCode).toBe(EXIT_UNREACHABLE)
    expect((reason as CliError).message).toContain('--http HOST:PORT')
  })
})
