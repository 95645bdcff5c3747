/** How long a transfer may take before its pace counts, and again between two looks at it. */
const WINDOW_MS = 30_000
const BYTES_PER_SECOND_MIN = 1024
/** The same for whoever holds what others wait for. */
const HURRY_WINDOW_MS = 5000
const HURRY_BYTES_PER_SECOND_MIN = 256 * 1024

/** How long a client may stand still in the middle of a transfer. */
export function stallMsMax(hurry: boolean): number {
  return hurry ? HURRY_WINDOW_MS : WINDOW_MS
}

/** Tells who trickles: a transfer that stays below 1 KiB/s for 30 s; in a hurry, below 256 KiB/s for 5 s. */
export class Pace {
  #item = -1
  #sinceMs = 0
  #bytes = 0

  /**
   * To be asked now and then. `item`: which transfer is under way, -1 for none; `bytes`: what has been moved by all
   * transfers so far.
   */
  isTooSlow(item: number, bytes: number, nowMs: number, hurry: boolean): boolean {
    if (item < 0 || item !== this.#item) {
      this.#restart(item, bytes, nowMs)
      return false
    }
    const elapsedMs = nowMs - this.#sinceMs
    if (elapsedMs < (hurry ? HURRY_WINDOW_MS : WINDOW_MS)) return false
    const bytesPerSecondMin = hurry ? HURRY_BYTES_PER_SECOND_MIN : BYTES_PER_SECOND_MIN
    const isSlow = bytes - this.#bytes < (elapsedMs / 1000) * bytesPerSecondMin
    this.#restart(item, bytes, nowMs)
    return isSlow
  }

  #restart(item: number, bytes: number, nowMs: number): void {
    this.#item = item
    this.#sinceMs = nowMs
    this.#bytes = bytes
  }
}
