import { createHash } from 'node:crypto'

/** A file name that changes with what the file is made of. */
export function contentName(name: string, content: Buffer): string {
  return `${name}-${createHash('sha256').update(content).digest('hex').slice(0, 12)}`
}
