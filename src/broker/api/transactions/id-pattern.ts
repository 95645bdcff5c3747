const PATTERN_LENGTH_MAX = 255

/** Whether a whole transactional id is what the pattern says; null: it is no pattern. */
export function matcherOf(pattern: string): ((id: string) => boolean) | null {
  if (pattern.length > PATTERN_LENGTH_MAX) return null
  try {
    const expression = new RegExp(`^(?:${pattern})$`, 'u')
    return (id) => expression.test(id)
  } catch {
    return null
  }
}
