import { ByteAccount } from '../base/byte-account.ts'
import { ByteBudget } from '../base/byte-budget.ts'
import type { BrokerSettings } from './broker-settings.ts'
import { dynamicNumber, dynamicOption } from './dynamic-number.ts'
import type { MetadataNode } from './metadata/metadata-node.ts'
import { AcceptRate } from './net/accept-rate.ts'
import type { Dispatcher } from './net/dispatcher.ts'
import { FrameMemory } from './net/frame-memory.ts'
import { HostLimits } from './net/host-limits.ts'
import { loadKernelCalls } from './net/kernel-calls.ts'
import { Listener } from './net/listener.ts'
import { RegionSender } from './net/sendfile.ts'
import { UnreadAnswers } from './net/unread-answers.ts'

/**
 * With less the sender is woken too often; with what the kernel allows by itself, 4 MiB, so much is under way that it has
 * left the processor's caches when the reader comes to it: two thirds of the throughput (docs/benchmarks.md).
 */
const SEND_BUFFER_BYTES = 262_144

/** Opens every listener or none. */
export async function openListeners(
  { options, environment, logger, descriptors }: BrokerSettings,
  dispatcher: Dispatcher,
  metadata: MetadataNode,
): Promise<readonly Listener[]> {
  const budget = new ByteBudget(options.requestMemoryBytes)
  const unread = new UnreadAnswers(options.get('queued.max.response.bytes'))
  const waiting = new ByteAccount(options.get('waiting.max.request.bytes'))
  const sender = new RegionSender(loadKernelCalls())
  const memory = new FrameMemory({ recycling: true })
  const connectionsMax = dynamicNumber('max.connections', options, metadata)
  const connectionsPerHostMax = dynamicNumber('max.connections.per.ip', options, metadata)
  const overrides = dynamicOption('max.connections.per.ip.overrides', options, metadata)
  const hostLimits = new HostLimits(logger)
  const acceptRate = new AcceptRate(
    environment,
    dynamicNumber('max.connection.creation.rate', options, metadata),
  )
  const backlog =
    options.setText('socket.listen.backlog.size') === null
      ? undefined
      : options.get('socket.listen.backlog.size')
  const sendBufferBytes =
    options.setText('socket.send.buffer.bytes') === null
      ? SEND_BUFFER_BYTES
      : options.get('socket.send.buffer.bytes')
  const listeners = options.listeners.map(
    ({ name, host, port }) =>
      new Listener({
        name,
        host,
        port,
        dispatcher,
        budget,
        waiting,
        unread,
        sender,
        memory,
        environment,
        logger,
        frameBytesMax: options.get('socket.request.max.bytes'),
        idleMsMax: options.get('connections.max.idle.ms'),
        silentMsMax: options.get('connections.max.silent.ms'),
        get connectionsMax() {
          return connectionsMax()
        },
        descriptors,
        connectionsPerHostMax: (client) => hostLimits.limitOf(client, overrides()) ?? connectionsPerHostMax(),
        acceptRate,
        backlog,
        sendBufferBytes: sendBufferBytes < 0 ? undefined : sendBufferBytes,
      }),
  )
  const opened: Listener[] = []
  try {
    for (const listener of listeners) {
      await listener.listen()
      opened.push(listener)
    }
    return listeners
  } catch (error) {
    await Promise.all(opened.map((listener) => listener.close(0)))
    throw error
  }
}
