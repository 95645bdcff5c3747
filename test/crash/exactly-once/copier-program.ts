import type { SourceRange } from './copy.ts'

/** What a copier is told, as JSON in its one argument. */
export interface CopierSettings {
  readonly bootstrap: string
  readonly source: string
  readonly target: string
  readonly targetPartitions: number
  readonly group: string
  readonly transactionalId: string
  /** Of a static member; null for a dynamic one. */
  readonly instanceId: string | null
  readonly transactionTimeoutMs: number
  readonly sessionTimeoutMs: number
  /** Commits its offsets beside its transactions, which the checker has to notice. */
  readonly careless: boolean
}

/** Of the transactions that a copier makes, those that it gives up of its own accord. */
export const ABORT_CHANCE = 0.05
export const RECORDS_PER_TRANSACTION_MAX = 200
export const TRANSACTION_MS_MAX = 150

const EXIT_CODE_ENDED = 3

/** The settings of this process. */
export function copierSettings(): CopierSettings {
  return JSON.parse(process.argv[2]!) as CopierSettings
}

/** Tells that the transactional id is taken over. */
export function sayReady(): void {
  process.stdout.write('ready\n')
}

/** Tells that a commit was acknowledged. */
export function sayCommitted(ranges: readonly SourceRange[]): void {
  const taken = ranges.map(({ partition, first, end }) => `${partition}:${first}:${end}`)
  process.stdout.write(`committed ${taken.join(' ')}\n`)
}

/** Ends this process: it can not go on, and another has to take its place. */
export function endForGood(error: unknown): void {
  const { name, message } = error as Error
  process.stdout.write(`ended ${name}: ${message.split('\n')[0]}\n`, () => process.exit(EXIT_CODE_ENDED))
}

/** Resolves when the input of this process ends: the copier is to come to an end. */
export async function inputEnded(): Promise<void> {
  await new Promise<void>((resolve) => process.stdin.resume().on('end', resolve).on('error', resolve))
}
