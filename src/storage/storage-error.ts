/**
 * What the disk did. io: an operation failed, and what it was about can't be relied on. no-space: nothing was lost,
 * there is no room. corrupt: bytes that were once acknowledged, or a file's own structure, are not what they were.
 * locked: another process has the directory. mismatch: the directory belongs to somebody else. exists, missing: a
 * file is there, or is not, against what the operation asks for.
 */
export type StorageFault = 'io' | 'no-space' | 'corrupt' | 'locked' | 'mismatch' | 'exists' | 'missing'

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

/** The error as ours, whatever was thrown. */
export function asStorageError(error: unknown, path: string): StorageError {
  if (error instanceof StorageError) return error
  return new StorageError('io', path, error instanceof Error ? error.message : String(error), {
    cause: error,
  })
}
