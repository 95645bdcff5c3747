import { readFileSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { Child } from '../test/support/child.ts'

const HELD_MS = 300_000
const MIB = 1024 * 1024
const PIECE_BYTES = 8 * MIB
/** What a machine keeps free in any case, and some more. */
const FREE_BYTES = 300 * MIB
/** Takes the memory in pieces, writes to each page, says so, and waits until it is ended. */
const PROGRAM = `
  const held = []
  for (let mib = 0; mib < Number(process.argv[1]); mib += 256) held.push(Buffer.alloc(256 * 1024 * 1024, 1))
  console.log('held')
  setInterval(() => held.length, 60_000)
`

let filler: { readonly file: FileHandle; readonly bytes: number } | null = null

/**
 * Takes so much memory until it is ended, and lets `fillPageCache` fill the rest. A virtual machine that gives what is free
 * back to its host pays for each page that it writes to again, several times what a broker does with it; where nothing is free,
 * what was used a moment ago is used again, by whoever writes next.
 */
export async function holdMemory(gibibytes: number, directory: string): Promise<{ end(): Promise<void> }> {
  if (gibibytes === 0) return { async end() {} }
  const child = new Child(process.execPath, ['--eval', PROGRAM, String(gibibytes * 1024)])
  await child.waitFor('stdout', /^held$/m, HELD_MS)
  const bytes = freeBytes()
  const file = await open(join(directory, 'filler'), 'w+')
  filler = { file, bytes }
  const piece = Buffer.alloc(PIECE_BYTES, 1)
  for (let at = 0; at < bytes; at += PIECE_BYTES) await file.write(piece, 0, PIECE_BYTES, at)
  await file.sync()
  return {
    async end() {
      filler = null
      await file.close()
      await child.kill('SIGKILL')
    },
  }
}

/** While memory is held: reads a file for as long as there is more memory free than a machine keeps free. */
export async function fillPageCache(): Promise<void> {
  if (filler === null) return
  const { file, bytes } = filler
  const piece = Buffer.allocUnsafe(PIECE_BYTES)
  for (let at = 0; at < bytes && freeBytes() > FREE_BYTES; at += PIECE_BYTES)
    await file.read(piece, 0, PIECE_BYTES, at)
}

/** What is in nobody's use, the page cache's neither; 0 where that is not told. */
function freeBytes(): number {
  const found = /^MemFree:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))
  return Number(found?.[1] ?? 0) * 1024
}
