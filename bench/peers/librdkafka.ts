import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../test/support/child.ts'
import { benchCache } from './kafka.ts'

const directory = join(benchCache, 'librdkafka')
const program = join(directory, 'rdkafka_performance')
const STEP_MS = 300_000

/**
 * Builds librdkafka's own load generator from Debian's source package against the library that is installed. Needs no
 * root: apt works on lists of its own. Resolves to the program, or to why there is none.
 */
export async function prepareRdkafkaPerformance(): Promise<{ program: string } | { missing: string }> {
  if (existsSync(program)) return { program }
  try {
    const library = await findLibrary()
    if (library === null) return { missing: 'librdkafka is not installed (apt-get install librdkafka1)' }
    await rm(directory, { recursive: true, force: true })
    await mkdir(join(directory, 'lists/partial'), { recursive: true })
    await fetchSource()
    await build(library)
    return { program }
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0]! : String(error)
    return { missing: `rdkafka_performance could not be built: ${reason}` }
  }
}

async function findLibrary(): Promise<string | null> {
  const { stdout } = await run('/sbin/ldconfig', ['-p'])
  return /librdkafka\.so\.1 .*=> (\S+)/.exec(stdout)?.[1] ?? null
}

async function fetchSource(): Promise<void> {
  const release = await readFile('/etc/os-release', 'utf8')
  const codename = /^VERSION_CODENAME=(\w+)/m.exec(release)?.[1]
  if (codename === undefined || !/^ID=debian/m.test(release)) throw new Error('this is not Debian')
  const sources = join(directory, 'sources.list')
  const options = '[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
  await writeFile(sources, `deb-src ${options} http://deb.debian.org/debian ${codename} main\n`)
  const settings = {
    'Dir::Etc::sourcelist': sources,
    'Dir::Etc::sourceparts': '-',
    'Dir::State::lists': join(directory, 'lists'),
    'Dir::Cache': directory,
    'APT::Sandbox::User': '',
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])
  await run('apt-get', ['-qq', ...flags, 'update'], { timeoutMs: STEP_MS })
  const source = ['-qq', ...flags, 'source', '--download-only', 'librdkafka']
  await run('apt-get', source, { timeoutMs: STEP_MS, directory })
  const archive = (await readdir(directory)).find((name) => /\.orig\.tar\.\w+$/.test(name))
  if (archive === undefined) throw new Error('the source package has no upstream archive')
  await mkdir(join(directory, 'source'))
  await run('tar', ['-xf', archive, '-C', 'source', '--strip-components=1'], { directory })
}

async function build(library: string): Promise<void> {
  const source = join(directory, 'source')
  await run('./configure', [], { timeoutMs: STEP_MS, directory: source })
  const arguments_ = ['-O2', '-w', '-Isrc', '-I.', 'examples/rdkafka_performance.c', '-o', program, library]
  await run('gcc', [...arguments_, '-lm', '-lpthread'], { timeoutMs: STEP_MS, directory: source })
}
