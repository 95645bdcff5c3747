import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { play } from './group-scenario.ts'

/**
 * Transcripts: the scripts with what is answered between their lines. MILLRACE_UPDATE=1 writes the answers down anew;
 * the difference is then for a reader to judge.
 */
const folder = new URL('.', import.meta.url)
const isUpdate = process.env['MILLRACE_UPDATE'] === '1'

for (const name of readdirSync(folder).filter((file) => file.endsWith('.txt'))) {
  test(`groups transcript: ${name.replace('.txt', '').replaceAll('-', ' ')}`, async () => {
    const file = new URL(name, folder)
    const transcript = readFileSync(file, 'utf8')
    const played = await play(transcript)
    if (isUpdate) writeFileSync(file, played)
    else expect(played).toBe(transcript)
  })
}
