import type { BrokerOptions } from '../src/broker/options.ts'
import { formatAddress } from '../src/client/address.ts'
import { StorageError } from '../src/storage/storage-error.ts'
import { CliError } from './exit-code.ts'

interface SystemError extends Error {
  readonly code: string
  readonly syscall?: string
  readonly address?: string
  readonly port?: number
}

/** Why a broker could not start, or had to stop, as one line that says what to do. What is no such reason comes back as it is. */
export function startFault(error: unknown, options: BrokerOptions): unknown {
  const directory = options.dataDirectory
  if (error instanceof StorageError) return new CliError(storageFault(error, directory))
  if (isSystemError(error)) {
    const text =
      error.syscall === 'listen' || error.syscall === 'bind' || error.syscall === 'getaddrinfo'
        ? listenFault(error, options)
        : directoryFault(error, directory)
    if (text !== null) return new CliError(text)
  }
  return error
}

function storageFault(error: StorageError, directory: string): string {
  switch (error.fault) {
    case 'locked':
      return `the data directory ${directory} is ${holderOf(error)}: stop that one, or choose another with --data`
    case 'no-space':
      return `there is no room left for ${error.path}: free some space, or choose another place with --data`
    case 'mismatch':
      return `${error.message} (the data directory belongs to another broker: choose another with --data)`
    case 'corrupt':
      return `${error.message} (the data is damaged: bring back a copy, or start empty with another --data)`
    default:
      return (isSystemError(error.cause) ? directoryFault(error.cause, directory) : null) ?? error.message
  }
}

/** `in use by process 1234`, as the lock tells it. */
function holderOf({ message }: StorageError): string {
  return /in use by .*/.exec(message)?.[0] ?? 'in use by another process'
}

function listenFault(error: SystemError, options: BrokerOptions): string {
  const [listener] = options.listeners
  const host = error.address ?? listener?.host ?? ''
  const address = formatAddress({ host, port: error.port ?? listener?.port ?? 0 })
  const option = isOfHttp(error, options) ? '--http' : '--listen'
  switch (error.code) {
    case 'EADDRINUSE':
      return `${address} is in use: stop what listens there, or choose another with ${option} HOST:PORT`
    case 'EACCES':
      return `no permission to listen at ${address}: choose a port from 1024 on with ${option} HOST:PORT`
    case 'EADDRNOTAVAIL':
      return `this machine has no address ${host}: choose one that it has with ${option} HOST:PORT`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the host of ${address} is not known: choose an address of this machine with ${option} HOST:PORT`
    default:
      return `cannot listen at ${address}: ${error.message}`
  }
}

/** HTTP opens first: a port that both are to have is the other's fault. */
function isOfHttp({ address, port }: SystemError, { httpListener, listeners }: BrokerOptions): boolean {
  if (httpListener === null) return false
  const isTheirs = (one: { host: string; port: number }): boolean =>
    port === undefined ? one.host === address : one.port === port
  return isTheirs(httpListener) && !listeners.some(isTheirs)
}

function directoryFault(error: SystemError, directory: string): string | null {
  switch (error.code) {
    case 'EACCES':
    case 'EPERM':
      return `no permission for the data directory ${directory}: change its owner, or choose another with --data`
    case 'EROFS':
      return `the data directory ${directory} can only be read: choose another with --data`
    case 'ENOSPC':
    case 'EDQUOT':
      return `there is no room left in ${directory}: free some space, or choose another place with --data`
    case 'ENOTDIR':
    case 'EEXIST':
      return `${directory} is not a directory: choose another with --data`
    case 'EMFILE':
    case 'ENFILE':
      return 'too many files are open: raise the limit of open files (ulimit -n)'
    default:
      return null
  }
}

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
}
