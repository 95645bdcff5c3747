import { closeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { endianness } from 'node:os'

/** The system calls behind sendfile.ts, as a port. Descriptors must be open during the call; nothing here keeps one. */
export interface KernelCalls {
  /**
   * sendfile(2) on the calling thread. Never waits for the socket, but waits for the disk where the bytes are not in
   * the page cache. Returns the bytes sent, fewer than asked when the socket is full, -1 when none could be.
   */
  sendNow(socketFd: number, fileFd: number, position: number, byteLength: number): number
  /** The same on a pool thread. Both descriptors must stay open until `done`. */
  send(
    socketFd: number,
    fileFd: number,
    position: number,
    byteLength: number,
    done: (sentBytes: number) => void,
  ): void
  /** Whether the page at `position` can be read without the disk. False where the kernel can't tell. */
  isCached(fileFd: number, position: number): boolean
  /** Fills `target`, of at most NUDGE_BYTES, without the disk. False, and it is not filled, where that can't be. */
  readCached(fileFd: number, target: Buffer, position: number): boolean
  /** Bounds what the kernel holds of a socket's output (SO_SNDBUF; Linux takes twice as much). False: it is as it was. */
  setSendBuffer(socketFd: number, byteLength: number): boolean
  /** A second descriptor of the same open socket, or -1. */
  duplicate(fd: number): number
  close(fd: number): void
}

type Koffi = typeof import('koffi')

/** What an ordinary write carries when the socket is full: its callback tells when the kernel takes more. */
export const NUDGE_BYTES = 4096

const F_DUPFD_CLOEXEC = 1030
const SOL_SOCKET = 1
const SO_SNDBUF = 7
const RWF_NOWAIT = 8
/** Below V8's limit for typed arrays that live on its moving heap; the kernel needs memory that stays where it is. */
const PINNED_BYTES_MIN = 128

/** Where off_t is 64 bits wide under its plain name. */
const ARCHITECTURES: ReadonlySet<string> = new Set(['x64', 'arm64', 'riscv64', 'loong64'])

let loaded: KernelCalls | null | undefined

/** The calls of this machine through koffi, loaded at the first call; null where there is no Linux sendfile(2). */
export function loadKernelCalls(): KernelCalls | null {
  if (loaded === undefined) loaded = tryLoad()
  return loaded
}

function tryLoad(): KernelCalls | null {
  if (process.platform !== 'linux' || endianness() !== 'LE' || !ARCHITECTURES.has(process.arch)) return null
  try {
    const koffi: Koffi = createRequire(import.meta.url)('koffi')
    return bindCalls(koffi)
  } catch {
    return null
  }
}

function bindCalls(koffi: Koffi): KernelCalls {
  const libc = koffi.load(null)
  const sendfile = libc.func('int64 sendfile(int out, int in, void *offset, uint64 count)')
  const fcntl = libc.func('int fcntl(int fd, int command, ...)')
  const setsockopt = libc.func('int setsockopt(int fd, int level, int name, void *value, uint32 length)')
  const offsetNow = pinnedOffset()
  return {
    sendNow(socketFd, fileFd, position, byteLength) {
      writeOffset(offsetNow, position)
      return Number(sendfile(socketFd, fileFd, offsetNow, byteLength))
    },
    send(socketFd, fileFd, position, byteLength, done) {
      const offset = pinnedOffset()
      writeOffset(offset, position)
      sendfile.async(socketFd, fileFd, offset, byteLength, (error: unknown, sentBytes: unknown) =>
        done(error === null && offset.length > 0 ? Number(sentBytes) : -1),
      )
    },
    ...bindCachedReads(koffi, libc),
    setSendBuffer(socketFd, byteLength) {
      const value = pinnedOffset()
      value[0] = byteLength
      return Number(setsockopt(socketFd, SOL_SOCKET, SO_SNDBUF, value, value.BYTES_PER_ELEMENT)) === 0
    },
    duplicate: (fd) => Number(fcntl(fd, F_DUPFD_CLOEXEC, 'int', 0)),
    close: (fd) => closeSync(fd),
  }
}

/** preadv2(2) that refuses to wait: glibc since 2.26, musl since 1.2.5. */
function bindCachedReads(
  koffi: Koffi,
  libc: ReturnType<Koffi['load']>,
): Pick<KernelCalls, 'isCached' | 'readCached'> {
  try {
    const preadv2 = libc.func('int64 preadv2(int fd, void *vector, int count, int64 offset, int flags)')
    const scratch = Buffer.allocUnsafeSlow(NUDGE_BYTES)
    const vector = Buffer.allocUnsafeSlow(PINNED_BYTES_MIN)
    vector.writeBigUInt64LE(koffi.address(scratch), 0)
    vector.fill(0, 8, 16)
    const read = (fileFd: number, byteLength: number, position: number): boolean => {
      vector.writeUInt32LE(byteLength, 8)
      return Number(preadv2(fileFd, vector, 1, position, RWF_NOWAIT)) === byteLength
    }
    return {
      isCached: (fileFd, position) => read(fileFd, 1, position),
      readCached: (fileFd, target, position) =>
        target.length <= NUDGE_BYTES &&
        read(fileFd, target.length, position) &&
        scratch.copy(target) === target.length,
    }
  } catch {
    return { isCached: () => false, readCached: () => false }
  }
}

function pinnedOffset(): Uint32Array {
  return new Uint32Array(PINNED_BYTES_MIN / 4)
}

function writeOffset(offset: Uint32Array, position: number): void {
  offset[0] = position
  offset[1] = Math.floor(position / 4294967296)
}
