import { splitList } from '../../base/options.ts'

/** -1 is gzip's own default; 0 would store without compressing, which the codec's range leaves out. */
export function gzipLevel(text: string): string | null {
  return Number(text) === 0 ? 'Value must be from 1 to 9, or -1' : null
}

/** Partition:broker pairs, or a lone wildcard. */
export function throttledReplicas(text: string): string | null {
  const elements = splitList(text)
  if (elements.length === 1 && elements[0] === '*') return null
  return elements.every((element) => /^\d+:\d+$/.test(element))
    ? null
    : 'Value must be the literal * or a list of partition:broker pairs'
}

/** earliest, latest or an ISO 8601 duration of days and less. */
export function offsetReset(text: string): string | null {
  if (text === 'earliest' || text === 'latest') return null
  const duration = /^by_duration:P(?=\d|T\d)(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d{1,9})?S)?)?$/.test(text)
  return duration ? null : 'Value must be earliest, latest or by_duration: with a duration of ISO 8601'
}

/** Pairs of a host and a number. */
export function hostCounts(text: string): string | null {
  return splitList(text).every((element) => /^.+:\d{1,10}$/.test(element))
    ? null
    : 'Value must be a list of host:count pairs'
}

/** -1 for no limit, else at least 1. */
export function unlimitedOrPositive(text: string): string | null {
  const value = Number(text)
  return value === -1 || value >= 1 ? null : 'Value must be -1 for no limit, or at least 1'
}

/** For what would promise something that is not there. */
export function mustBeFalse(reason: string): (text: string) => string | null {
  return (text) => (text.trim().toLowerCase() === 'false' ? null : `Value must be false: ${reason}`)
}
