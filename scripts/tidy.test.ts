import { describe, expect, it } from 'vitest'
import { findFunctions } from './tidy/shape.ts'
import { parseSource } from './tidy/source-file.ts'
import { tidy } from './tidy.ts'

const PACKAGES = { dependencies: new Set(['lz4', '@node-rs/crc32']), devDependencies: new Set(['vitest']) }

/** `line rule` of every finding in one file, or `path line rule` in several. */
function found(files: Record<string, string> | string, path = 'src/broker/thing.ts'): string[] {
  if (typeof files === 'string') {
    return tidy([{ path, text: files }], PACKAGES).map(({ line, rule }) => `${line} ${rule}`)
  }
  const list = Object.entries(files).map(([name, text]) => ({ path: name, text }))
  return tidy(list, PACKAGES).map((finding) => `${finding.path} ${finding.line} ${finding.rule}`)
}

const importing = (specifier: string): string => `import { x } from '${specifier}'\nx()\n`

describe('layering', () => {
  it('refuses an import against the direction of the layers', () => {
    expect(found(importing('../broker/broker.ts'), 'src/base/thing.ts')).toEqual(['1 layering'])
    expect(found(importing('../storage/log.ts'), 'src/protocol/thing.ts')).toEqual(['1 layering'])
    expect(found(importing('../protocol/reader.ts'), 'src/raft/thing.ts')).toEqual(['1 layering'])
    expect(found(importing('../protocol/reader.ts'), 'src/storage/thing.ts')).toEqual(['1 layering'])
    expect(found(importing('../api/data/produce.ts'), 'src/broker/net/thing.ts')).toEqual(['1 layering'])
    expect(found(importing('../net/connection.ts'), 'src/broker/partition/thing.ts')).toEqual(['1 layering'])
    expect(found(importing('../../bench/main.ts'), 'src/broker/thing.ts')).toEqual(['1 layering'])
    expect(found(importing('../extensions/locks/machine.ts'), 'src/broker/thing.ts')).toEqual(['1 layering'])
  })

  it('lets imports along the direction pass', () => {
    expect(found(importing('../base/bytes.ts'), 'src/protocol/thing.ts')).toEqual([])
    expect(found(importing('../protocol/record-batch.ts'), 'src/storage/thing.ts')).toEqual([])
    expect(found(importing('../extensions/locks/machine.ts'), 'src/broker/broker.ts')).toEqual([])
    expect(found(importing('../../partition/partition.ts'), 'src/broker/api/data/thing.ts')).toEqual([])
  })

  it('sees re-exports, type imports, imports over several lines and dynamic ones', () => {
    const path = 'src/base/thing.ts'
    expect(found(`export { a } from '../raft/raft.ts'\n`, path)).toEqual(['1 layering'])
    expect(found(`export * from '../raft/raft.ts'\n`, path)).toEqual(['1 layering'])
    expect(found(`import type {\n  A,\n  B,\n} from '../raft/raft.ts'\n`, path)).toEqual(['1 layering'])
    expect(found(`const a = await import('../raft/raft.ts')\n`, path)).toEqual(['1 layering'])
  })

  it('does not take an import in a comment or in a string for one', () => {
    const path = 'src/base/thing.ts'
    expect(found(`// import { a } from '../raft/raft.ts'\n`, path)).toEqual([])
    expect(found(`const a = "import { a } from '../raft/raft.ts'"\n`, path)).toEqual([])
  })

  it('finds a cycle, also one of types', () => {
    const files = {
      'src/base/a.ts': `import { b } from './b.ts'\n`,
      'src/base/b.ts': `import { c } from './c.ts'\n`,
      'src/base/c.ts': `import type { A } from './a.ts'\n`,
    }
    expect(found(files)).toEqual(['src/base/c.ts 1 cycle'])
  })

  it('keeps node: modules at the listed edges', () => {
    expect(found(importing('node:fs'), 'src/broker/coordinator/thing.ts')).toEqual(['1 edge'])
    expect(found(importing('node:crypto'), 'src/base/environment.ts')).toEqual([])
    expect(found(importing('node:fs'), 'src/broker/coordinator/thing.test.ts')).toEqual([])
    expect(found(importing('node:fs'), 'bench/thing.ts')).toEqual([])
  })

  it('refuses packages that are not declared, and development packages in what is shipped', () => {
    expect(found(importing('left-pad'))).toEqual(['1 package'])
    expect(found(importing('vitest'))).toEqual(['1 package'])
    expect(found(importing('vitest'), 'src/broker/thing.test.ts')).toEqual([])
    expect(found(importing('@node-rs/crc32/sub'))).toEqual([])
  })
})

