import type { Command } from 'commander'
import { isKafkaError } from '../../src/client/client-error.ts'
import { describeGroup, type GroupDescription, listGroups } from '../../src/client/group-admin.ts'
import { EXIT_OK } from '../exit-code.ts'
import { report, type Session } from '../session.ts'
import { renderTable } from '../table.ts'
import type { Wiring } from '../wiring.ts'
import { groupChangeCommands } from './group-change.ts'

/** `group list`: names, states and types. */
export async function groupList(session: Session): Promise<number> {
  const { io } = session
  const groups = await listGroups(session.cluster)
  if (session.json) {
    for (const { groupId, state, type, protocolType } of groups)
      await io.out(`${JSON.stringify({ group: groupId, state, type, protocol: protocolType })}\n`)
    return EXIT_OK
  }
  if (groups.length === 0) {
    io.note('no groups')
    return EXIT_OK
  }
  const rows = groups.map(({ groupId, state, type, protocolType }) => [groupId, state, type, protocolType])
  const heading = [{ title: 'GROUP' }, { title: 'STATE' }, { title: 'TYPE' }, { title: 'PROTOCOL' }]
  await io.out(renderTable(heading, rows, { columns: io.columns, colour: io.colourOut }))
  return EXIT_OK
}

/** `group describe`: state, members and how far the group is. Goes on past one that is not there. */
export async function groupDescribe(session: Session, names: readonly string[]): Promise<number> {
  let exitCode = EXIT_OK
  for (const [index, name] of names.entries()) {
    try {
      const group = await describeGroup(session.cluster, name)
      if (session.json) await session.io.out(`${JSON.stringify(jsonGroup(group))}\n`)
      else await session.io.out(`${index > 0 ? '\n' : ''}${groupText(session, group)}`)
    } catch (error) {
      if (!isKafkaError(error)) throw error
      exitCode = report(session.io, session.json, error)
    }
  }
  return exitCode
}

function jsonGroup({ groupId, ...rest }: GroupDescription): object {
  return { group: groupId, ...rest }
}

function groupText(session: Session, group: GroupDescription): string {
  const { columns, colourOut: colour } = session.io
  const name = colour ? `\x1b[1m${group.groupId}\x1b[22m` : group.groupId
  const assignor = group.assignor === '' ? '' : `, assignor ${group.assignor}`
  const lag = group.progress.reduce((sum, entry) => sum + (entry.lag ?? 0), 0)
  let text = `${name}  ${group.state}, ${group.type}${assignor}, members ${group.members.length}, lag ${lag}\n`
  if (group.members.length > 0)
    text += `\n${renderTable(
      [{ title: 'MEMBER' }, { title: 'CLIENT' }, { title: 'HOST' }, { title: 'PARTITIONS', numeric: true }],
      group.members.map((member) => [
        member.memberId,
        member.clientId,
        member.clientHost,
        member.assignment.length,
      ]),
      { columns, colour },
    )}`
  if (group.progress.length > 0)
    text += `\n${renderTable(
      [
        { title: 'TOPIC' },
        { title: 'PARTITION', numeric: true },
        { title: 'COMMITTED', numeric: true },
        { title: 'END', numeric: true },
        { title: 'LAG', numeric: true },
        { title: 'MEMBER' },
      ],
      group.progress.map(({ topic, partition, committed, end, lag: behind, memberId }) => [
        topic,
        partition,
        committed ?? '-',
        end ?? '-',
        behind ?? '-',
        memberId ?? '-',
      ]),
      { columns, colour },
    )}`
  return text
}

/** The `group` group of commands. */
export function groupCommands(program: Command, wiring: Wiring): void {
  const group = program.command('group').description('list, describe, reset and delete consumer groups')
  const list = group
    .command('list')
    .description('list groups')
    .action(() => wiring.client(list, groupList))
  wiring.example(list, 'millrace group list')
  const describe = group
    .command('describe <name...>')
    .description('show the state and members of groups, and how far they are in each partition')
    .action((names: string[]) => wiring.client(describe, (session) => groupDescribe(session, names)))
  wiring.example(describe, 'millrace group describe billing')
  groupChangeCommands(group, wiring)
}
