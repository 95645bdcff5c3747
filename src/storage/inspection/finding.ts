/**
 * What an inspection can say of a file. damaged: something that counted is gone, or is not what it was. torn: the end of
 * a write that did not finish; nothing of it was acknowledged. stale: a file that is made anew from the log, and can't
 * be used as it is. note: nothing is wrong, and it is worth knowing.
 */
export type FindingKind = 'damaged' | 'torn' | 'stale' | 'note'

/**
 * What can be done without losing anything that counts. cut: the file ends at `position`, what lay behind is kept in a
 * file beside it. set-aside: the whole file gets another name. rebuild-indexes: both indexes of the log file are made
 * anew, up to `position`. remove: the file goes.
 */
export type Remedy =
  | { readonly action: 'cut'; readonly path: string; readonly position: number; readonly byteLength: number }
  | { readonly action: 'set-aside'; readonly path: string }
  | { readonly action: 'rebuild-indexes'; readonly path: string; readonly position: number }
  | { readonly action: 'remove'; readonly path: string }

/** One thing that an inspection came upon. */
export interface Finding {
  readonly kind: FindingKind
  readonly path: string
  /** The byte where it is, where there is one. */
  readonly position: number | null
  readonly what: string
  readonly remedies: readonly Remedy[]
}

/** Findings of one file beyond this number are only counted. */
const FINDINGS_PER_FILE_MAX = 20

/** Gathers findings. */
export class Findings {
  readonly list: Finding[] = []
  readonly #counts = new Map<string, number>()

  add(
    kind: FindingKind,
    path: string,
    what: string,
    more: { readonly position?: number; readonly remedies?: readonly Remedy[] } = {},
  ): void {
    const count = (this.#counts.get(path) ?? 0) + 1
    this.#counts.set(path, count)
    if (count <= FINDINGS_PER_FILE_MAX || (more.remedies?.length ?? 0) > 0)
      this.list.push({ kind, path, what, position: more.position ?? null, remedies: more.remedies ?? [] })
    else if (count === FINDINGS_PER_FILE_MAX + 1)
      this.list.push({ kind, path, what: 'more of the same follows', position: null, remedies: [] })
  }
}
