import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Child, run } from '../../test/support/child.ts'
import type { Contender, Peer } from './peer.ts'

/** Where and how the peer is to start. */
export interface KafkaOptions {
  readonly dataDirectory?: string
  readonly port?: number
  readonly settings?: Readonly<Record<string, string>>
}

export const KAFKA_VERSION = '4.3.1'
const LOG4J_VERSION = '2.25.1'
const FETCH_MS = 600_000
const START_MS = 60_000
const HEAP = '1G'

/** Where what is fetched and built for the benchmarks is kept between runs. */
export const benchCache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'millrace-bench')
const jars = join(benchCache, `kafka-${KAFKA_VERSION}`)

/** Kafka as it comes, one node, 1 GiB of heap; `prepareKafka` has been called. */
export function kafka(): Contender {
  return { name: `Kafka ${KAFKA_VERSION}`, start: startKafka }
}

/** Fetches Kafka from Maven Central unless it is there. Returns why it cannot be had, or null. */
export async function prepareKafka(): Promise<string | null> {
  try {
    await run('java', ['-version'])
    if (existsSync(jars)) return null
    await run('mvn', ['-v'])
  } catch {
    return 'java 17 and maven are needed for it'
  }
  const part = `${jars}.part`
  await rm(part, { recursive: true, force: true })
  await mkdir(part, { recursive: true })
  const pom = join(benchCache, 'kafka-pom.xml')
  await writeFile(pom, projectFile())
  const goal = 'dependency:copy-dependencies'
  try {
    await run('mvn', ['-q', '-B', '-f', pom, goal, `-DoutputDirectory=${part}`], { timeoutMs: FETCH_MS })
    await writeFile(join(part, 'log4j2.xml'), loggingFile())
    await rename(part, jars)
    return null
  } catch (error) {
    return `it could not be fetched: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** Starts one combined broker and controller; `prepareKafka` has been called. Resolves when it serves. */
export async function startKafka(options: KafkaOptions = {}): Promise<Peer> {
  const own = options.dataDirectory === undefined ? await mkdtemp(join(tmpdir(), 'kafka-')) : null
  const directory = options.dataDirectory ?? own!
  const [freePort, controllerPort] = await freePorts(2)
  const port = options.port ?? freePort!
  await mkdir(directory, { recursive: true })
  const properties = join(directory, 'server.properties')
  const fresh = !existsSync(join(directory, 'data/meta.properties'))
  const settings = serverSettings(port, controllerPort!, join(directory, 'data'), options.settings ?? {})
  await writeFile(
    properties,
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  )
  if (fresh) {
    const id = (
      await run('java', [...javaArgs('WARN'), 'kafka.tools.StorageTool', 'random-uuid'])
    ).stdout.trim()
    const format = ['kafka.tools.StorageTool', 'format', '-t', id, '-c', properties]
    await run('java', [...javaArgs('WARN'), ...format])
  }
  const child = new Child('java', [...javaArgs('INFO'), 'kafka.Kafka', properties])
  child.process.stdin!.end()
  try {
    await child.waitFor('stdout', /Kafka Server started/, START_MS)
  } catch (error) {
    await child.kill('SIGKILL')
    throw error
  }
  return {
    bootstrap: `127.0.0.1:${port}`,
    port,
    pid: child.process.pid!,
    async kill() {
      await child.kill('SIGKILL')
    },
    async stop() {
      await child.kill('SIGTERM')
      if (own !== null) await rm(own, { recursive: true, force: true })
    },
  }
}

function javaArgs(level: string): string[] {
  return [
    `-Xms${HEAP}`,
    `-Xmx${HEAP}`,
    '-XX:+UseG1GC',
    `-Dbench.level=${level}`,
    `-Dlog4j2.configurationFile=${join(jars, 'log4j2.xml')}`,
    '-cp',
    join(jars, '*'),
  ]
}

function serverSettings(
  port: number,
  controllerPort: number,
  dataDirectory: string,
  more: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'log.dirs': dataDirectory,
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    ...more,
  }
}

/** Ports that were free a moment ago. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer()
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

function projectFile(): string {
  const dependency = (group: string, artifact: string, version: string): string =>
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>bench</groupId>
  <artifactId>kafka-peer</artifactId>
  <version>1</version>
  <dependencies>
    ${dependency('org.apache.kafka', 'kafka_2.13', KAFKA_VERSION)}
    ${dependency('org.apache.logging.log4j', 'log4j-slf4j-impl', LOG4J_VERSION)}
    ${dependency('org.apache.logging.log4j', 'log4j-core', LOG4J_VERSION)}
  </dependencies>
</project>
`
}

function loggingFile(): string {
  return `<Configuration status="ERROR">
  <Appenders><Console name="out" target="SYSTEM_OUT"><PatternLayout pattern="%p %c{1} %m%n"/></Console></Appenders>
  <Loggers><Root level="\${sys:bench.level:-WARN}"><AppenderRef ref="out"/></Root></Loggers>
</Configuration>
`
}
