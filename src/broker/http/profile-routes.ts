import type { HttpAnswer, HttpRequest, HttpRoute } from './http-routes.ts'
import { problemAnswer } from './problem.ts'
import type { ProfileKind, Profiler } from './profiler.ts'

const SECONDS_DEFAULT = 10
const SECONDS_MAX = 300
const MS_OF_SECOND = 1000

/** `/debug/profile/...`: for this machine only, unless everybody may. */
export function profileRoutes(profiler: Profiler, isForEverybody: boolean): readonly HttpRoute[] {
  const audience = isForEverybody ? 'anyone' : 'machine'
  const route = (name: string, handle: HttpRoute['handle']): HttpRoute => ({
    method: 'GET',
    path: `/debug/profile/${name}`,
    audience,
    handle,
  })
  return [
    route('cpu', (request) => take(profiler, 'cpu', request)),
    route('heap', (request) => take(profiler, 'heap', request)),
    route('heap-snapshot', () => snapshot(profiler)),
  ]
}

async function take(profiler: Profiler, kind: ProfileKind, request: HttpRequest): Promise<HttpAnswer> {
  const { seconds = String(SECONDS_DEFAULT) } = request.query
  const durationMs = /^\d+(\.\d+)?$/.test(seconds) ? Number(seconds) * MS_OF_SECOND : Number.NaN
  if (!(durationMs > 0 && durationMs <= SECONDS_MAX * MS_OF_SECOND))
    return problemAnswer('bad-request', `seconds must be a number above 0 and up to ${SECONDS_MAX}`)
  if (profiler.isRunning) return busy()
  const stop = (): void => profiler.stop()
  request.aborted.addEventListener('abort', stop)
  const profile = await profiler.take(kind, durationMs)
  request.aborted.removeEventListener('abort', stop)
  return profile === null
    ? busy()
    : {
        status: 200,
        contentType: 'application/json',
        headers: asFile(`millrace.${kind}profile`),
        body: profile,
      }
}

function snapshot(profiler: Profiler): HttpAnswer {
  if (profiler.isRunning) return busy()
  return {
    status: 200,
    contentType: 'application/json',
    headers: asFile('millrace.heapsnapshot'),
    body: profiler.heapSnapshot(),
  }
}

function busy(): HttpAnswer {
  return problemAnswer('profile-running', 'wait until the other one is done')
}

function asFile(name: string): Record<string, string> {
  return { 'content-disposition': `attachment; filename="${name}"` }
}
