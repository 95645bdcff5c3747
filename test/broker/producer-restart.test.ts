import { expect, it } from 'vitest'
import { batchOf, produce } from '../support/data-requests.ts'
import { MemoryBroker } from '../support/memory-broker.ts'

it('G1, G5: what a producer repeats after a restart is recognized among its last five batches', async () => {
  const broker = await MemoryBroker.start()
  await broker.createTopic(await broker.connect(), 'repeated')
  const send = async (sequence: number) => {
    const batch = batchOf(['v'], { producerId: 7, producerEpoch: 0, baseSequence: sequence })
    const { errorCode, baseOffset } = await produce(await broker.connect(), 'repeated', batch)
    return { errorCode, baseOffset }
  }
  for (let sequence = 0; sequence < 3; sequence++) await send(sequence)
  await broker.restart()
  for (const sequence of [0, 1, 2, 3]) {
    expect(await send(sequence)).toEqual({ errorCode: 0, baseOffset: sequence })
  }
  await broker.stop()
})
