import { API_NAMES, API_TABLE } from '../../src/protocol/api.ts'
import { FrameSplitter } from '../../src/protocol/frame-splitter.ts'
import { FAMILIES } from '../../src/protocol/messages/families.ts'
import { MalformedError, Reader } from '../../src/protocol/reader.ts'
import type { Message } from '../../src/protocol/schema.ts'
import { UnwritableError, Writer } from '../../src/protocol/writer.ts'
import { hostileBatch } from './batches.ts'
import type { Chance } from './chance.ts'
import { type Dictionary, randomFields, type Values } from './message-values.ts'
import { mutated } from './mutation.ts'
import { promised, type Target } from './target.ts'

const MESSAGES: ReadonlyMap<string, Message> = new Map(
  Object.values(FAMILIES).flatMap((family) => Object.entries(family as Record<string, Message>)),
)

/** The schema of a request or response. */
export function messageOf(name: string): Message {
  const message = MESSAGES.get(name)
  promised(message !== undefined, `${name} has a schema`)
  return message
}

const DICTIONARY: Dictionary = {
  texts: ['', 'a', 'topic', 'group', 'x'.repeat(127), 'x'.repeat(128), '\u00e4\u{1f600}'],
  ids: ['\0'.repeat(16)],
  records: hostileBatch,
}

type Read = (reader: Reader, version: number) => Values
type Write = (writer: Writer, version: number, value: Values) => void

/** Requests and responses of every API in every version: what is read is what was written, or is refused by name. */
export const decoders: Target = {
  name: 'decoders',
  weight: 3,
  run(chance, tried) {
    const api = API_TABLE[chance.pick(API_NAMES)]
    const isRequest = chance.is(0.7)
    const version = api.versionMin + chance.below(api.versionMax - api.versionMin + 1)
    const message = messageOf(`${api.name}${isRequest ? 'Request' : 'Response'}`)
    const read = (isRequest ? api.readRequest : api.readResponse) as unknown as Read
    const write = (isRequest ? api.writeRequest : api.writeResponse) as unknown as Write
    const what = `${api.name} ${version} ${isRequest ? 'request' : 'response'}`
    const bytes = written(write, version, randomFields(chance, message.fields, version, DICTIONARY))
    if (bytes === null) return `${what} unwritable`
    tried.set(what, bytes)
    if (chance.is(0.1)) {
      const reader = new Reader(bytes)
      const again = written(write, version, read(reader, version))
      promised(reader.bytesLeft === 0, `${what} is read to its end`)
      promised(again?.equals(bytes) === true, `${what} is written as it was read`)
      return `${what} whole`
    }
    const changed = mutated(chance, bytes)
    tried.set(what, changed)
    return `${what} ${outcome(() => read(new Reader(changed), version))}`
  },
}

function written(write: Write, version: number, value: Values): Buffer | null {
  const writer = new Writer()
  try {
    write(writer, version, value)
  } catch (error) {
    if (error instanceof UnwritableError) return null
    throw error
  }
  return Buffer.concat(writer.finish().pieces as Buffer[])
}

function outcome(read: () => unknown): string {
  try {
    read()
    return 'read'
  } catch (error) {
    if (error instanceof MalformedError) return 'malformed'
    throw error
  }
}

const FRAME_BYTES_MAX = 3_000_000

/** A stream cut anywhere, by all three ways into the splitter, gives the frames that were put in. */
export const splitter: Target = {
  name: 'splitter',
  weight: 1,
  run(chance, tried) {
    const frames = Array.from({ length: 1 + chance.below(5) }, () => randomFrame(chance))
    const stream = Buffer.concat(frames.flatMap((frame) => [sizeOf(frame.length), frame]))
    const isBroken = chance.is(0.2)
    const sent = isBroken ? mutated(chance, stream) : stream
    tried.set('stream', sent)
    const { got, end } = split(chance, sent)
    if (isBroken) return `broken stream ${end}`
    promised(end === 'more', 'a whole stream is split to its end')
    promised(got.length === frames.length, 'as many frames come out as were put in')
    for (const [index, frame] of got.entries())
      promised(frame.equals(frames[index]!), 'frames come out as they were')
    return 'whole stream'
  },
}

function randomFrame(chance: Chance): Buffer {
  return Buffer.alloc(chance.is(0.1) ? chance.below(200_000) : chance.length(3000), chance.below(256))
}

function sizeOf(size: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(size)
  return bytes
}

function split(chance: Chance, stream: Buffer): { got: Buffer[]; end: string } {
  const splitter = new FrameSplitter(FRAME_BYTES_MAX)
  const got: Buffer[] = []
  let position = 0
  while (position < stream.length) {
    const count = Math.min(stream.length - position, 1 + chance.length(100_000))
    const chunk = stream.subarray(position, position + count)
    const target = chance.is(0.5) ? splitter.target() : null
    const isLent = target === null && chance.is(0.5)
    if (target !== null) {
      const filled = chunk.copy(target)
      splitter.filled(filled)
      position += filled
    } else {
      position += count
      // What is lent is overwritten afterwards.
      const copy = Buffer.from(chunk)
      if (isLent) splitter.lend(copy)
      else splitter.push(copy)
      const end = drain(splitter, got)
      if (isLent) {
        splitter.keep()
        copy.fill(0xaa)
      }
      if (end === 'invalid') return { got, end }
      continue
    }
    drain(splitter, got)
  }
  return { got, end: drain(splitter, got) }
}

function drain(splitter: FrameSplitter, got: Buffer[]): 'more' | 'invalid' {
  for (;;) {
    const step = splitter.next()
    if (step.kind === 'need-lease') {
      splitter.peekInt16()
      splitter.grant()
    } else if (step.kind === 'frame') got.push(Buffer.from(step.frame))
    else return step.kind
  }
}