describe('banned calls', () => {
  it.each([
    ['Date.now()', 'clock'],
    ['new Date()', 'clock'],
    ['performance.now()', 'clock'],
    ['Math.random()', 'random'],
    ['setTimeout(f, 1)', 'timer'],
    ['setInterval(f, 1)', 'timer'],
    ['process.exit(1)', 'process'],
    ['process.nextTick(f)', 'next-tick'],
    ['console.log(1)', 'console'],
  ])('%s is left to the edges', (call, rule) => {
    expect(found(`const x = ${call}\n`)).toEqual([`1 ${rule}`])
    expect(found(`const x = ${call}\n`, 'bench/thing.ts')).toEqual([])
    expect(found(`const x = '${call}' // ${call}\n`)).toEqual([])
  })

  it('knows a call inside a template from the text of one', () => {
    expect(found(`const x = \`at \${Date.now()}\`\n`)).toEqual(['1 clock'])
    expect(found(`const x = \`at Date.now() \${y} Date.now()\`\n`)).toEqual([])
  })

  it('is not misled by quotes in regular expressions', () => {
    expect(found(`const x = /['"\`]/\nconst y = Date.now()\n`)).toEqual(['2 clock'])
    expect(found(`const x = a / b\nconst y = 'Date.now()' / 2\n`)).toEqual([])
  })

  it('does not take a date of a given time, or a property, for a clock or a timer', () => {
    expect(found('const x = new Date(ms)\nenvironment.setTimeout(f)\nthis.process.end()\n')).toEqual([])
  })

  it('keeps Buffer.concat and bigint off the data plane', () => {
    const text = 'const x = Buffer.concat(parts)\nconst y = 12n\nconst z = buffer.readBigInt64BE(0)\n'
    expect(found(text, 'src/storage/thing.ts')).toEqual(['1 buffer-concat', '2 bigint', '3 bigint'])
    expect(found(text, 'src/broker/metadata/thing.ts')).toEqual([])
  })

  it('refuses any and ts-ignore everywhere', () => {
    expect(found('const x: any = 1\n')).toEqual(['1 any'])
    expect(found('const x = y as any\n', 'test/thing.ts')).toEqual(['1 any'])
    expect(found('const x: Map<string, any> = y\n')).toEqual(['1 any'])
    expect(found('const x: any[] = y\n')).toEqual(['1 any'])
    expect(found(`// ${'@ts'}-ignore\nconst x = 1\n`)).toEqual(['1 ts-ignore'])
    expect(found('if (any(x)) y(any)\nconst any = 1\n// any: of them\n')).toEqual([])
  })

  it('refuses focused and skipped tests', () => {
    const path = 'src/base/thing.test.ts'
    expect(found(`it${'.only'}('x', f)\ndescribe${'.skip'}('x', f)\n`, path)).toEqual([
      '1 focused-test',
      '2 focused-test',
    ])
    expect(found(`it.skipIf(missing)('x', f)\n`, path)).toEqual([])
  })

  it('lets no await into files that only decide', () => {
    expect(found('await x()\n', 'src/raft/raft.ts')).toEqual(['1 pure'])
    expect(found('await x()\n', 'src/raft/driver.ts')).toEqual([])
  })
})

