import { fdatasyncSync, writeSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { uniqueName } from '../../test/support/names.ts'

/** Room on the disk that appends go into, as a log that is preallocated has it. */
const FILE_BYTES = 64 * 1024 * 1024

/** How long the device takes to append so many bytes to a file and to make them durable; ms, a value for each try. */
export async function deviceSyncs(directory: string, recordBytes: number, tries: number): Promise<number[]> {
  const path = join(directory, uniqueName('device'))
  const file = await open(path, 'w')
  try {
    await file.truncate(FILE_BYTES)
    const bytes = Buffer.alloc(recordBytes, 1)
    const times: number[] = []
    for (let index = 0; index < tries; index++) {
      const startMs = performance.now()
      writeSync(file.fd, bytes, 0, recordBytes, index * recordBytes)
      fdatasyncSync(file.fd)
      times.push(performance.now() - startMs)
    }
    return times
  } finally {
    await file.close()
    await rm(path)
  }
}
