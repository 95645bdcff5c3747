import type { BrokerOptions } from '../src/broker/options.ts'
import { type Address, formatAddress } from '../src/client/address.ts'
import type { Io } from './io.ts'
import { BOOTSTRAP_DEFAULT } from './session.ts'
import type { RunningBroker } from './start-broker.ts'
import { VERSION } from './version.ts'

/** What a person is shown whose broker is ready: where, what, and how to go on. */
export function startScreen(io: Io, broker: RunningBroker, options: BrokerOptions): string {
  const styled = (on: number, off: number) => (text: string) =>
    io.colourOut ? `\x1b[${on}m${text}\x1b[${off}m` : text
  const bold = styled(1, 22)
  const dim = styled(2, 22)
  const address = formatAddress(dialled(broker.listeners[0] ?? { host: '127.0.0.1', port: 9092 }))
  const option = address === BOOTSTRAP_DEFAULT ? '' : ` --bootstrap ${address}`
  const command = commandName(io.variables)
  const facts: readonly (readonly [name: string, value: string])[] = [
    [
      'listens at',
      `${broker.listeners.map(formatAddress).join(', ')} ${dim('(Kafka protocol, without TLS)')}`,
    ],
    ['HTTP', httpFact(broker, dim)],
    ['data', broker.dataDirectory],
    ['durability', durabilityFact(options)],
    ['broker', `node ${broker.nodeId} of cluster ${broker.clusterId}`],
  ]
  return `${bold(`Millrace ${VERSION} is ready`)}

${facts.map(([name, value]) => `  ${name.padEnd(10)}  ${value}`).join('\n')}

Use it from another terminal:
  echo hello | ${command} produce greetings${option}
  ${command} consume greetings${option}
or with any Kafka client:
  kcat -b ${address} -L
  new Kafka({ brokers: ['${address}'] })  ${dim('// kafkajs')}

${command} --help lists what else there is, docs/operations.md tells how to run it. Ctrl-C or SIGTERM stops it.
`
}

/**
 * What a shell knows this program by: how the file beside package.json of a clone was called, or that file, where npm
 * started it; else, of npm, `npx`.
 */
function commandName(variables: Io['variables']): string {
  const called = variables['MILLRACE_COMMAND']
  if (called !== undefined && called !== '') return called
  if (variables['npm_execpath'] === undefined) return 'millrace'
  return variables['npm_package_name'] === 'millrace' ? './millrace' : 'npx millrace'
}

function httpFact({ http }: RunningBroker, dim: (text: string) => string): string {
  if (http === null) return `off ${dim('(--http 127.0.0.1:9644 serves health, metrics and profiles)')}`
  const url = `http://${formatAddress(dialled(http))}`
  return `${url}/health/ready, ${url}/metrics`
}

function durabilityFact(options: BrokerOptions): string {
  return options.get('durability') === 'fsync'
    ? 'acks=all is answered when the records are on the disk (fsync)'
    : 'acks=all is answered before the records are on the disk (durability=cached)'
}

/** An address that a client on this machine can use: a wildcard cannot be dialled. */
function dialled({ host, port }: Address): Address {
  return { host: host === '0.0.0.0' || host === '::' || host === '' ? '127.0.0.1' : host, port }
}
