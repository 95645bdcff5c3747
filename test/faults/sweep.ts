import { ManualEnvironment } from '../../src/base/environment.ts'
import {
  type DiskFault,
  type DiskOperationKind,
  MemoryFileSystem,
} from '../../src/storage/memory-file-system.ts'
import { StorageError } from '../../src/storage/storage-error.ts'
import { live, type Step } from './life.ts'
import { checkPromises, type Life, Promises } from './promises.ts'

/** How a life ends: the power goes, and with it what was not synced; or the process is killed. */
export type Ending = 'crash' | 'kill'

export const FAULTS: readonly DiskFault[] = ['io', 'no-space', 'no-descriptors', 'short']
/** What can lack room, and a descriptor. */
const LACKING: { readonly [Fault in DiskFault]?: readonly DiskOperationKind[] } = {
  'no-space': ['write'],
  'no-descriptors': ['open', 'sync-directory'],
}
export const ENDINGS: readonly Ending[] = ['crash', 'kill']

/** A life before anything has happened. */
export function newLife(): Life {
  return { fileSystem: new MemoryFileSystem(), environment: new ManualEnvironment(), told: new Promises() }
}

/** Lives until operation `failing` fails in the given way. Returns whether there was such an operation. */
export async function liveUntil(
  life: Life,
  steps: readonly Step[],
  failing: number,
  fault: DiskFault,
): Promise<boolean> {
  let isReached = false
  life.fileSystem.onOperation = ({ index, kind }) => {
    if (index !== failing) return null
    isReached = true
    return LACKING[fault]?.includes(kind) === false ? 'io' : fault
  }
  try {
    await live(life, steps)
  } catch (error) {
    if (!(error instanceof StorageError)) throw error
  }
  life.fileSystem.onOperation = null
  return isReached
}

/**
 * Lives once for each operation of the disk, which then fails, and checks what is left after the ending, twice: the
 * recovery's own work survives too. Resolves to the number of operations. Throws what is wrong, and where.
 */
export async function sweep(steps: readonly Step[], fault: DiskFault, ending: Ending): Promise<number> {
  for (let failing = 0; ; failing++) {
    try {
      const life = newLife()
      const isReached = await liveUntil(life, steps, failing, fault)
      let next = life.fileSystem[ending]()
      await checkPromises(life, next)
      next = next[ending]()
      await checkPromises(life, next)
      if (!isReached) return failing
    } catch (error) {
      throw new Error(`operation ${failing} failing by ${fault}, then ${ending}`, { cause: error })
    }
  }
}
