import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Kafka, logLevel, type Message } from 'kafkajs'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { Broker, type BrokerOptions, MemoryFileSystem, OptionsError } from '../../src/index.ts'
import { packageRoot } from '../support/package-root.ts'

const brokers: Broker[] = []
/** What is left in it is a broker's of this file. */
const temporary = mkdtempSync(join(tmpdir(), 'millrace-embedded-'))
process.env['TMPDIR'] = temporary

afterAll(() => rmSync(temporary, { recursive: true }))

async function start(options: BrokerOptions = {}): Promise<Broker> {
  const broker = await Broker.start(options)
  brokers.push(broker)
  return broker
}

afterEach(async () => {
  await Promise.all(brokers.splice(0).map((broker) => broker.close()))
})

function kafkaOf(broker: Broker): Kafka {
  return new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING })
}

async function produce(broker: Broker, topic: string, messages: Message[]): Promise<void> {
  const producer = kafkaOf(broker).producer()
  await producer.connect()
  await producer.send({ topic, messages })
  await producer.disconnect()
}

async function consume(broker: Broker, topic: string, count: number): Promise<string[]> {
  const consumer = kafkaOf(broker).consumer({ groupId: `readers-of-${topic}` })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  const values: string[] = []
  await new Promise<void>((resolve, reject) => {
    const eachMessage = async ({ message }: { message: { value: Buffer | null } }) => {
      if (values.push(String(message.value)) === count) resolve()
    }
    consumer.run({ eachMessage }).catch(reject)
  })
  await consumer.disconnect()
  return values
}

test('a broker in memory serves real clients on a port of its own', async () => {
  const broker = await start({ topics: ['orders', { name: 'parts', partitions: 3 }] })
  expect(broker.bootstrap).toBe(`127.0.0.1:${broker.port}`)
  const admin = kafkaOf(broker).admin()
  await admin.connect()
  const { topics } = await admin.fetchTopicMetadata({ topics: ['orders', 'parts'] })
  await admin.disconnect()
  expect(topics.map(({ name, partitions }) => [name, partitions.length]).sort()).toEqual([
    ['orders', 1],
    ['parts', 3],
  ])
  await produce(broker, 'orders', [{ value: 'one' }, { value: 'two' }])
  expect(await consume(broker, 'orders', 2)).toEqual(['one', 'two'])
})

test('brokers side by side know nothing of each other', async () => {
  const [first, second] = await Promise.all([start({ topics: ['mine'] }), start()])
  expect(first.port).not.toBe(second.port)
  const admin = kafkaOf(second).admin()
  await admin.connect()
  expect(await admin.listTopics()).toEqual([])
  await admin.disconnect()
})

test('settings are Kafka\u2019s, as text, numbers or booleans, and a wrong one is named', async () => {
  const broker = await start({ settings: { 'num.partitions': 4, 'auto.create.topics.enable': true } })
  const admin = kafkaOf(broker).admin()
  await admin.connect()
  await admin.createTopics({ topics: [{ topic: 'four', numPartitions: -1 }] })
  expect((await admin.fetchTopicMetadata({ topics: ['four'] })).topics[0]!.partitions.length).toBe(4)
  await admin.disconnect()
  const wrong = Broker.start({ settings: { 'num.partition': 4 } })
  await expect(wrong).rejects.toThrow(OptionsError)
  await expect(wrong).rejects.toThrow('num.partitions')
})

describe('where the data lies', () => {
  test('a disk in memory outlives its broker when its owner keeps it', async () => {
    const disk = new MemoryFileSystem()
    const first = await Broker.start({ disk, topics: ['kept'] })
    await produce(first, 'kept', [{ value: 'still here' }])
    await first.close()
    const second = await start({ disk })
    expect(await consume(second, 'kept', 1)).toEqual(['still here'])
  })

  test('a temporary directory is gone with its broker', async () => {
    const broker = await Broker.start({ dataDirectory: 'temporary', topics: ['passing'] })
    expect(existsSync(join(broker.dataDirectory, 'passing-0'))).toBe(true)
    await produce(broker, 'passing', [{ value: 'by' }])
    expect(await consume(broker, 'passing', 1)).toEqual(['by'])
    await broker.close()
    expect(existsSync(broker.dataDirectory)).toBe(false)
  })

  test('a directory that is named stays, and is found again', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'millrace-test-'))
    try {
      const first = await Broker.start({ dataDirectory: directory, topics: ['lasting'] })
      await produce(first, 'lasting', [{ value: 'on' }])
      await first.close()
      const second = await start({ dataDirectory: directory })
      expect(await consume(second, 'lasting', 1)).toEqual(['on'])
      await second.close()
    } finally {
      rmSync(directory, { recursive: true })
    }
  })
})

describe('without a trace', () => {
  test('a failed start leaves no directory and no open port behind', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as { port: number }
    await expect(Broker.start({ port, dataDirectory: 'temporary' })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    })
    await expect(Broker.start({ topics: ['not a name'], dataDirectory: 'temporary' })).rejects.toThrow()
    expect(readdirSync(temporary)).toEqual([])
    await new Promise((resolve) => taken.close(resolve))
  })

  test('close may be called twice, and by `await using`', async () => {
    const broker = await Broker.start()
    await Promise.all([broker.close(), broker.close(), broker[Symbol.asyncDispose]()])
  })

  // In a process of its own: the test runner has timers and files too.
  test.each([
    ['memory', {}],
    ['temporary', {}],
    ['memory', { 'http.listener': '127.0.0.1:0' }],
  ])('no timer, descriptor or socket is left of a broker (%s, %j)', async (place, settings) => {
    const script = `
      import { readdirSync } from 'node:fs'
      import { get } from 'node:http'
      import { text } from 'node:stream/consumers'
      import { Broker } from ${JSON.stringify(join(packageRoot, 'dist/src/index.js'))}
      const life = async () => {
        const settings = ${JSON.stringify(settings)}
        const broker = await Broker.start({ dataDirectory: '${place}', topics: ['topic'], settings })
        const ask = (path) => new Promise((done) => get(broker.httpUrl + path, { agent: false }, (answer) => done(text(answer))))
        if (broker.httpUrl !== null) for (const path of ['/metrics', '/debug/profile/cpu?seconds=0.01']) await ask(path)
        await broker.close()
      }
      // What is loaded once (native code, the thread pool) stays.
      await life()
      const turns = async () => { for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate) }
      await turns()
      const descriptors = readdirSync('/proc/self/fd').length
      const resources = process.getActiveResourcesInfo().sort().join()
      await life()
      await turns()
      console.log(JSON.stringify({
        descriptors: readdirSync('/proc/self/fd').length - descriptors,
        resources: process.getActiveResourcesInfo().sort().join() === resources ? 'same' : process.getActiveResourcesInfo(),
        timers: process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length,
      }))`
    const { stdout } = await promisify(execFile)('node', ['--input-type=module', '-e', script])
    expect(JSON.parse(stdout)).toEqual({ descriptors: 0, resources: 'same', timers: 0 })
  })
})
