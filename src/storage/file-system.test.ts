import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { dropBytes, type FileSystem, readWhole, replaceFile, writeFully } from './file-system.ts'
import { MemoryFileSystem } from './memory-file-system.ts'
import { nodeFileSystem } from './node-file-system.ts'

const temporary: string[] = []

afterEach(async () => {
  for (const path of temporary.splice(0)) await rm(path, { recursive: true, force: true })
})

const SYSTEMS: [string, () => Promise<[FileSystem, string]>][] = [
  [
    'in memory',
    async () => {
      const fileSystem = new MemoryFileSystem()
      await fileSystem.makeDirectory('/base')
      return [fileSystem, '/base']
    },
  ],
  [
    'of the machine',
    async () => {
      const path = await mkdtemp(join(tmpdir(), 'millrace-files-'))
      temporary.push(path)
      return [nodeFileSystem, path]
    },
  ],
]

describe.each(SYSTEMS)('a file system %s', (_name, make) => {
  it('reads back what was written, wherever it was put', async () => {
    const [fileSystem, base] = await make()
    const file = await fileSystem.open(`${base}/a`, 'create')
    await writeFully(file, [Buffer.from('hello '), Buffer.from('world')], 0)
    await writeFully(file, [Buffer.from('!')], 20)
    await file.sync()
    expect(await file.byteLength()).toBe(21)
    const middle = Buffer.alloc(5)
    expect(await file.read(middle, 6)).toBe(5)
    expect(middle.toString()).toBe('world')
    const tail = Buffer.alloc(100)
    expect(await file.read(tail, 11)).toBe(10)
    expect(tail.subarray(0, 10)).toEqual(Buffer.from('\0\0\0\0\0\0\0\0\0!'))
    expect(await file.read(tail, 21)).toBe(0)
    await file.truncate(3)
    await file.truncate(5)
    await file.close()
    expect(await readWhole(fileSystem, `${base}/a`)).toEqual(Buffer.from('hel\0\0'))
  })

  it('opens what is there, and makes what is not, as the mode says', async () => {
    const [fileSystem, base] = await make()
    await expect(fileSystem.open(`${base}/a`, 'read')).rejects.toMatchObject({ fault: 'missing' })
    await expect(fileSystem.open(`${base}/a`, 'update')).rejects.toMatchObject({ fault: 'missing' })
    await (await fileSystem.open(`${base}/a`, 'create')).close()
    await expect(fileSystem.open(`${base}/a`, 'create')).rejects.toMatchObject({ fault: 'exists' })
    await (await fileSystem.open(`${base}/a`, 'append-or-create')).close()
    await expect(fileSystem.open(`${base}/none/a`, 'create')).rejects.toMatchObject({ fault: 'missing' })
    expect(await readWhole(fileSystem, `${base}/b`)).toBeNull()
  })

  it('names, renames and removes', async () => {
    const [fileSystem, base] = await make()
    await fileSystem.makeDirectory(`${base}/x/y`)
    await fileSystem.makeDirectory(`${base}/x/y`)
    for (const name of ['b', 'a', 'c']) await replaceFile(fileSystem, `${base}/x`, name, Buffer.from(name))
    expect(await fileSystem.list(`${base}/x`)).toEqual(['a', 'b', 'c', 'y'])
    await fileSystem.rename(`${base}/x/a`, `${base}/x/b`)
    expect((await readWhole(fileSystem, `${base}/x/b`))!.toString()).toBe('a')
    await fileSystem.unlink(`${base}/x/b`)
    await expect(fileSystem.unlink(`${base}/x/b`)).rejects.toMatchObject({ fault: 'missing' })
    await fileSystem.rename(`${base}/x`, `${base}/z`)
    expect(await fileSystem.stat(`${base}/x`)).toBeNull()
    expect(await fileSystem.stat(`${base}/z`)).toMatchObject({ isDirectory: true })
    expect(await fileSystem.stat(`${base}/z/c`)).toMatchObject({ isDirectory: false, byteLength: 1 })
    await fileSystem.removeDirectory(`${base}/z`)
    await fileSystem.removeDirectory(`${base}/z`)
    await fileSystem.syncDirectory(base)
    expect(await fileSystem.list(base)).toEqual([])
  })

  it('keeps an open file readable when its name goes', async () => {
    const [fileSystem, base] = await make()
    const file = await fileSystem.open(`${base}/a`, 'create')
    await writeFully(file, [Buffer.from('kept')], 0)
    await fileSystem.unlink(`${base}/a`)
    const bytes = Buffer.alloc(4)
    await file.read(bytes, 0)
    expect(bytes.toString()).toBe('kept')
    await file.close()
  })

  it('lets one lock a file, and tells the next who has it', async () => {
    const [fileSystem, base] = await make()
    const lock = await fileSystem.lock(`${base}/.lock`, 'process 42\n')
    await expect(fileSystem.lock(`${base}/.lock`, 'process 43\n')).rejects.toMatchObject({
      fault: 'locked',
      message: expect.stringContaining('process 42'),
    })
    lock.release()
    const next = await fileSystem.lock(`${base}/.lock`, 'process 44\n')
    next.release()
  })

  it('tells how much room there is', async () => {
    const [fileSystem, base] = await make()
    expect(await fileSystem.freeBytes(base)).toBeGreaterThan(0)
  })
})

