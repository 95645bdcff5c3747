import { isKafkaError } from '../src/client/client-error.ts'
import { listTopics } from '../src/client/topic-admin.ts'
import { EXIT_NOT_FOUND, EXIT_OK } from './exit-code.ts'
import { matchingNames } from './names.ts'
import { withNearNames } from './near-names.ts'
import { report, type Session } from './session.ts'

/** What `--regex` says in the help. */
export const REGEX_HELP = 'names are regular expressions, each for a whole name'

/** Topics as they were named; with `regex` those that an expression matches, internal ones never. */
export async function namedTopics(
  { cluster }: Session,
  words: readonly string[],
  options: { regex?: boolean },
): Promise<string[]> {
  if (options.regex !== true) return [...words]
  const known = (await listTopics(cluster)).filter(({ internal }) => !internal).map(({ name }) => name)
  return matchingNames(words, known, 'topic')
}

/**
 * Runs `action` on one name after the other, and goes on past one that the broker refuses. Resolves to the exit code:
 * that of a failure, before that of something that is not there.
 */
export async function forEachName(
  { io, json, cluster }: Session,
  names: readonly string[],
  action: (name: string, index: number) => Promise<void>,
): Promise<number> {
  let exitCode = EXIT_OK
  for (const [index, name] of names.entries()) {
    try {
      await action(name, index)
    } catch (error) {
      if (!isKafkaError(error)) throw error
      const failed = report(io, json, await withNearNames(cluster, error))
      if (exitCode === EXIT_OK || failed !== EXIT_NOT_FOUND) exitCode = failed
    }
  }
  return exitCode
}
