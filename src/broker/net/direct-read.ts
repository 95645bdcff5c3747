import { Socket } from 'node:net'

/** What reads into buffers of its own. Called by the loop: `target`, then `filled` when bytes have come. */
export interface DirectReader {
  /** Where the next read may write to: at least one byte, left alone by everybody until `filled` or the end. */
  target(): Buffer
  /** `count` bytes have been read to the beginning of the last target. The next target is asked for at once. */
  filled(count: number): void
}

/**
 * Makes an accepted socket read into the buffers of `reader` instead of allocating one for each read: a socket of its
 * own on the same handle, with the `onread` option that Node offers for connecting sockets only. The accepted one is
 * left without a handle, the server counts the new one in its place. It is paused, and half-open sockets are allowed.
 *
 * null, and nothing has happened, where the socket isn't as known: of a server without `pauseOnConnect`, TLS, or of a
 * Node that keeps its handles otherwise. Should `onread` not be heeded, the socket emits `data` as any other. What is
 * used of Node's insides is here and nowhere else: `_handle` and `_server` of a socket, the `handle` option, and the
 * calls and `reading` of a TCP handle (Node 20 to 26).
 */
export function readDirectly(accepted: Socket, reader: DirectReader): Socket | null {
  if (accepted.destroyed || 'encrypted' in accepted) return null
  if (!('_handle' in accepted && '_server' in accepted)) return null
  const { _handle: handle, _server: server } = accepted
  if (!isUnreadHandle(handle) || !isCountingServer(server)) return null
  const socket = socketOn(handle, reader)
  if (socket === null) return null
  Object.assign(socket, { _server: server, server })
  Object.assign(accepted, { _handle: null, _server: null, server: null })
  accepted.destroy()
  return socket
}

function socketOn(handle: unknown, reader: DirectReader): Socket | null {
  const options = {
    handle,
    allowHalfOpen: true,
    pauseOnCreate: true,
    onread: {
      buffer: () => reader.target(),
      callback: (count: number) => {
        reader.filled(count)
        return true
      },
    },
  }
  try {
    const socket = new Socket(options)
    return '_handle' in socket && socket._handle === handle ? socket : null
  } catch {
    return null
  }
}

/** A handle of a TCP socket that reads nothing yet. */
function isUnreadHandle(handle: unknown): boolean {
  if (typeof handle !== 'object' || handle === null) return false
  if (!('reading' in handle && handle.reading === false)) return false
  const calls = ['useUserBuffer', 'readStart', 'readStop', 'close'] as const
  return calls.every((name) => name in handle && typeof Reflect.get(handle, name) === 'function')
}

function isCountingServer(server: unknown): boolean {
  return (
    typeof server === 'object' &&
    server !== null &&
    '_connections' in server &&
    typeof server._connections === 'number'
  )
}
