import { CliError } from './exit-code.ts'

/** Longest line that is taken as a record: as much as a broker's largest request. */
export const LINE_BYTES_MAX = 100 * 1024 * 1024

const NEWLINE = 0x0a

/**
 * Cuts a stream into lines without their newlines; a last line needs none. Each line is a buffer of its own or a slice
 * of a chunk, and stays valid. Throws CliError on a line over LINE_BYTES_MAX.
 */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = []
  let partBytes = 0
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const tail = chunk.subarray(start, end)
      yield parts.length === 0 ? tail : Buffer.concat([...parts, tail])
      parts = []
      partBytes = 0
      start = end + 1
    }
    if (start === chunk.length) continue
    parts.push(chunk.subarray(start))
    partBytes += chunk.length - start
    if (partBytes > LINE_BYTES_MAX)
      throw new CliError(`a line of the input is longer than ${LINE_BYTES_MAX} bytes`)
  }
  if (partBytes > 0) yield Buffer.concat(parts)
}
