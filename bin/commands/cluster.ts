import type { Command } from 'commander'
import { describeCluster } from '../../src/client/cluster-admin.ts'
import { EXIT_OK } from '../exit-code.ts'
import type { Session } from '../session.ts'
import { renderTable } from '../table.ts'
import type { Wiring } from '../wiring.ts'
import { clusterHealthCommand } from './cluster-health.ts'
import { clusterLogDirsCommand } from './cluster-logdirs.ts'

/** `cluster describe`: brokers, and how the partitions are. */
export async function clusterDescribe(session: Session): Promise<number> {
  const { io, json } = session
  const cluster = await describeCluster(session.cluster)
  const { clusterId, brokers, topics, partitions, leaderless, underReplicated } = cluster
  if (json) {
    const list = brokers.map(({ brokerId, ...rest }) => ({ broker: brokerId, ...rest }))
    await io.out(
      `${JSON.stringify({ cluster: clusterId, topics, partitions, leaderless, underReplicated, brokers: list })}\n`,
    )
    return EXIT_OK
  }
  const name = io.colourOut ? `\x1b[1m${clusterId ?? '-'}\x1b[22m` : (clusterId ?? '-')
  const rows = brokers.map(({ brokerId, host, port, rack, controller }) => [
    brokerId,
    host,
    port,
    rack ?? '-',
    controller ? 'controller' : '',
  ])
  const heading = [
    { title: 'BROKER', numeric: true },
    { title: 'HOST' },
    { title: 'PORT', numeric: true },
    { title: 'RACK' },
    { title: 'ROLE' },
  ]
  await io.out(
    `cluster ${name}\ntopics ${topics}, partitions ${partitions}, without a leader ${leaderless}, under-replicated ${underReplicated}\n\n${renderTable(heading, rows, { columns: io.columns, colour: io.colourOut })}`,
  )
  return EXIT_OK
}

/** The `cluster` group of commands. */
export function clusterCommands(program: Command, wiring: Wiring): void {
  const cluster = program.command('cluster').description('show the cluster')
  const describe = cluster
    .command('describe')
    .alias('info')
    .description('show the brokers, and how many partitions lack a leader or replicas')
    .action(() => wiring.client(describe, clusterDescribe))
  wiring.example(describe, 'millrace cluster describe')
  clusterHealthCommand(cluster, wiring)
  clusterLogDirsCommand(cluster, wiring)
}
