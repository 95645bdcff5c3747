/** Longest topic name: a directory name holds it with a partition number behind. */
export const TOPIC_NAME_LENGTH_MAX = 249

/** Says why a name is none for a topic; null when it is one. */
export function topicNameFault(name: string): string | null {
  if (name === '') return 'Topic name is invalid: it is empty'
  if (name === '.' || name === '..') return `Topic name is invalid: it may not be '${name}'`
  if (name.length > TOPIC_NAME_LENGTH_MAX)
    return `Topic name is invalid: it has ${name.length} characters, at most ${TOPIC_NAME_LENGTH_MAX} are allowed`
  if (!/^[a-zA-Z0-9._-]+$/.test(name))
    return `Topic name is invalid: '${name}' has characters other than ASCII letters, digits, '.', '_' and '-'`
  return null
}

/** Names with the same key may not exist side by side: '.' and '_' are one character to metrics. */
export function collisionKey(name: string): string {
  return name.replaceAll('.', '_')
}
