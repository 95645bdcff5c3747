/**
 * Where things stand in the repository, as data: which folder may import which, which files are edges, what is exempt.
 * A pattern ending in `/` is a folder; any other is a path that may hold `*` for a part of one name.
 */

/** Whether `path` is under one of the folders, or is one of the files, that `patterns` name. */
export function matches(path: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    if (pattern.endsWith('/')) return path.startsWith(pattern)
    if (!pattern.includes('*')) return path === pattern
    const expression = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*')
    return new RegExp(`^${expression}$`).test(path)
  })
}

/** A folder, what of the project it may import, and what it may not although `mayImport` covers it. */
export interface Layer {
  readonly folder: string
  readonly mayImport: readonly string[]
  readonly neverImports?: readonly string[]
}

/** The most specific folder wins. A folder may always import itself. */
export const LAYERS: readonly Layer[] = [
  { folder: 'src/base/', mayImport: [] },
  { folder: 'src/protocol/', mayImport: ['src/base/'] },
  { folder: 'src/raft/', mayImport: ['src/base/'] },
  {
    folder: 'src/storage/',
    mayImport: [
      'src/base/',
      'src/protocol/record-batch*.ts',
      'src/protocol/records*.ts',
      'src/protocol/compression*.ts',
      'src/protocol/control-record.ts',
      'src/protocol/crc32c.ts',
    ],
  },
  { folder: 'src/client/', mayImport: ['src/base/', 'src/protocol/'] },
  { folder: 'src/extensions/', mayImport: ['src/base/', 'src/protocol/', 'src/client/'] },
  { folder: 'src/broker/', mayImport: ['src/'], neverImports: ['src/extensions/'] },
  { folder: 'src/broker/broker.ts', mayImport: ['src/'] },
  {
    folder: 'src/broker/net/',
    mayImport: ['src/base/', 'src/protocol/', 'src/broker/'],
    neverImports: ['src/broker/api/', 'src/broker/partition/', 'src/broker/broker.ts'],
  },
  {
    folder: 'src/broker/partition/',
    mayImport: ['src/base/', 'src/protocol/', 'src/storage/', 'src/raft/', 'src/broker/'],
    neverImports: ['src/broker/api/', 'src/broker/net/', 'src/broker/broker.ts'],
  },
  {
    folder: 'src/broker/http/',
    mayImport: ['src/base/', 'src/broker/'],
    neverImports: ['src/broker/api/', 'src/broker/partition/', 'src/broker/broker.ts'],
  },
  {
    folder: 'src/broker/api/',
    mayImport: ['src/'],
    neverImports: ['src/extensions/', 'src/broker/broker.ts'],
  },
  { folder: 'src/', mayImport: ['src/'] },
  { folder: 'bin/', mayImport: ['src/'] },
  { folder: 'bench/', mayImport: ['src/', 'test/support/'] },
  { folder: 'scripts/', mayImport: ['src/'] },
  { folder: 'test/', mayImport: ['src/', 'bin/', 'scripts/', 'bench/peers/'] },
]

/** Files under src/ that only tests use, and what looks like a test by its name. */
export function isTest(path: string): boolean {
  return path.endsWith('.test.ts') || /^src\/.*\/(?:test-[a-z-]+|fixtures\/[\w-]+)\.ts$/.test(path)
}

/** Folders that are the outside world themselves: real clocks, processes and files are their job. */
export const OUTSIDE = ['bin/', 'bench/', 'test/', 'scripts/', 'vitest.config.ts']

/** The files under src/ that may reach for the machine, and what of it. */
export interface Edge {
  readonly files: readonly string[]
  /** `node:` modules. */
  readonly modules: readonly string[]
  /** Banned calls that are this file's job: names of BANNED_CALLS. */
  readonly calls?: readonly string[]
}

export const EDGES: readonly Edge[] = [
  {
    files: ['src/base/environment.ts'],
    modules: ['node:crypto', 'node:perf_hooks'],
    calls: ['clock', 'random', 'timer'],
  },
  {
    files: ['src/protocol/compression*.ts', 'src/protocol/compression/'],
    modules: ['node:module', 'node:zlib'],
  },
  { files: ['src/protocol/crc32c.ts'], modules: ['node:module'] },
  {
    files: [
      'src/broker/net/connection.ts',
      'src/broker/net/connection-facts.ts',
      'src/broker/net/direct-read.ts',
      'src/broker/net/listener.ts',
      'src/broker/net/output.ts',
    ],
    modules: ['node:net'],
    calls: ['next-tick'],
  },
  { files: ['src/broker/net/host-limits.ts'], modules: ['node:dns/promises'] },
  { files: ['src/broker/net/open-files.ts'], modules: ['node:fs'] },
  { files: ['src/broker/net/sendfile.ts'], modules: ['node:net'], calls: ['timer'] },
  {
    files: ['src/broker/net/kernel-calls.ts'],
    modules: ['node:fs', 'node:module', 'node:os'],
    calls: ['process', 'bigint'],
  },
  { files: ['src/client/connection.ts'], modules: ['node:net', 'node:tls'], calls: ['next-tick'] },
  { files: ['src/client/cluster.ts', 'src/client/negotiate.ts'], modules: ['node:tls'] },
  {
    files: ['src/embedded-broker.ts'],
    modules: ['node:fs/promises', 'node:os', 'node:path'],
  },
  { files: ['src/broker/http/http-listener.ts'], modules: ['node:net'] },
  { files: ['src/broker/http/http-routes.ts'], modules: ['node:stream'] },
  {
    files: ['src/broker/http/profiler.ts'],
    modules: ['node:inspector', 'node:stream', 'node:v8'],
  },
  {
    files: ['src/broker/metrics/process-metrics.ts'],
    modules: ['node:fs/promises'],
    calls: ['process'],
  },
  {
    files: ['src/broker/partition/batch-threads.ts', 'src/broker/partition/batch-worker.ts'],
    modules: ['node:worker_threads'],
  },
  {
    files: ['src/storage/node-file-system.ts'],
    modules: ['node:fs', 'node:fs/promises', 'node:module', 'node:path'],
    calls: ['process'],
  },
]

/** The folders where a record costs nothing of its own. */
export const DATA_PLANE = [
  'src/protocol/',
  'src/storage/',
  'src/broker/net/',
  'src/broker/partition/',
  'src/broker/api/data/',
]

/** Files that decide and do nothing else: no `await` or `async` in them. */
export const PURE = [
  'src/base/machine.ts',
  'src/storage/recovery-table.ts',
  'src/raft/',
  'src/extensions/*/machine.ts',
]

/** What in a PURE folder drives it. */
export const PURE_BUT = ['src/raft/driver.ts']

/** Written by a program, or lists of facts: no limits of size, no doc comments. */
export const DATA_FILES = ['src/protocol/generated/', 'src/protocol/messages/', 'test/fixtures/']

export const FILE_LINES_MAX = 500
export const FUNCTION_LINES_MAX = 70
/** A test may tell a whole story. */
export const TEST_FUNCTION_LINES_MAX = 120
