import { AssertionError } from '../base/assert.ts'

/**
 * What the disk did. io: an operation failed, and what it was about can't be relied on. no-space: nothing was lost,
 * there is no room. no-descriptors: nothing was lost, the process has too many files and sockets open. unreadable: the disk gave an error
 * instead of bytes that may still be there. corrupt: bytes that were once acknowledged, or a file's own structure, are not what they were.
 * locked: another process has the directory. mismatch: the directory belongs to somebody else. exists, missing: a
 * file is there, or is not, against what the operation asks for.
 */
export type StorageFault =
  | 'io'
  | 'no-space'
  | 'no-descriptors'
  | 'unreadable'
  | 'corrupt'
  | 'locked'
  | 'mismatch'
  | 'exists'
  | 'missing'

/** A fault of the world below, with the file and, where one place is meant, the byte in it. */
export class StorageError extends Error {
  override readonly name = 'StorageError'
  readonly fault: StorageFault
  readonly path: string
  readonly position: number | null

  constructor(
    fault: StorageFault,
    path: string,
    what: string,
    options: { position?: number; cause?: unknown } = {},
  ) {
    const place = options.position === undefined ? path : `${path} at ${options.position}`
    super(`${place}: ${what}`, options.cause === undefined ? {} : { cause: options.cause })
    this.fault = fault
    this.path = path
    this.position = options.position ?? null
  }
}

/** Whether a file does not give what it should: whoever asked for that part of it is told, the others go on. */
export function isUnreadable(error: unknown): error is StorageError {
  return error instanceof StorageError && (error.fault === 'corrupt' || error.fault === 'unreadable')
}

/** What is lacking when nothing was done, and may be there another time. */
export type Lack = 'no-space' | 'no-descriptors'

/** Whether what was asked for lacked room or descriptors, and did nothing: it may be asked for again. */
export function isLack(error: unknown): error is StorageError & { readonly fault: Lack } {
  return error instanceof StorageError && (error.fault === 'no-space' || error.fault === 'no-descriptors')
}

/** For what can be made anew at any time: that there was no room for it is no error. Throws any other. */
export function unlessLack(error: unknown): void {
  if (!isLack(error)) throw error
}

/** The error as ours, whatever was thrown; a broken assertion is no fault of a disk, and goes on. */
export function asStorageError(error: unknown, path: string): StorageError {
  if (error instanceof AssertionError) throw error
  if (error instanceof StorageError) return error
  return new StorageError('io', path, error instanceof Error ? error.message : String(error), {
    cause: error,
  })
}
