import { nearestNames } from '../src/base/options.ts'
import { ClientError, KafkaError, type Subject } from '../src/client/client-error.ts'
import type { Cluster } from '../src/client/cluster.ts'
import { listGroups } from '../src/client/group-admin.ts'
import { listTopics } from '../src/client/topic-admin.ts'
import { listTransactions } from '../src/client/transaction-admin.ts'

/** What a broker answers about a name that it does not know. */
export const NOT_FOUND: ReadonlySet<string> = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'UNKNOWN_TOPIC_ID',
  'GROUP_ID_NOT_FOUND',
  'TRANSACTIONAL_ID_NOT_FOUND',
])

/** `did you mean orders or borders?`, of the names that the cluster has; null where none comes near. */
export async function nearNames(cluster: Cluster, subject: Subject): Promise<string | null> {
  try {
    const near = nearestNames(subject.name, await knownNames(cluster, subject))
    return near.length === 0 ? null : `did you mean ${near.join(' or ')}?`
  } catch (error) {
    // It is advice: what it is added to is told without it.
    if (error instanceof ClientError) return null
    throw error
  }
}

/** An error about a name that is not there, with those that come near; any other as it is. */
export async function withNearNames(cluster: Cluster, error: unknown): Promise<unknown> {
  if (!(error instanceof KafkaError) || !NOT_FOUND.has(error.name) || error.subject === null) return error
  const near = await nearNames(cluster, error.subject)
  return near === null ? error : error.advising(near)
}

async function knownNames(cluster: Cluster, { kind, name }: Subject): Promise<string[]> {
  switch (kind) {
    case 'topic':
      return (await listTopics(cluster))
        .filter((topic) => !topic.internal || name.startsWith('_'))
        .map((topic) => topic.name)
    case 'group':
      return (await listGroups(cluster)).map(({ groupId }) => groupId)
    case 'transaction':
      return (await listTransactions(cluster)).map(({ transactionalId }) => transactionalId)
    case 'broker':
      return []
  }
}
