import { alikeKeys } from './alike-keys.ts'
import { brokerFaults } from './broker.ts'
import { changedBytes } from './changed-bytes.ts'
import { descriptors } from './descriptors.ts'
import { fullDisk } from './full-disk.ts'
import { lostIndex } from './lost-index.ts'
import { manyStarts } from './many-starts.ts'
import { powerCut } from './power-cut.ts'
import type { Trial } from './trial.ts'
import { unreadable } from './unreadable.ts'

/** Every way in which a disk misbehaves that is more than one operation failing. */
export const TRIALS: readonly Trial[] = [
  manyStarts,
  alikeKeys,
  descriptors,
  lostIndex,
  fullDisk,
  unreadable,
  powerCut,
  brokerFaults,
  changedBytes,
]
