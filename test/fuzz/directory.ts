import { checkBatchCrc } from '../../src/protocol/record-batch.ts'
import { encodeBatch } from '../../src/protocol/records.ts'
import type { DataDirectory } from '../../src/storage/data-directory.ts'
import type { Log } from '../../src/storage/log.ts'
import { MemoryFileSystem } from '../../src/storage/memory-file-system.ts'
import { StorageError } from '../../src/storage/storage-error.ts'
import { baseOffsets, openDirectory, openLed, readBytes } from '../support/storage.ts'
import type { Chance } from './chance.ts'
import { mutated } from './mutation.ts'
import { promised, type Target, type Tried } from './target.ts'

const CONFIG = { segmentBytesMax: 700, indexIntervalBytes: 100 }
/** Files that are made again from the log where they are missing or make no sense. */
const DERIVED = /\.(index|timeindex|snapshot|txnindex)$|leader-epoch-checkpoint$|-checkpoint$/

interface Template {
  readonly files: ReadonlyMap<string, Buffer>
  readonly records: Buffer
  readonly endOffset: number
}

/** A data directory whose files were changed: it opens, with what was in it where that can be known, or says why not. */
export class DirectoryTarget implements Target {
  readonly name = 'directory'
  readonly weight = 2
  readonly #templates: Template[] = []

  async run(chance: Chance, tried: Tried): Promise<string> {
    if (this.#templates.length === 0) this.#templates.push(await template('closed'), await template('killed'))
    const { files, records, endOffset } = chance.pick(this.#templates)
    const path = chance.pick([...files.keys()])
    const isGone = chance.is(0.1)
    const content = isGone ? null : mutated(chance, files.get(path)!)
    tried.set(path, content ?? Buffer.from('removed'))
    const fileSystem = new MemoryFileSystem()
    for (const [name, bytes] of files)
      if (name !== path) fileSystem.poke(name, 0, bytes)
      else if (content !== null) fileSystem.poke(name, 0, content)
    const kind = path.replace(/^.*\//, '').replace(/^\d+\./, '.')
    let directory: DataDirectory
    try {
      directory = await openDirectory(fileSystem, { config: CONFIG })
    } catch (error) {
      if (error instanceof StorageError) return `${kind} refused ${error.fault}`
      throw error
    }
    try {
      const log = directory.get('t', 0)
      if (log === null || log === undefined) {
        promised(!DERIVED.test(path), `a log is there although ${kind} is not what it was`)
        return `${kind} no log`
      }
      const read = await readAll(log)
      if (typeof read === 'string') {
        promised(!DERIVED.test(path), `a log is read although ${kind} is not what it was: ${read}`)
        return `${kind} unreadable ${read}`
      }
      if (DERIVED.test(path)) {
        promised(log.endOffset === endOffset, `a log has its records although ${kind} is not what it was`)
        promised(read.equals(records), `a log has its bytes although ${kind} is not what it was`)
      }
      return `${kind} opened ${log.endOffset === endOffset ? 'whole' : 'shorter'}`
    } finally {
      await directory.close().catch((error: unknown) => {
        if (!(error instanceof StorageError)) throw error
      })
    }
  }
}

async function readAll(log: Log): Promise<Buffer | string> {
  try {
    await log.offsetForTimestamp(1_700_000_000_000, log.endOffset)
    const { bytes } = await readBytes(log, log.startOffset)
    for (const [index] of baseOffsets(bytes).entries()) if (index > 100) break
    return bytes
  } catch (error) {
    if (error instanceof StorageError) return error.fault
    if (error instanceof Error && error.message.endsWith('is out of range')) return 'out of range'
    throw error
  }
}

/** A directory after a life of several segments, producers and a term or two. */
async function template(end: 'closed' | 'killed'): Promise<Template> {
  const fileSystem = new MemoryFileSystem()
  const directory = await openDirectory(fileSystem, { config: CONFIG })
  const log = await openLed(directory)
  for (let index = 0; index < 12; index++) {
    if (index === 8) await openLed(directory)
    const batch = encodeBatch({
      baseOffset: log.endOffset,
      leaderEpoch: log.marks.last().term,
      producerId: index % 3,
      producerEpoch: 0,
      baseSequence: Math.floor(index / 3) * 2,
      records: [0, 1].map((record) => ({
        timestamp: 1_700_000_000_000 + index * 10 + record,
        key: Buffer.from('key'),
        value: Buffer.alloc(60, index),
      })),
    })
    promised(checkBatchCrc(batch, 0), 'a template is whole')
    log.append(batch)
  }
  await log.flushAll()
  log.highWatermark = log.endOffset
  const { endOffset } = log
  const { bytes } = await readBytes(log, 0)
  if (end === 'closed') await directory.close()
  return {
    files: await contents(end === 'closed' ? fileSystem : fileSystem.kill(), ''),
    records: bytes,
    endOffset,
  }
}

async function contents(fileSystem: MemoryFileSystem, path: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  for (const name of await fileSystem.list(path === '' ? '/' : path)) {
    const inner = `${path}/${name}`
    if ((await fileSystem.stat(inner))?.isDirectory === true)
      for (const [each, bytes] of await contents(fileSystem, inner)) files.set(each, bytes)
    else files.set(inner, fileSystem.peek(inner))
  }
  return files
}
