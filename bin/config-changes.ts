import type { ConfigChange, ConfigChanges } from '../src/client/config-admin.ts'

/** Changes of a configuration, for a reader. */
export function changesText(changes: ConfigChanges): string {
  return [...changes].map(([name, change]) => changeText(name, change)).join(', ')
}

function changeText(name: string, change: ConfigChange): string {
  if (change === null) return `${name} unset`
  if (typeof change === 'string') return `${name}=${change}`
  return 'append' in change ? `${change.append} put to ${name}` : `${change.subtract} taken out of ${name}`
}

/** The same for a program: a text, null, `{"append":"…"}` or `{"subtract":"…"}` by the name of the entry. */
export function jsonChanges(changes: ConfigChanges): Record<string, ConfigChange> {
  return Object.fromEntries(changes)
}
