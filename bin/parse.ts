import { InvalidArgumentError } from 'commander'
import { type Address, parseAddress } from '../src/client/address.ts'

const COUNT_MAX = 2 ** 31 - 1

/** A whole number from 1. */
export function parseCount(text: string): number {
  const count = parseWhole(text)
  if (count === 0) throw new InvalidArgumentError('it must be at least 1.')
  return count
}

/** A whole number from 0. */
export function parseWhole(text: string): number {
  if (!/^\d{1,10}$/.test(text) || Number(text) > COUNT_MAX)
    throw new InvalidArgumentError(`it must be a whole number up to ${COUNT_MAX}.`)
  return Number(text)
}

/** A whole number with its sign. */
export function parseInteger(text: string): number {
  const value = Number(text)
  if (!/^[+-]?\d{1,15}$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('it must be a whole number.')
  return value
}

/** An offset, from 0. */
export function parseOffset(text: string): number {
  const offset = parseInteger(text)
  if (offset < 0) throw new InvalidArgumentError('it must be a whole number from 0.')
  return offset
}

/** What stands for every interface of this machine. */
const EVERY_INTERFACE = ''

/** Where to listen: a host and a port, or `:PORT` for every interface; `PLAINTEXT://` may stand before it. */
export function parseListen(text: string): Address {
  refuseOtherSchemes(text, 'PLAINTEXT')
  const address = parseAddress(text, { host: EVERY_INTERFACE })
  if (address === null)
    throw new InvalidArgumentError('it must be HOST:PORT or :PORT, for instance 0.0.0.0:9092.')
  return address
}

/** Where clients are told to connect: as `parseListen`, and never without a host. */
export function parseAdvertised(text: string): Address {
  refuseOtherSchemes(text, 'PLAINTEXT')
  const address = parseAddress(text)
  if (address === null)
    throw new InvalidArgumentError(
      'it must be HOST:PORT, with a host that clients can reach: broker.example:9092.',
    )
  return address
}

/** Where HTTP is served: as `parseListen`; `http://` may stand before it. */
export function parseHttp(text: string): Address {
  refuseOtherSchemes(text, 'http')
  const address = parseAddress(text.replace(/^http:\/\/|\/$/gi, ''), { host: EVERY_INTERFACE })
  if (address === null)
    throw new InvalidArgumentError('it must be HOST:PORT or :PORT, for instance 127.0.0.1:9644.')
  return address
}

function refuseOtherSchemes(text: string, served: 'PLAINTEXT' | 'http'): void {
  const scheme = /^([\w.+-]+):\/\//.exec(text.trim())?.[1]
  if (scheme !== undefined && scheme.toLowerCase() !== served.toLowerCase())
    throw new InvalidArgumentError(`only ${served}:// is served here, not ${scheme}://.`)
}

/** Whole numbers from 0 with commas between them; repeated options add to them. */
export function collectWholes(text: string, before: readonly number[] = []): readonly number[] {
  return [...before, ...text.split(',').map(parseWhole)]
}

/** Gathers repeated options in order. */
export function collectNames(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text]
}

/** `name=value` arguments, in order. */
export function parsePairs(texts: readonly string[]): readonly (readonly [string, string])[] {
  return texts.map(splitPair)
}

/** Gathers repeated `name=value` options into one object; the last of a name counts. */
export function collectPair(text: string, before: Record<string, string> = {}): Record<string, string> {
  const [name, value] = splitPair(text)
  return { ...before, [name]: value }
}

/** Gathers repeated `name=value` options in order, with what repeats. */
export function collectPairs(
  text: string,
  before: readonly (readonly [string, string])[] = [],
): readonly (readonly [string, string])[] {
  return [...before, splitPair(text)]
}

function splitPair(text: string): [string, string] {
  const equals = text.indexOf('=')
  if (equals <= 0) throw new InvalidArgumentError('it must be of the form name=value.')
  return [text.slice(0, equals), text.slice(equals + 1)]
}
