import type { Command } from 'commander'
import { ClientError } from '../../src/client/client-error.ts'
import { type BadDisk, type ClusterHealth, clusterHealth } from '../../src/client/cluster-admin.ts'
import type { TopicPartition } from '../../src/client/position.ts'
import { delay } from '../../src/client/retry.ts'
import { CliError, EXIT_FAILED, EXIT_OK, EXIT_UNREACHABLE, EXIT_USAGE } from '../exit-code.ts'
import type { Io } from '../io.ts'
import { openCluster, type SessionOptions } from '../session.ts'
import { parseDuration } from '../time.ts'
import type { Wiring } from '../wiring.ts'

const AGAIN_MS = 250
/** So many partitions are named. */
const NAMED_MAX = 5

/** `cluster health`: whether all is well; with `wait` it is asked again until it is, or the time is over. */
export async function clusterHealthCheck(
  io: Io,
  json: boolean,
  options: SessionOptions & { wait?: string },
): Promise<number> {
  const waitMs = options.wait === undefined ? 0 : parseDuration(options.wait)
  if (waitMs === null)
    throw new CliError(`--wait takes a duration such as 30s: not '${options.wait}'`, EXIT_USAGE)
  const { environment } = io
  const endMs = environment.monotonicMs() + waitMs
  let stopped = false
  const unsubscribe = io.onInterrupt(() => {
    stopped = true
  })
  try {
    for (;;) {
      const found = await look(io, options)
      const isLast = stopped || environment.monotonicMs() + AGAIN_MS > endMs
      if (isLast && found instanceof Error) throw found
      if (!(found instanceof Error) && (isLast || isHealthy(found))) return await tell(io, json, found)
      io.status('waiting for the cluster')
      await delay(environment, AGAIN_MS)
    }
  } finally {
    unsubscribe()
    io.status('')
  }
}

/** The error when nobody could be asked. */
async function look(io: Io, options: SessionOptions): Promise<ClusterHealth | Error> {
  try {
    const cluster = await openCluster(io, options.bootstrap)
    try {
      return await clusterHealth(cluster)
    } finally {
      cluster.close()
    }
  } catch (error) {
    if (error instanceof ClientError) return error
    if (error instanceof CliError && error.exitCode === EXIT_UNREACHABLE) return error
    throw error
  }
}

/** All brokers answer and can write, one of them is the controller, and all partitions have a leader and logs that are whole. */
function isHealthy({ hasController, unreachable, disks, leaderless, offline }: ClusterHealth): boolean {
  return hasController && [unreachable, disks, leaderless, offline].every((found) => found.length === 0)
}

async function tell(io: Io, json: boolean, health: ClusterHealth): Promise<number> {
  const healthy = isHealthy(health)
  if (json) await io.out(`${JSON.stringify({ healthy, ...health })}\n`)
  else {
    const { brokers, topics, partitions } = health
    const colour = healthy ? 32 : 31
    const word = healthy ? 'healthy' : 'unhealthy'
    const said = io.colourOut ? `\x1b[${colour}m${word}\x1b[39m` : word
    await io.out(`${said}: brokers ${brokers}, topics ${topics}, partitions ${partitions}\n`)
    for (const line of findings(health)) await io.out(`${line}\n`)
  }
  return healthy ? EXIT_OK : EXIT_FAILED
}

function findings(health: ClusterHealth): string[] {
  const { hasController, unreachable, disks, leaderless, offline, underReplicated } = health
  return [
    ...(hasController ? [] : ['there is no controller']),
    ...unreachable.map((brokerId) => `broker ${brokerId} does not answer`),
    ...disks.map(({ brokerId, path, fault }) => `broker ${brokerId} ${DISK_FAULTS[fault](path)}`),
    ...named('without a leader', leaderless),
    ...named('damaged or on a lost disk, see the log of the broker', offline),
    ...named('with fewer replicas in sync than replicas', underReplicated),
  ]
}

const DISK_FAULTS: Readonly<Record<BadDisk['fault'], (path: string) => string>> = {
  full: (path) => `has no room left in ${path}: it refuses writes until some is free`,
  failed: (path) => `cannot use ${path}: look at its disk and at its log`,
}

function named(what: string, partitions: readonly TopicPartition[]): string[] {
  if (partitions.length === 0) return []
  const names = partitions.slice(0, NAMED_MAX).map(({ topic, partition }) => `${topic} [${partition}]`)
  const more = partitions.length > NAMED_MAX ? `, and ${partitions.length - NAMED_MAX} more` : ''
  return [`${what}: ${names.join(', ')}${more}`]
}

/** The `cluster health` command. */
export function clusterHealthCommand(cluster: Command, wiring: Wiring): void {
  const health = cluster
    .command('health')
    .description(
      'tell whether all brokers answer and can write and all partitions have a leader and are whole; exit code 1 if not',
    )
    .option('--wait <duration>', 'wait for it so long (30s), also for a broker that is still to start')
    .action((options: { wait?: string }) =>
      wiring.local(health, (io, json) =>
        clusterHealthCheck(io, json, { ...health.optsWithGlobals<SessionOptions>(), ...options }),
      ),
    )
  wiring.example(health, 'millrace cluster health', 'millrace cluster health --wait 30s')
}
