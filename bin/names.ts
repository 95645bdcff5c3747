import { CliError, EXIT_NOT_FOUND, EXIT_USAGE } from './exit-code.ts'

/**
 * Those of `known` that one of the expressions matches from beginning to end, in the order of `known`. Throws CliError
 * where there are none: `noun` says of what.
 */
export function matchingNames(
  expressions: readonly string[],
  known: readonly string[],
  noun: string,
): string[] {
  const tests = expressions.map(wholeExpression)
  const names = known.filter((name) => tests.some((test) => test.test(name)))
  if (names.length > 0) return names
  throw new CliError(`no ${noun} matches ${expressions.join(' or ')}`, EXIT_NOT_FOUND)
}

function wholeExpression(text: string): RegExp {
  try {
    return new RegExp(`^(?:${text})$`)
  } catch (error) {
    throw new CliError(error instanceof Error ? error.message : String(error), EXIT_USAGE)
  }
}

/** A topic, and those of its partitions that are meant; null: all. */
export interface TopicSelection {
  readonly topic: string
  readonly partitions: readonly number[] | null
}

/** Parses `orders` and, as Kafka's and rpk's tools have it, `orders:0,1,2`. Throws CliError. */
export function parseSelection(text: string): TopicSelection {
  const [topic = '', list, ...rest] = text.split(':')
  if (
    topic === '' ||
    rest.length > 0 ||
    list === '' ||
    (list !== undefined && !/^\d{1,9}(,\d{1,9})*$/.test(list))
  )
    throw new CliError(`--topic takes NAME or NAME:PARTITION,PARTITION: not '${text}'`, EXIT_USAGE)
  return { topic, partitions: list === undefined ? null : list.split(',').map(Number) }
}

/** The selections of repeated `--topic` options; with `partition` of exactly one. Throws CliError. */
export function parseSelections(
  texts: readonly string[] | undefined,
  partition: number | undefined,
): TopicSelection[] | null {
  if (partition !== undefined && texts?.length !== 1)
    throw new CliError('--partition needs exactly one --topic', EXIT_USAGE)
  const selections = texts?.map(parseSelection) ?? null
  if (partition === undefined || selections === null) return selections
  return selections.map(({ topic, partitions }) => ({
    topic,
    partitions: [...(partitions ?? []), partition],
  }))
}

/** Whether a partition is selected; without selections all are. */
export function isSelected(
  selections: readonly TopicSelection[] | null,
  topic: string,
  partition: number,
): boolean {
  if (selections === null) return true
  return selections.some(
    (one) => one.topic === topic && (one.partitions === null || one.partitions.includes(partition)),
  )
}
