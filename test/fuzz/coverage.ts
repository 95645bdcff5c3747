import { Session } from 'node:inspector/promises'

/** Counts the blocks of src/ that run from now on. Returns what makes the lines of the report, one a folder. */
export async function startCoverage(): Promise<() => Promise<string[]>> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  return async () => {
    const { result } = await session.post('Profiler.takePreciseCoverage')
    session.disconnect()
    const folders = new Map<string, { blocks: number; run: number }>()
    for (const { url, functions } of result) {
      const folder = /\/src\/((?:[\w-]+\/){1,3})[\w.-]+$/.exec(url)?.[1]
      if (folder === undefined || url.includes('/node_modules/')) continue
      const counted = folders.get(folder) ?? { blocks: 0, run: 0 }
      folders.set(folder, counted)
      for (const { ranges } of functions)
        for (const { count } of ranges) {
          counted.blocks++
          if (count > 0) counted.run++
        }
    }
    return [...folders].sort().map(([folder, { blocks, run }]) => `${folder} ${run} of ${blocks} blocks`)
  }
}