describe('a power cut', () => {
  it('leaves what was synced: bytes by file, names by directory', async () => {
    const fileSystem = new MemoryFileSystem()
    await fileSystem.makeDirectory('/d')
    await fileSystem.syncDirectory('/')
    const named = await fileSystem.open('/d/named', 'create')
    await named.write([Buffer.from('synced')], 0)
    await named.sync()
    await named.write([Buffer.from(' not')], 6)
    const unsynced = await fileSystem.open('/d/unsynced', 'create')
    await unsynced.write([Buffer.from('bytes')], 0)
    await fileSystem.syncDirectory('/d')
    const unnamed = await fileSystem.open('/d/unnamed', 'create')
    await unnamed.sync()
    await fileSystem.rename('/d/named', '/d/renamed')
    const next = fileSystem.crash()
    expect(await next.list('/d')).toEqual(['named', 'unsynced'])
    expect(next.peek('/d/named').toString()).toBe('synced')
    expect(next.peek('/d/unsynced').length).toBe(0)
  })

  it('keeps by chance what was not', async () => {
    const outcomes = new Set<string>()
    for (let seed = 0; seed < 20; seed++) {
      const fileSystem = new MemoryFileSystem()
      fileSystem.poke('/d/a', 0, Buffer.alloc(8192, 1))
      const file = await fileSystem.open('/d/a', 'update')
      await file.write([Buffer.alloc(8192, 2)], 0)
      let calls = seed
      const next = fileSystem.crash(() => ((calls++ * 7919) % 100) / 100)
      const bytes = next.peek('/d/a')
      outcomes.add(`${bytes[0]}${bytes[4096]}`)
    }
    expect(outcomes.size).toBeGreaterThan(2)
  })

  it('ends the process: nothing that it began ever returns', async () => {
    const fileSystem = new MemoryFileSystem()
    fileSystem.poke('/d/a', 0, Buffer.from('x'))
    const file = await fileSystem.open('/d/a', 'update')
    const writing = file.write([Buffer.from('y')], 0)
    const next = fileSystem.kill()
    const first = await Promise.race([
      writing,
      new Promise((resolve) => setImmediate(() => resolve('nothing'))),
    ])
    expect(first).toBe('nothing')
    expect(next.peek('/d/a').toString()).toBe('x')
  })
})

describe('injected faults', () => {
  it('hit the operation they are meant for', async () => {
    const fileSystem = new MemoryFileSystem()
    fileSystem.poke('/d/a', 0, Buffer.from('old'))
    fileSystem.onOperation = ({ index }) => (index === 1 ? 'io' : index === 2 ? 'short' : null)
    const file = await fileSystem.open('/d/a', 'update')
    await expect(file.write([Buffer.from('new')], 0)).rejects.toMatchObject({ fault: 'io', path: '/d/a' })
    expect(fileSystem.peek('/d/a').toString()).toBe('old')
    expect(await file.write([Buffer.from('ne'), Buffer.from('w!')], 0)).toBe(2)
    expect(await file.write([Buffer.from('w')], 2)).toBe(1)
    expect(fileSystem.peek('/d/a').toString()).toBe('new')
  })

  it('a full disk takes what fits and then says so', async () => {
    const fileSystem = new MemoryFileSystem()
    await fileSystem.makeDirectory('/d')
    fileSystem.capacityBytes = 10
    const file = await fileSystem.open('/d/a', 'create')
    expect(await file.write([Buffer.alloc(20)], 0)).toBe(10)
    await expect(file.write([Buffer.alloc(10)], 10)).rejects.toMatchObject({ fault: 'no-space' })
    expect(await fileSystem.freeBytes('/d')).toBe(0)
    await file.write([Buffer.alloc(10)], 0)
  })
})

describe('dropBytes', () => {
  it('leaves what a write of so many bytes did not take', () => {
    const buffers = [Buffer.from('ab'), Buffer.from('cde'), Buffer.from('f')]
    const left = [0, 1, 2, 4, 5, 6].map((count) =>
      Buffer.concat(dropBytes(buffers, count) as Buffer[]).toString(),
    )
    expect(left).toEqual(['abcdef', 'bcdef', 'cdef', 'ef', 'f', ''])
  })
})
