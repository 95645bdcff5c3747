/**
 * Why a block was not decompressed. corrupt: it is no such block. too-large: it would exceed the limits. unavailable:
 * the codec's code is not there (zstd before `loadCompression()`, an addon that is not installed).
 */
export type DecompressionFault = 'corrupt' | 'too-large' | 'unavailable'

/** A compressed block that is not, or may not be, unpacked. */
export class DecompressionError extends Error {
  override readonly name = 'DecompressionError'
  readonly kind: DecompressionFault

  constructor(kind: DecompressionFault, message: string) {
    super(message)
    this.kind = kind
  }
}

export function isDecompressionError(error: unknown): error is DecompressionError {
  return error instanceof DecompressionError
}

export function corrupt(message: string): DecompressionError {
  return new DecompressionError('corrupt', message)
}

export function tooLarge(bytesMax: number): DecompressionError {
  return new DecompressionError('too-large', `the block decompresses to more than ${bytesMax} bytes`)
}
