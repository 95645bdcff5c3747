import { int, list, long, string } from '../../base/options.ts'
import { hostCounts } from './checks.ts'
import { AUTHZ, BACKLOG, KERNEL, LISTENERS_STAY, LOOP, ONE, RATE, SEND_BUFFER } from './reasons.ts'

/** Listeners, connections and frames. */
export const networkOptions = {
  'advertised.listeners': list(
    null,
    'Addresses handed to clients, NAME://host:port each; without it a client is told the address it dialled.',
  ),
  'connections.max.idle.ms': long('600000', 'Time without a request after which a connection is closed, ms.'),
  'connections.max.silent.ms': long(
    '5000',
    'Time after which a new connection that has sent nothing at all is closed, ms; 0 for never.',
    { min: 0, own: true },
  ),
  'early.start.listeners': list(null, 'Listeners opened before the authorizer is ready.', {
    accepted: AUTHZ,
  }),
  'inter.broker.listener.name': string(null, 'Listener that the brokers use among themselves.', {
    accepted: ONE,
  }),
  'listener.security.protocol.map': string(
    'SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT',
    'Security protocol of each listener name, NAME:PROTOCOL each.',
    { differs: LISTENERS_STAY },
  ),
  listeners: list(
    'PLAINTEXT://:9092',
    'Addresses the broker binds, NAME://host:port each; an empty host binds every interface.',
    { differs: LISTENERS_STAY },
  ),
  'max.connection.creation.rate': int(
    '2147483647',
    'New connections a second, of all listeners together; further ones wait for their turn. 0 counts as 1.',
    { min: 0, dynamic: true, differs: RATE },
  ),
  'max.connections': int(
    '2147483647',
    'Open connections of this broker; further ones are closed at once. Never more than the open files of the process leave beside the shares of logs and others.',
    { min: 0, dynamic: true },
  ),
  'max.connections.per.ip': int('2147483647', 'Open connections of one client address.', {
    min: 0,
    dynamic: true,
  }),
  'max.connections.per.ip.overrides': string(
    '',
    'Exceptions to max.connections.per.ip, host:count each; a name stands for the addresses that it has when it is set.',
    { check: hostCounts, dynamic: true },
  ),
  'num.io.threads': int('8', 'Threads that handle requests.', { min: 1, dynamic: true, accepted: LOOP }),
  'num.network.threads': int('3', 'Threads that read and write sockets.', {
    min: 1,
    dynamic: true,
    accepted: LOOP,
  }),
  'queued.max.request.bytes': long(
    '-1',
    'Bytes of requests held in memory before sockets are no longer read; -1 for the built-in bound of 256 MiB. One request of the largest size always fits.',
    { differs: 'Kafka has no bound at -1' },
  ),
  'queued.max.response.bytes': long(
    '536870912',
    'Bytes of answers, without their records, that are in memory since clients have not read them; beyond, the connections that keep most are closed.',
    { min: 1048576, own: true },
  ),
  'queued.max.requests': int(
    '500',
    'Requests waiting for a handler thread before sockets are no longer read.',
    { min: 1, accepted: LOOP },
  ),
  'waiting.max.request.bytes': long(
    '67108864',
    'What requests may keep in memory that wait for others, as a fetch for records, beside those that are worked on. Beyond it a large fetch is answered at once, with what there is.',
    { min: 0, own: true },
  ),
  'request.timeout.ms': int('30000', 'Time a request of this broker to another may take, ms.', {
    accepted: ONE,
  }),
  'socket.connection.setup.timeout.max.ms': long(
    '30000',
    'Longest time given to setting up a connection to another broker, ms.',
    { accepted: ONE },
  ),
  'socket.connection.setup.timeout.ms': long(
    '10000',
    'First time given to setting up a connection to another broker, ms.',
    { accepted: ONE },
  ),
  'socket.listen.backlog.size': int('50', 'Connections the kernel queues before they are accepted.', {
    differs: BACKLOG,
    min: 1,
  }),
  'socket.receive.buffer.bytes': int(
    '102400',
    "Receive buffer of a socket, bytes; -1 for the kernel's choice.",
    { accepted: KERNEL },
  ),
  'socket.request.max.bytes': int(
    '104857600',
    'Largest request frame, bytes; a larger one closes the connection.',
    { min: 1 },
  ),
  'socket.send.buffer.bytes': int('102400', "Send buffer of a socket, bytes; -1 for the kernel's choice.", {
    differs: SEND_BUFFER,
  }),
}
