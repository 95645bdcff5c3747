import { fetchRequest } from './fetch-load.ts'
import { openAll } from './many-connections.ts'
import type { Orders, PullOutcome, PullTask } from './wire-tasks.ts'

/** Asks for answers as fast as they come, and looks at nothing but their length. */
export async function pullLoad(task: PullTask, orders: Orders): Promise<PullOutcome> {
  const [connection] = await openAll(task.port, 1)
  const request = fetchRequest('limit', { partition: 0, offset: 0 }, task.answerBytes)
  await orders.ready()
  const startMs = performance.now()
  let bytes = 0
  await new Promise<void>((resolve, reject) => {
    connection!.onClose(() => reject(new Error('the program closed the connection')))
    const next = (): void => {
      connection!.send(request, (frame) => {
        bytes += frame.length
        if (bytes >= task.bytes) resolve()
        else next()
      })
    }
    for (let index = 0; index < task.inFlight; index++) next()
  })
  const seconds = (performance.now() - startMs) / 1000
  connection!.close()
  return { bytes, seconds }
}
