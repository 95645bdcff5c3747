import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { run } from '../test/support/child.ts'
import { packageRoot } from '../test/support/package-root.ts'
import type { Facts } from './report/result.ts'

/** What figures were taken on. */
export async function machineFacts(loadName: string, directory: string): Promise<Facts> {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    version: string
  }
  const commit = await said('git', ['-C', packageRoot, 'rev-parse', '--short', 'HEAD'], /^(\w+)/)
  const java = await said('java', ['-version'], /version "([^"]+)"/)
  const fileSystem = await said('stat', ['-f', '-c', '%T', directory], /^(\S+)/)
  return [
    ['load', loadName],
    ['Millrace', commit === null ? version : `${version}, commit ${commit}`],
    [
      'CPU',
      `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, shared by brokers and clients`,
    ],
    ['memory', `${Math.round(totalmem() / 1024 ** 3)} GiB`],
    ['file system', fileSystem ?? 'unknown'],
    ['kernel', release()],
    ['Node', process.version],
    ['Java', java ?? 'none'],
  ]
}

async function said(command: string, args: readonly string[], pattern: RegExp): Promise<string | null> {
  try {
    const { stdout, stderr } = await run(command, args)
    return pattern.exec(stdout + stderr)?.[1] ?? null
  } catch {
    return null
  }
}