describe('shape', () => {
  const lines = (count: number): string => '  x()\n'.repeat(count)

  it('limits files', () => {
    expect(found(lines(500))).toEqual([])
    expect(found(lines(501))).toEqual(['1 file-size'])
    expect(found(lines(501), 'src/protocol/generated/thing.ts')).toEqual([])
  })

  it('limits functions, methods and arrow functions, whatever their return type', () => {
    const heads = [
      'function f(a: number) {',
      'function f(a: { b: number }): Promise<Map<string, { c: number }>> {',
      'function f(): { a: number; b: string } {',
      'function f(a = g(1)): asserts a is B {',
      'const f = (a: number): void => {',
      'const f = async (a: number) => {',
      'const f = (a: () => void): (() => void) => {',
      'class A {\n  f(): number | null {',
    ]
    for (const head of heads) {
      const tail = head.startsWith('class') ? '  }\n}\n' : '}\n'
      const line = head.startsWith('class') ? 2 : 1
      expect(found(`${head}\n${lines(68)}${tail}`), head).toEqual([])
      expect(found(`${head}\n${lines(69)}${tail}`), head).toEqual([`${line} function-size`])
    }
  })

  it('does not take control flow, objects or describe blocks for functions', () => {
    expect(found(`if (f(x)) {\n${lines(80)}}\n`)).toEqual([])
    expect(found(`const x = { a: f(1), b: {\n${lines(80)}} }\n`)).toEqual([])
    expect(found(`const x = y ? f(1) : {\n${lines(80)}}\n`)).toEqual([])
    expect(found(`describe('x', () => {\n${lines(80)}})\n`, 'src/base/thing.test.ts')).toEqual([])
    expect(found(`it('x', () => {\n${lines(120)}})\n`, 'src/base/thing.test.ts')).toEqual(['1 function-size'])
  })

  it('names functions', () => {
    const text =
      'const f = (a) => {\n}\nfunction g() {\n}\nclass A {\n  #h(a) {\n  }\n}\nrun(1, () => {\n})\n'
    const names = findFunctions(parseSource('x.ts', text)).map((span) => span.name)
    expect(names).toEqual(['f', 'g', '#h', 'run'])
  })

  it('wants a doc comment on what src exports', () => {
    const body = 'export function f(): void {\n  x()\n  y()\n}\n'
    expect(found(body)).toEqual(['1 doc-comment'])
    expect(found(`/** Does it. */\n${body}`)).toEqual([])
    expect(found(`// Does it.\n${body}`)).toEqual(['2 doc-comment'])
    expect(found(`/** About something else. */\nconst x = 1\n${body}`)).toEqual(['3 doc-comment'])
    expect(found(body, 'bin/thing.ts')).toEqual([])
    expect(found(`export interface A {\n${'  b: number\n'.repeat(5)}}\n`)).toEqual(['1 doc-comment'])
    expect(found('export class A {}\n')).toEqual(['1 doc-comment'])
    expect(found('export const f = (a: number): number => {\n  x()\n  y()\n}\n')).toEqual(['1 doc-comment'])
  })

  it('takes a function of one statement and a type of a few fields as told by themselves', () => {
    expect(found('export function f(): void {\n  x()\n}\n')).toEqual([])
    expect(found(`export type A = 'b' | 'c'\n`)).toEqual([])
    expect(found(`export interface A {\n${'  b: number\n'.repeat(4)}}\n`)).toEqual([])
  })

  it('wants kebab-case names', () => {
    const files = { 'src/base/byteBudget.ts': '', 'src/Base/x.ts': '', 'src/base/byte-budget.test.ts': '' }
    expect(found(files)).toEqual(['src/Base/x.ts 1 file-name', 'src/base/byteBudget.ts 1 file-name'])
  })
})

describe('prose', () => {
  it('follows links to files and headings', () => {
    const files = {
      'README.md':
        '[a](docs/a.md) [b](docs/b.md)\n[c](docs/a.md#the-thing) [d](docs/a.md#other) [e](#top)\n# Top\n',
      'docs/a.md': '# The thing\n[up](../README.md) [out](https://example.org/x)\n',
    }
    expect(found(files)).toEqual(['README.md 1 link', 'README.md 2 link'])
  })

  it('follows file names in backticks', () => {
    const files = { 'A.md': 'In `src/base/a.ts` and `src/base/` and `src/base/b.ts`.\n', 'src/base/a.ts': '' }
    expect(found(files)).toEqual(['A.md 1 link'])
  })

  it('leaves code blocks alone', () => {
    expect(found({ 'A.md': '```\n[a](b.md)\n```\n' })).toEqual([])
  })

  it('refuses paths of one machine', () => {
    const path = ['', 'home', 'somebody', 'x'].join('/')
    expect(found({ 'A.md': `see ${path}\n` })).toEqual(['A.md 1 machine-path'])
    expect(found(`const x = '${path}'\n`)).toEqual(['1 machine-path'])
    expect(found(`const x = '/tmp/x'\nconst y = 'a${path}'\n`)).toEqual([])
  })
})

describe('allowances', () => {
  const allow = (text: string): string => `// ${'tidy'}: allow ${text}\n`

  it('lets a finding pass on its own line or the next, with a reason', () => {
    expect(found(`${allow('clock: the log line wants it')}const x = Date.now()\n`)).toEqual([])
    expect(found(`const x = Date.now() ${allow('clock: the log line wants it')}`)).toEqual([])
  })

  it('refuses one without a reason, of another rule, or that nothing needs', () => {
    expect(found(`${allow('clock')}const x = Date.now()\n`)).toEqual(['1 allow', '2 clock'])
    expect(found(`${allow('random: no')}const x = Date.now()\n`)).toEqual(['1 allow', '2 clock'])
    expect(found(`${allow('clock: no')}const x = 1\n`)).toEqual(['1 allow'])
  })
})
