import type { Io } from './io.ts'
import { formatDuration } from './time.ts'

const REDRAW_MS = 100
const BAR_COLUMNS_MAX = 30

/** A bar on stderr for work that takes long: only where that is a terminal, and not more often than it can be read. */
export class Progress {
  readonly #io: Io
  readonly #label: string
  readonly #startMs: number
  #drawnMs = Number.NEGATIVE_INFINITY

  constructor(io: Io, label: string) {
    this.#io = io
    this.#label = label
    this.#startMs = io.environment.monotonicMs()
  }

  /** Shows how far the work is; `totalCount` null: nobody knows. `text` says it in words. */
  show(doneCount: number, totalCount: number | null, text: string): void {
    const { statusColumns, environment } = this.#io
    if (statusColumns === null) return
    const nowMs = environment.monotonicMs()
    if (nowMs - this.#drawnMs < REDRAW_MS) return
    this.#drawnMs = nowMs
    const elapsedMs = nowMs - this.#startMs
    this.#io.status(progressLine(this.#label, doneCount, totalCount, text, elapsedMs, statusColumns))
  }

  /** Takes the bar away. */
  end(): void {
    this.#io.status('')
  }
}

/** One line that fits into `columns`. */
export function progressLine(
  label: string,
  doneCount: number,
  totalCount: number | null,
  text: string,
  elapsedMs: number,
  columns: number,
): string {
  if (totalCount === null || totalCount <= 0)
    return `${label}  ${text}  ${formatDuration(elapsedMs)}`.slice(0, columns - 1)
  const part = Math.min(1, doneCount / totalCount)
  const left = part > 0 ? `  ${formatDuration((elapsedMs * (1 - part)) / part)} left` : ''
  const percent = `${String(Math.floor(part * 100)).padStart(3)}%`
  const room = columns - 1 - label.length - percent.length - text.length - left.length - 7
  if (room < 5) return `${label} ${percent}  ${text}`.slice(0, columns - 1)
  const width = Math.min(BAR_COLUMNS_MAX, room)
  const filled = Math.round(part * width)
  return `${label} [${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${percent}  ${text}${left}`
}

/** `1.5 GB`: bytes for a reader, in powers of 1000. */
export function formatBytes(byteCount: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = byteCount
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}
