/**
 * A stretch of a file that is to be sent or read. It holds its file open until released, also when the file is
 * unlinked meanwhile; whoever gets one releases it exactly once.
 */
export interface FileRegion {
  /** Descriptor for sendfile(2), or -1 where the bytes are not in a real file. */
  readonly fd: number
  readonly position: number
  readonly byteLength: number
  /** Reads up to `target.length` bytes from `offsetBytes` into the region; resolves to the count, 0 at its end. */
  read(target: Buffer, offsetBytes: number): Promise<number>
  release(): void
}

/** Bytes in memory (borrowed, never changed afterwards) or in a file. */
export type BytePart = Buffer | FileRegion

/** Bytes to be sent as they lie, in order. `byteLength` is the sum of the parts. */
export interface ByteSource {
  readonly byteLength: number
  readonly parts: readonly BytePart[]
}

export const EMPTY_SOURCE: ByteSource = { byteLength: 0, parts: [] }

/** Gives back every file region of a source that will not be sent. */
export function releaseSource(source: ByteSource): void {
  for (const part of source.parts) if (!Buffer.isBuffer(part)) part.release()
}
