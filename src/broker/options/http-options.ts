import { boolean, int, string } from '../../base/options.ts'

const HOST_PORT = /^(?:\[[0-9a-fA-F:.%\w]+\]|[^:\s/[\]]+)?:(\d{1,5})$/

function hostAndPort(text: string): string | null {
  const match = HOST_PORT.exec(text.trim())
  return match !== null && Number(match[1]) <= 65535
    ? null
    : 'Value must be HOST:PORT, or :PORT for every interface'
}

/** The HTTP listener, and what is shown there. */
export const httpOptions = {
  'http.listener': string(
    null,
    'HOST:PORT where health, metrics and profiles are served over HTTP; port 0 takes a free one, :PORT is on every interface. Without it there is no such listener.',
    { own: true, check: hostAndPort },
  ),
  'http.max.connections': int('64', 'HTTP connections at once; beyond, the newest is closed.', {
    min: 1,
    own: true,
  }),
  'http.request.max.bytes': int('65536', 'Largest body of an HTTP request, bytes.', { min: 0, own: true }),
  'http.header.timeout.ms': int(
    '10000',
    'Time that an HTTP client has for the head of a request, ms; for the whole of it twice that.',
    { min: 100, own: true },
  ),
  'http.profiles.remote': boolean(
    'false',
    'Serves profiles of the process not only to this machine. A heap snapshot holds records.',
    { own: true },
  ),
  'metrics.topics.max': int(
    '100',
    'Topics with metrics of their own; the others are added up as the topic __other.',
    { min: 0, own: true },
  ),
  'metrics.partitions.max': int(
    '1000',
    'Partitions with metrics of their own, and pairs of a group and a partition with a lag of their own.',
    { min: 0, own: true },
  ),
  'metrics.groups.max': int('100', 'Consumer groups with metrics of their own.', { min: 0, own: true }),
}
