/*
 * The limit program's produce in JavaScript: what the same work costs on Node, with nothing of a broker in it. One connection
 * after the other; reads of up to 256 KiB into memory that is used again, the CRC-32C of each batch, what has come as one write
 * of up to a mebibyte and one fdatasync, then the answers.
 *
 *     node limit-node.js FILE
 */
import { fdatasync, openSync, writev } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { type DirectReader, readDirectly } from '../../src/broker/net/direct-read.ts'
import { crc32c } from '../../src/protocol/crc32c.ts'

const READ_BYTES = 256 * 1024
const GROUP_BYTES = 1024 * 1024
const SLAB_BYTES = 4 * 1024 * 1024
const QUEUED_BYTES_MAX = 8 * 1024 * 1024
const API_VERSIONS = 18
/** Size, correlation id 1, and nothing that a load looks at but the error code 0. */
const VERSIONS_ANSWER = Buffer.from([0, 0, 0, 12, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0])
const PRODUCE_ANSWER = Buffer.alloc(51)
PRODUCE_ANSWER.set([0, 0, 0, 47, 0, 0, 0, 1, 0, 2, 1, 2])
PRODUCE_ANSWER[42] = 1

interface Slab {
  readonly bytes: Buffer
  /** Batches in it that are not written, and one for who reads into it. */
  holders: number
}

interface Batch {
  readonly slab: Slab
  readonly bytes: Buffer
}

const spare: Slab[] = []

function takeSlab(): Slab {
  const slab = spare.pop() ?? { bytes: Buffer.allocUnsafeSlow(SLAB_BYTES), holders: 0 }
  slab.holders = 1
  return slab
}

function letGo(slab: Slab): void {
  if (--slab.holders === 0) spare.push(slab)
}

class Peer implements DirectReader {
  readonly #socket: Socket
  readonly #file: number
  #slab = takeSlab()
  #filled = 0
  #done = 0
  #queue: Batch[] = []
  #queuedBytes = 0
  #isBusy = false

  constructor(accepted: Socket, file: number) {
    const socket = readDirectly(accepted, this)
    if (socket === null) throw new Error('this Node does not read directly')
    this.#socket = socket
    this.#file = file
    socket.on('error', () => {})
    socket.resume()
  }

  target(): Buffer {
    if (SLAB_BYTES - this.#filled < READ_BYTES) {
      const next = takeSlab()
      const rest = this.#slab.bytes.copy(next.bytes, 0, this.#done, this.#filled)
      letGo(this.#slab)
      this.#slab = next
      this.#filled = rest
      this.#done = 0
    }
    return this.#slab.bytes.subarray(this.#filled, this.#filled + READ_BYTES)
  }

  filled(count: number): void {
    const { bytes } = this.#slab
    this.#filled += count
    while (this.#filled - this.#done >= 4) {
      const size = bytes.readInt32BE(this.#done)
      if (this.#filled - this.#done - 4 < size) break
      const frame = this.#done + 4
      this.#done = frame + size
      if (bytes.readInt16BE(frame) === API_VERSIONS) this.#socket.write(VERSIONS_ANSWER)
      else this.#take(batchOf(bytes, frame))
    }
    this.#write()
    if (this.#queuedBytes > QUEUED_BYTES_MAX) this.#socket.pause()
  }

  #take(bytes: Buffer): void {
    this.#slab.holders++
    this.#queue.push({ slab: this.#slab, bytes })
    this.#queuedBytes += bytes.length
  }

  #write(): void {
    if (this.#isBusy || this.#queue.length === 0) return
    this.#isBusy = true
    let bytes = 0
    let count = 0
    for (const batch of this.#queue) {
      if (count > 0 && bytes + batch.bytes.length > GROUP_BYTES) break
      bytes += batch.bytes.length
      count++
    }
    const group = this.#queue.splice(0, count)
    const buffers = group.map((batch) => batch.bytes)
    writev(this.#file, buffers, null, (error, written) => {
      if (error !== null || written !== bytes) throw error ?? new Error('a short write')
      for (const { slab } of group) letGo(slab)
      fdatasync(this.#file, (failure) => {
        if (failure !== null) throw failure
        this.#answer(count, bytes)
      })
    })
  }

  #answer(count: number, bytes: number): void {
    const answers = Buffer.allocUnsafe(count * PRODUCE_ANSWER.length)
    for (let index = 0; index < count; index++) PRODUCE_ANSWER.copy(answers, index * PRODUCE_ANSWER.length)
    this.#socket.write(answers)
    this.#queuedBytes -= bytes
    this.#isBusy = false
    this.#write()
    if (this.#queuedBytes <= QUEUED_BYTES_MAX) this.#socket.resume()
  }
}

/** The batch of a Produce request, behind the head and the one topic and partition that it names. */
function batchOf(bytes: Buffer, frame: number): Buffer {
  let at = frame + 8
  at += 2 + bytes.readInt16BE(at) + 1 + 1 + 2 + 4 + 1
  const uvarint = (): number => {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
  const nameBytes = uvarint() - 1
  at += nameBytes + 1 + 4
  const count = uvarint() - 1
  const batch = bytes.subarray(at, at + count)
  if (crc32c(batch, 21, count) !== batch.readUInt32BE(17)) throw new Error("a batch's checksum")
  return batch
}

const file = openSync(process.argv[2]!, 'w+')
const server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => new Peer(socket, file))
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(`port ${typeof address === 'object' && address !== null ? address.port : 0}`)
})
