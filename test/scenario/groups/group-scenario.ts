import { ManualEnvironment } from '../../../src/base/environment.ts'
import { silentLogger } from '../../../src/base/logger.ts'
import { ZERO_UUID } from '../../../src/base/uuid.ts'
import { groupCodec } from '../../../src/broker/coordinator/groups/group-codec.ts'
import {
  GROUP_CONFIG_DEFAULTS,
  type GroupConfig,
} from '../../../src/broker/coordinator/groups/group-config.ts'
import { GroupMachine } from '../../../src/broker/coordinator/groups/group-machine.ts'
import type {
  GroupCommand,
  GroupEvent,
  GroupReply,
  JoinReply,
} from '../../../src/broker/coordinator/groups/group-types.ts'
import { MemoryMachineLog } from '../../../src/broker/coordinator/memory-machine-log.ts'
import { MachineRuntime, type Refused } from '../../../src/broker/coordinator/runtime.ts'
import {
  defaultConsumerProtocolSubscription,
  writeConsumerProtocolSubscription,
} from '../../../src/protocol/generated/consumer-protocol.ts'
import { encodeVersioned } from '../../../src/protocol/versioned.ts'

/**
 * Plays a script of commands to one group machine in its runtime, on a manual clock, and writes down what is answered
 * and when. A line of a script:
 *
 *   # a remark                               config delay=3000 max=2
 *   A: join g session=10000 rebalance=60000 protocols=range,sticky topics=t,u instance=i old known-nothing
 *   A: sync g A=x,B=y                        A: heartbeat g          A: leave g          A: remove g i
 *   A: commit g t-0=5,t-1=6                  A: commit g t-0=5 alone
 *   fetch g      describe g      list        delete g                advance 3000        restart
 *   M*500: join g                            (as M1 to M500; equal answers are counted)
 *
 * `old`: a client before member ids were required. Lines that are indented are what was answered. Member ids read as
 * the client's name and how many ids it has had.
 */
export async function play(script: string): Promise<string> {
  const scenario = new Scenario()
  const lines: string[] = []
  for (const line of script.split('\n')) {
    if (line.startsWith('  ')) continue
    lines.push(line)
    if (line === '' || line.startsWith('#')) continue
    await scenario.run(line)
    lines.push(...scenario.takeAnswers())
  }
  return lines.join('\n')
}

interface Client {
  readonly name: string
  memberId: string
  generation: number
  ids: number
}

type Options = ReadonlyMap<string, string>

class Scenario {
  #config: GroupConfig = GROUP_CONFIG_DEFAULTS
  readonly #environment = new ManualEnvironment()
  #log = new MemoryMachineLog()
  #runtime: MachineRuntime<GroupCommand, GroupEvent, GroupReply> | null = null
  readonly #clients = new Map<string, Client>()
  readonly #aliases = new Map<string, string>()
  #answers: { atMs: number; name: string; reply: GroupReply | Refused }[] = []
  #commandMs = 0

  async run(line: string): Promise<void> {
    this.#commandMs = this.#environment.monotonicMs()
    const [subject, rest] = line.includes(': ') ? splitOnce(line, ': ') : [null, line]
    const words = rest.split(' ').filter((word) => word !== '')
    if (words[0] === 'config') this.#configure(optionsOf(words.slice(1)))
    else if (words[0] === 'advance') await this.#advance(Number(words[1]))
    else {
      this.#runtime ??= await this.#start()
      if (words[0] === 'restart') await this.#restart()
      else if (subject === null) this.#submit('', this.#adminCommand(words))
      else
        for (const client of this.#clientsOf(subject)) this.#submit(client.name, this.#command(client, words))
    }
    await this.#settle()
  }

  /** What was answered since the last call, equal answers of many clients in one line. */
  takeAnswers(): string[] {
    const counted = new Map<string, string[]>()
    for (const { atMs, name, reply } of this.#answers) {
      const delayMs = Math.round(atMs - this.#commandMs)
      const key = `${delayMs === 0 ? '' : `[+${delayMs}] `}|${this.#print(reply)}`
      const names = counted.get(key)
      if (names === undefined) counted.set(key, [name])
      else names.push(name)
    }
    this.#answers = []
    return [...counted].map(([key, names]) => {
      const [time, text] = splitOnce(key, '|')
      const who = names.length > 4 ? `${names.length} of them` : names.join(' ')
      return `  ${time}${who === '' ? '' : `${who} <- `}${text}`
    })
  }

  async #start(): Promise<MachineRuntime<GroupCommand, GroupEvent, GroupReply>> {
    const runtime = new MachineRuntime({
      machine: new GroupMachine(this.#config),
      codec: groupCodec,
      log: this.#log,
      environment: this.#environment,
      logger: silentLogger,
      batchBytesMax: 1_000_000,
    })
    await runtime.start()
    return runtime
  }

  async #restart(): Promise<void> {
    this.#runtime?.close()
    this.#log = new MemoryMachineLog({ batches: this.#log.batches })
    this.#runtime = await this.#start()
  }

  #configure(options: Options): void {
    const delay = options.get('delay')
    this.#config = {
      ...this.#config,
      membersMax: Number(options.get('max') ?? this.#config.membersMax),
      initialRebalanceDelayMs: delay === undefined ? null : Number(delay),
    }
  }

