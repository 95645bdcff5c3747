import { ByteBudget } from '../base/byte-budget.ts'
import type { BrokerSettings } from './broker-settings.ts'
import type { Dispatcher } from './net/dispatcher.ts'
import { FrameMemory } from './net/frame-memory.ts'
import { loadKernelCalls } from './net/kernel-calls.ts'
import { Listener } from './net/listener.ts'
import { RegionSender } from './net/sendfile.ts'

/** Opens every listener or none. */
export async function openListeners(
  { options, environment, logger }: BrokerSettings,
  dispatcher: Dispatcher,
): Promise<readonly Listener[]> {
  const budget = new ByteBudget(options.requestMemoryBytes)
  const sender = new RegionSender(loadKernelCalls())
  const memory = new FrameMemory({ recycling: true })
  const listeners = options.listeners.map(
    ({ name, host, port }) =>
      new Listener({
        name,
        host,
        port,
        dispatcher,
        budget,
        sender,
        memory,
        environment,
        logger,
        frameBytesMax: options.get('socket.request.max.bytes'),
        idleMsMax: options.get('connections.max.idle.ms'),
        connectionsMax: options.get('max.connections'),
        connectionsPerHostMax: options.get('max.connections.per.ip'),
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
