import { isInternalTopic, isReservedTopic } from '../../metadata/internal-topics.ts'
import { BROKER_DEFAULT, type TopicCreation } from '../../metadata/metadata-command.ts'
import { topicNameFault } from '../../metadata/topic-name.ts'
import { within } from '../deadline.ts'
import type { AdminPorts } from './ports.ts'

/** Topics that one request may bring about; more come with the client's next try. */
export const AUTO_CREATED_MAX = 100

/** How long an answer may wait for topics that it brought about. */
export const AUTO_CREATION_WAIT_MS = 1000

/**
 * Creates topics because somebody asked about them (C2). Requests for the same name share one creation, and all of them
 * wait for it, at most AUTO_CREATION_WAIT_MS.
 */
export class TopicAutoCreation {
  readonly #ports: AdminPorts
  readonly #underWay = new Map<string, Promise<void>>()

  constructor(ports: AdminPorts) {
    this.#ports = ports
  }

  /** Whether a client that asks for this topic brings it about, or waits for others who do. */
  concerns(name: string): boolean {
    if (this.#underWay.has(name)) return true
    return (
      this.#ports.options.get('auto.create.topics.enable') &&
      !this.#ports.metadata.image.topics.has(name) &&
      topicNameFault(name) === null &&
      (!isReservedTopic(name) || isInternalTopic(name))
    )
  }

  /** Has the topics created. Resolves when they are ready, refused, or late; the image says which. */
  async create(names: readonly string[]): Promise<void> {
    const wanted = names.slice(0, AUTO_CREATED_MAX)
    const fresh = wanted.filter((name) => !this.#underWay.has(name))
    const ordinary = fresh.filter((name) => !isInternalTopic(name))
    if (ordinary.length > 0) this.#track(ordinary, this.#createOrdinary(ordinary))
    for (const name of fresh) if (isInternalTopic(name)) this.#track([name], this.#createInternal(name))
    const all = Promise.all(wanted.map((name) => this.#underWay.get(name)))
    await within(this.#ports.environment, AUTO_CREATION_WAIT_MS, all, undefined)
  }

  #track(names: readonly string[], creation: Promise<void>): void {
    const tracked = creation.finally(() => {
      for (const name of names) this.#underWay.delete(name)
    })
    for (const name of names) this.#underWay.set(name, tracked)
  }

  async #createOrdinary(names: readonly string[]): Promise<void> {
    const creations = names.map(
      (name): TopicCreation => ({
        name,
        partitionCount: BROKER_DEFAULT,
        replicationFactor: BROKER_DEFAULT,
        assignment: null,
        configs: [],
      }),
    )
    const outcome = await this.#ports.metadata.createTopics(creations, false)
    if ('refused' in outcome) return
    await Promise.all(
      outcome.topics.map(({ topic }) => (topic === null ? true : this.#ports.partitions.ready(topic.id))),
    )
  }

  async #createInternal(name: string): Promise<void> {
    const topic = await this.#ports.metadata.ensureInternalTopic(name)
    if (topic !== null) await this.#ports.partitions.ready(topic.id)
  }
}
