import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/**
 * Packs the project, installs the tarball into an empty folder under each version of Node, and uses it there as a user
 * would, without a dependency that is for another Node: a broker, a record in, the same record out, and a broker inside a script. Needs a registry; takes minutes.
 *
 *     npm run build && node dist/scripts/pack-check.js [20 22 24 26]
 */
const run = promisify(execFile)
const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const VERSIONS = ['20', '22', '24', '26']
const READY_MS = 20_000

const EMBEDDED = `
import { Broker } from 'millrace'
const start = performance.now()
const broker = await Broker.start({ topics: ['orders'] })
const startMs = performance.now() - start
await broker.close()
console.log(Math.round(startMs))
`

const versions = process.argv.length > 2 ? process.argv.slice(2) : VERSIONS
const workplace = await mkdtemp(join(tmpdir(), 'millrace-pack-'))
let failures = 0
try {
  const tarball = await pack(workplace)
  for (const version of versions) {
    try {
      console.log(`node ${version}: ${await check(version, tarball, join(workplace, `node-${version}`))}`)
    } catch (error) {
      failures++
      console.log(`node ${version}: FAILED: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
} finally {
  await rm(workplace, { recursive: true, force: true })
}
process.exit(failures === 0 ? 0 : 1)

async function pack(target: string): Promise<string> {
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', target], {
    cwd: root,
  })
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }]
  return join(target, filename)
}

async function check(version: string, tarball: string, directory: string): Promise<string> {
  const environment = await nodeEnvironment(version, join(directory, 'node'))
  const app = join(directory, 'app')
  await mkdir(app, { recursive: true })
  await writeFile(join(app, 'package.json'), '{ "name": "app", "private": true, "type": "module" }\n')
  const options = { cwd: app, env: environment }
  const { stderr: warnings } = await run('npm', ['install', '--no-audit', '--no-fund', tarball], options)
  if (warnings.includes('EBADENGINE')) throw new Error(`a dependency is for another Node:\n${warnings}`)
  const { stdout: nodeVersion } = await run('node', ['--version'], options)
  const served = await produceAndConsume(options)
  await writeFile(join(app, 'embedded.js'), EMBEDDED)
  const { stdout: startMs } = await run('node', ['embedded.js'], options)
  return `${nodeVersion.trim()} ${served}; embedded broker up in ${startMs.trim()} ms`
}

/** Installs that Node and puts it first in the path; its own headers are what native packages are built with. */
async function nodeEnvironment(version: string, directory: string): Promise<NodeJS.ProcessEnv> {
  await mkdir(directory, { recursive: true })
  await writeFile(join(directory, 'package.json'), '{ "name": "node-of-check", "private": true }\n')
  await run('npm', ['install', '--no-audit', '--no-fund', `node@${version}`], { cwd: directory })
  const home = join(directory, 'node_modules/node')
  return {
    ...process.env,
    PATH: [join(home, 'bin'), process.env['PATH']].join(delimiter),
    npm_config_nodedir: join(home, `node_modules/node-${process.platform}-${process.arch}`),
  }
}

async function produceAndConsume(options: { cwd: string; env: NodeJS.ProcessEnv }): Promise<string> {
  const millrace = join(options.cwd, 'node_modules/.bin/millrace')
  const broker = spawn(millrace, ['start', '--data', 'data', '--listen', '127.0.0.1:0', '--json'], options)
  try {
    const bootstrap = await bootstrapOf(broker)
    const producer = run('npx', ['millrace', 'produce', 'greetings', '--bootstrap', bootstrap], options)
    producer.child.stdin?.end('hello\n')
    await producer
    const consume = ['millrace', 'consume', 'greetings', '--exit-at-end', '--bootstrap', bootstrap]
    const { stdout } = await run('npx', consume, options)
    if (stdout.trim() !== 'hello') throw new Error(`consumed ${JSON.stringify(stdout)}`)
  } finally {
    broker.kill('SIGTERM')
    if (broker.exitCode === null) await once(broker, 'exit')
  }
  if (broker.exitCode !== 0) throw new Error(`the broker ended with ${broker.exitCode}`)
  return 'start, produce and consume work'
}

async function bootstrapOf(broker: ChildProcess): Promise<string> {
  let text = ''
  const { promise: late, cancel } = deadline()
  try {
    for (;;) {
      const [chunk] = (await Promise.race([once(broker.stdout!, 'data'), late])) as [Buffer]
      text += chunk.toString()
      const line = text.split('\n').find((each) => each.includes('"ready"'))
      if (line !== undefined && text.includes('\n'))
        return `127.0.0.1:${(JSON.parse(line) as { port: number }).port}`
    }
  } finally {
    cancel()
  }
}

function deadline(): { promise: Promise<never>; cancel: () => void } {
  let timer: NodeJS.Timeout
  const promise = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the broker did not come up')), READY_MS)
  })
  promise.catch(() => {})
  return { promise, cancel: () => clearTimeout(timer) }
}