  async #advance(byMs: number): Promise<void> {
    const stepMs = Math.max(1, Math.min(50, byMs))
    for (let leftMs = byMs; leftMs > 0; leftMs -= stepMs) {
      this.#environment.advance(Math.min(stepMs, leftMs))
      await this.#settle()
    }
  }

  async #settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
  }

  #clientsOf(subject: string): Client[] {
    const [name, count] = subject.split('*')
    if (count === undefined) return [this.#client(subject)]
    return Array.from({ length: Number(count) }, (_, index) => this.#client(`${name}${index + 1}`))
  }

  #client(name: string): Client {
    let client = this.#clients.get(name)
    if (client === undefined) {
      client = { name, memberId: '', generation: -1, ids: 0 }
      this.#clients.set(name, client)
    }
    return client
  }

  #submit(name: string, command: GroupCommand): void {
    void this.#runtime!.submit(command).then((reply) => {
      if ('kind' in reply && reply.kind === 'join') this.#learn(name, reply)
      this.#answers.push({ atMs: this.#environment.monotonicMs(), name, reply })
    })
  }

  #learn(name: string, reply: JoinReply): void {
    const client = this.#client(name)
    client.generation = reply.generation
    if (reply.memberId !== client.memberId && reply.memberId !== '') {
      client.memberId = reply.memberId
      client.ids++
      this.#aliases.set(reply.memberId, client.ids === 1 ? name : `${name}'${client.ids}`)
    }
    if (reply.error === 'UNKNOWN_MEMBER_ID') client.memberId = ''
  }

  #command(client: Client, words: readonly string[]): GroupCommand {
    const [verb, groupId] = words as [string, string]
    const options = optionsOf(words.slice(2))
    const { memberId, generation } = client
    const instanceId = options.get('instance') ?? null
    const member = { groupId, memberId, generation, instanceId }
    switch (verb) {
      case 'join':
        return this.#join(client, groupId, options)
      case 'sync': {
        const assignments = [...options].map(([name, assignment]) => ({
          memberId: this.#clients.get(name)?.memberId ?? name,
          assignment: Buffer.from(assignment),
        }))
        return { kind: 'sync', ...member, instanceId: null, protocolType: null, protocol: null, assignments }
      }
      case 'heartbeat':
        return { kind: 'heartbeat', ...member }
      case 'leave':
        return { kind: 'leave', groupId, members: [{ memberId, instanceId }] }
      case 'remove':
        return { kind: 'leave', groupId, members: [{ memberId: '', instanceId: words[2]! }] }
      case 'commit': {
        const isAlone = options.has('alone')
        const offsets = [...options]
          .filter(([name]) => name !== 'alone' && name !== 'instance')
          .map(([name, offset]) => {
            const [topic, partition] = splitOnce(name, '-')
            return {
              topic,
              topicId: ZERO_UUID,
              partition: Number(partition),
              offset: Number(offset),
              leaderEpoch: -1,
              metadata: '',
            }
          })
        const who = isAlone ? { memberId: '', generation: -1, instanceId: null } : member
        return { kind: 'commit', ...who, groupId, retentionMs: -1, offsets }
      }
      default:
        throw new Error(`no such command: ${verb}`)
    }
  }

  #join(client: Client, groupId: string, options: Options): GroupCommand {
    const topics = (options.get('topics') ?? 't').split(',')
    const metadata = Buffer.from(
      encodeVersioned(writeConsumerProtocolSubscription, 1, {
        ...defaultConsumerProtocolSubscription(),
        topics,
        userData: Buffer.from(options.get('owned') ?? ''),
      }),
    )
    return {
      kind: 'join',
      groupId,
      memberId: options.has('anew') ? '' : client.memberId,
      instanceId: options.get('instance') ?? null,
      clientId: client.name,
      clientHost: '/10.0.0.1',
      sessionTimeoutMs: Number(options.get('session') ?? 10_000),
      rebalanceTimeoutMs: Number(options.get('rebalance') ?? 60_000),
      protocolType: options.get('type') ?? 'consumer',
      protocols: (options.get('protocols') ?? 'range').split(',').map((name) => ({ name, metadata })),
      memberIdRequired: !options.has('old'),
      canSkipAssignment: !options.has('old'),
    }
  }

  #adminCommand([verb, groupId]: readonly string[]): GroupCommand {
    switch (verb) {
      case 'fetch':
        return { kind: 'fetch-offsets', groupId: groupId!, topics: null, requireStable: true }
      case 'describe':
        return { kind: 'describe-groups', groupIds: [groupId!] }
      case 'list':
        return { kind: 'list-groups' }
      case 'delete':
        return { kind: 'delete-groups', groupIds: [groupId!] }
      default:
        throw new Error(`no such command: ${verb}`)
    }
  }

  #alias(memberId: string): string {
    return this.#aliases.get(memberId) ?? (memberId === '' ? '-' : '?')
  }

  #print(reply: GroupReply | Refused): string {
    if ('refused' in reply) return `refused ${reply.refused}`
    switch (reply.kind) {
      case 'join': {
        if (reply.error !== 'NONE') return `join ${reply.error}`
        const members = reply.members.map(({ memberId }) => this.#alias(memberId))
        const list = members.length > 4 ? `${members.length} members` : members.join(',')
        const led = members.length === 0 ? '' : ` of ${list}`
        const skip = reply.skipAssignment ? ' (skip assignment)' : ''
        return `join ok, generation ${reply.generation} ${reply.protocol}, ${this.#alias(reply.leader)} leads${led}${skip}`
      }
      case 'sync':
        return reply.error === 'NONE' ? `sync ok "${reply.assignment}"` : `sync ${reply.error}`
      case 'heartbeat':
        return `heartbeat ${reply.error === 'NONE' ? 'ok' : reply.error}`
      case 'leave':
        return `leave ${[reply.error, ...reply.members.map(({ error }) => error)].join(' ')}`
      case 'commit':
        return `commit ${reply.errors.join(' ')}`
      case 'fetch-offsets':
        return `offsets ${reply.topics
          .flatMap(({ topic, partitions }) =>
            partitions.map(({ partition, offset, error }) =>
              error === 'NONE' ? `${topic}-${partition}=${offset}` : `${topic}-${partition} ${error}`,
            ),
          )
          .join(' ')}`
      case 'describe-groups':
        return reply.groups
          .map(({ groupId, state, protocol, members }) => {
            const list =
              members.length > 4
                ? `${members.length} members`
                : members
                    .map(({ memberId, assignment }) => `${this.#alias(memberId)}:"${assignment}"`)
                    .join(' ')
            return `${groupId} ${state} ${protocol} ${list}`.trim()
          })
          .join('; ')
      case 'list-groups':
        return `groups ${reply.groups.map(({ groupId, state }) => `${groupId}:${state}`).join(' ')}`.trim()
      case 'delete-groups':
        return `delete ${reply.groups.map(({ groupId, error }) => `${groupId} ${error}`).join(' ')}`
      default:
        return reply.kind
    }
  }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return [text.slice(0, at), text.slice(at + separator.length)]
}

/** `name=value` words, or bare names; commas inside `sync` and `commit` words separate further pairs. */
function optionsOf(words: readonly string[]): Options {
  const options = new Map<string, string>()
  for (const word of words) {
    const parts = (word.match(/=/g) ?? []).length > 1 ? word.split(',') : [word]
    for (const part of parts) {
      if (part.includes('=')) options.set(...splitOnce(part, '='))
      else options.set(part, '')
    }
  }
  return options
}
