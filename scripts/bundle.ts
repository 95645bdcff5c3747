import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/**
 * Joins the compiled modules of the command line and of the library into a few files. Node resolves, reads and links each
 * module by itself, a few hundred of them at every start: joined, a broker answers about 100 ms earlier
 * (docs/adr/0007-one-file-to-start.md). The code stays readable, with its names and lines, and packages stay where they are.
 *
 *     node dist/scripts/bundle.js
 */
const dist = join(dirname(fileURLToPath(import.meta.url)), '..')
const target = join(dist, 'bundle')

const { outputFiles } = await build({
  entryPoints: {
    millrace: join(dist, 'bin/millrace.js'),
    index: join(dist, 'src/index.js'),
    // Found by its name beside whoever starts it.
    'batch-worker': join(dist, 'src/broker/partition/batch-worker.js'),
  },
  outdir: target,
  bundle: true,
  splitting: true,
  write: false,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  legalComments: 'none',
  logLevel: 'warning',
})

await mkdir(target, { recursive: true })
for (const { path, contents } of outputFiles) {
  const present = await readFile(path).catch(() => null)
  if (present === null || !present.equals(contents)) await writeFile(path, contents)
}
// Last, and only what is of an earlier build: a process that runs meanwhile still finds what it has yet to load.
const current = new Set(outputFiles.map(({ path }) => path))
for (const name of await readdir(target)) {
  const path = join(target, name)
  if (!current.has(path)) await rm(path)
}
