import { errorName } from '../../protocol/error-codes.ts'
import type { ApiCounters } from '../net/dispatcher.ts'
import type { Listener } from '../net/listener.ts'
import type { Traffic } from '../net/traffic.ts'
import {
  durationSamples,
  type MetricFamily,
  type MetricSource,
  type Sample,
  single,
} from './metric-family.ts'

/** Requests by API, connections by listener, and the memory that requests take. */
export function networkMetrics(apis: readonly ApiCounters[], listeners: readonly Listener[]): MetricSource {
  return {
    families: [...requestFamilies(apis), ...memoryFamilies(listeners), ...listenerFamilies(listeners)],
  }
}

function requestFamilies(apis: readonly ApiCounters[]): readonly MetricFamily[] {
  return [
    {
      name: 'millrace_requests_total',
      type: 'counter',
      labels: ['api'],
      help: 'Requests that were handled.',
      read: () => apis.map(({ name, requests }) => ({ labels: { api: name }, value: requests })),
    },
    {
      name: 'millrace_request_errors_total',
      type: 'counter',
      labels: ['api', 'error'],
      help: 'Error codes in answers; one answer may carry many, one for each partition.',
      *read() {
        for (const { name, errors } of apis)
          for (const [code, value] of errors) yield { labels: { api: name, error: errorName(code) }, value }
      },
    },
    {
      name: 'millrace_request_faults_total',
      type: 'counter',
      labels: ['api'],
      help: 'Requests that closed their connection, malformed ones above all.',
      read: () => apis.map(({ name, faults }) => ({ labels: { api: name }, value: faults })),
    },
    {
      name: 'millrace_request_duration_seconds',
      type: 'histogram',
      labels: ['api'],
      help: 'Time from a whole request to its encoded answer, with the waiting that it asked for.',
      *read() {
        for (const { name, durations } of apis)
          if (durations !== null && durations.count > 0) yield* durationSamples({ api: name }, durations)
      },
    },
  ]
}

function memoryFamilies(listeners: readonly Listener[]): readonly MetricFamily[] {
  const budget = listeners[0]?.budget
  const waiting = listeners[0]?.waiting
  const unread = listeners[0]?.unread
  return [
    single(
      'gauge',
      'millrace_unread_answer_memory_bytes',
      'Memory of answers that clients have not read, without their records.',
      () => unread?.usedBytes ?? 0,
    ),
    single(
      'gauge',
      'millrace_unread_answer_memory_limit_bytes',
      'Bound of the memory of unread answers.',
      () => unread?.capacityBytes ?? 0,
    ),
    single(
      'gauge',
      'millrace_waiting_request_memory_bytes',
      'Memory of requests that wait for others: parked fetches, members before their generation.',
      () => waiting?.usedBytes ?? 0,
    ),
    single(
      'gauge',
      'millrace_waiting_request_memory_limit_bytes',
      'Bound of the memory of requests that wait for others.',
      () => waiting?.capacityBytes ?? 0,
    ),
    single(
      'gauge',
      'millrace_request_memory_bytes',
      'Memory of requests that are not answered.',
      () => budget?.usedBytes ?? 0,
    ),
    single(
      'gauge',
      'millrace_request_memory_limit_bytes',
      'Bound of the memory of requests.',
      () => budget?.capacityBytes ?? 0,
    ),
    single(
      'gauge',
      'millrace_request_memory_waiting',
      'Connections that are not read on until there is memory for their next request.',
      () => budget?.waitingCount ?? 0,
    ),
  ]
}

function listenerFamilies(listeners: readonly Listener[]): readonly MetricFamily[] {
  const counted = (name: string, help: string, value: (traffic: Traffic) => number): MetricFamily => ({
    name,
    type: 'counter',
    labels: ['listener'],
    help,
    read: () =>
      listeners.map((listener) => ({ labels: { listener: listener.name }, value: value(listener.traffic) })),
  })
  return [
    {
      name: 'millrace_connections',
      type: 'gauge',
      labels: ['listener'],
      help: 'Clients that are connected.',
      read: () =>
        listeners.map(({ name, connectionCount }) => ({
          labels: { listener: name },
          value: connectionCount,
        })),
    },
    counted(
      'millrace_connections_accepted_total',
      'Clients that were let in.',
      (traffic) => traffic.acceptedCount,
    ),
    {
      name: 'millrace_connections_refused_total',
      type: 'counter',
      labels: ['listener', 'reason'],
      help: 'Clients that were turned away.',
      read: () => listeners.flatMap(refusals),
    },
    {
      name: 'millrace_connections_silent_total',
      type: 'counter',
      labels: ['listener'],
      help: 'Clients that were closed because they said nothing.',
      read: () =>
        listeners.map(({ name, silentCount }) => ({ labels: { listener: name }, value: silentCount })),
    },
    counted(
      'millrace_network_received_bytes_total',
      'Bytes of whole requests.',
      (traffic) => traffic.receivedBytes,
    ),
    counted(
      'millrace_network_sent_bytes_total',
      'Bytes of answers that were handed to their connections.',
      (traffic) => traffic.sentBytes,
    ),
  ]
}

function refusals({ name, traffic }: Listener): readonly Sample[] {
  return [...traffic.refused].map(([reason, value]) => ({ labels: { listener: name, reason }, value }))
}
