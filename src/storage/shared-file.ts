import { assert } from '../base/assert.ts'
import type { FileRegion } from '../base/byte-source.ts'
import type { OpenFile } from './file-system.ts'

/** An open file that closes when the last of its holders lets go: also after it was unlinked. */
export class SharedFile {
  readonly file: OpenFile
  readonly #onUnreadable: () => void
  readonly #onIdle: () => void
  readonly #onClose: () => void
  #holders = 1

  /**
   * `onUnreadable` is called when bytes that were promised to somebody could not be read, `onIdle` when one holder is left,
   * `onClose` when it is closed.
   */
  constructor(file: OpenFile, onUnreadable: () => void, onIdle: () => void, onClose: () => void) {
    this.file = file
    this.#onUnreadable = onUnreadable
    this.#onIdle = onIdle
    this.#onClose = onClose
  }

  /** As the file's, for somebody who was promised the bytes. */
  async read(target: Buffer, position: number): Promise<number> {
    try {
      return await this.file.read(target, position)
    } catch (error) {
      this.#onUnreadable()
      throw error
    }
  }

  retain(): void {
    assert(this.#holders > 0, 'a closed file is not to be held')
    this.#holders++
  }

  release(): void {
    assert(this.#holders > 0, 'a file released more often than held')
    this.#holders--
    if (this.#holders === 1) this.#onIdle()
    if (this.#holders > 0) return
    // A failing close loses nothing: whatever counts was synced before.
    this.file.close().catch(() => {})
    this.#onClose()
  }

  /** Whether anybody but the segment itself holds it. */
  get isLent(): boolean {
    return this.#holders > 1
  }
}

/** A stretch of a segment's file, lent until released. */
export class SegmentRegion implements FileRegion {
  readonly position: number
  readonly byteLength: number
  readonly #shared: SharedFile
  #isHeld = true

  constructor(shared: SharedFile, position: number, byteLength: number) {
    shared.retain()
    this.#shared = shared
    this.position = position
    this.byteLength = byteLength
  }

  get fd(): number {
    return this.#shared.file.fd
  }

  read(target: Buffer, offsetBytes: number): Promise<number> {
    assert(this.#isHeld, 'a released region is not to be read')
    const room = Math.min(target.length, this.byteLength - offsetBytes)
    if (room <= 0) return Promise.resolve(0)
    return this.#shared.read(target.subarray(0, room), this.position + offsetBytes)
  }

  release(): void {
    assert(this.#isHeld, 'a region is released once')
    this.#isHeld = false
    this.#shared.release()
  }
}
