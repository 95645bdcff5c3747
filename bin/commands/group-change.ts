import type { Command } from 'commander'
import { deleteOffsets, fetchCommitted } from '../../src/client/committed-offsets.ts'
import { deleteGroup, describeGroup } from '../../src/client/group-admin.ts'
import { CliError, EXIT_NOT_FOUND, EXIT_OK } from '../exit-code.ts'
import { forEachName } from '../named.ts'
import { isSelected, parseSelections } from '../names.ts'
import { collectNames, parseWhole } from '../parse.ts'
import type { Session } from '../session.ts'
import type { Wiring } from '../wiring.ts'
import { groupResetCommand } from './group-reset.ts'

/** `group delete`: groups and their offsets. Goes on past one that cannot be deleted. */
export async function groupDelete(session: Session, names: readonly string[]): Promise<number> {
  return forEachName(session, names, async (name) => {
    await deleteGroup(session.cluster, name)
    if (session.json) await session.io.out(`${JSON.stringify({ group: name, deleted: true })}\n`)
    else session.io.note(`deleted group ${name}`)
  })
}

/** What `group delete-offsets` was told. */
export interface DeleteOffsetsOptions {
  readonly topic: readonly string[]
  readonly partition?: number
}

/** `group delete-offsets`: what a group has committed of topics. */
export async function groupDeleteOffsets(
  session: Session,
  groupId: string,
  options: DeleteOffsetsOptions,
): Promise<number> {
  const { io, json, cluster } = session
  const selections = parseSelections(options.topic, options.partition)
  // Says so where there is no such group.
  await describeGroup(cluster, groupId)
  const found = (await fetchCommitted(cluster, groupId)).filter(({ topic, partition }) =>
    isSelected(selections, topic, partition),
  )
  if (found.length === 0)
    throw new CliError(
      `group ${groupId} has committed nothing of ${options.topic.join(', ')}`,
      EXIT_NOT_FOUND,
    )
  await deleteOffsets(cluster, groupId, found)
  for (const { topic, partition, offset } of found)
    if (json)
      await io.out(`${JSON.stringify({ group: groupId, topic, partition, before: offset, deleted: true })}\n`)
    else io.note(`deleted the offset ${offset} of group ${groupId} in ${topic} [${partition}]`)
  return EXIT_OK
}

/** The commands of the `group` group that change one. */
export function groupChangeCommands(group: Command, wiring: Wiring): void {
  groupResetCommand(group, wiring)
  const remove = group
    .command('delete <name...>')
    .description('delete groups without members, and their offsets')
    .action((names: string[]) => wiring.client(remove, (session) => groupDelete(session, names)))
  wiring.example(remove, 'millrace group delete billing')
  const forget = group
    .command('delete-offsets <group>')
    .alias('offset-delete')
    .description('delete what a group has committed of topics that it does not read')
    .requiredOption(
      '-t, --topic <name>',
      'of this topic, or of NAME:PARTITION,PARTITION; repeatable',
      collectNames,
    )
    .option('-p, --partition <number>', 'of this partition of the topic only', parseWhole)
    .action((name: string, options: DeleteOffsetsOptions) =>
      wiring.client(forget, (session) => groupDeleteOffsets(session, name, options)),
    )
  wiring.example(forget, 'millrace group delete-offsets billing --topic orders')
}
