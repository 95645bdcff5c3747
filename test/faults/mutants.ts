/** A change of one file as it is built. `find` is there exactly once. */
interface Edit {
  readonly file: string
  readonly find: string
  readonly replace: string
}

/** A fault that was there once, or could come to be: its mending is taken out, and the trials must find it. */
export interface Mutant {
  readonly name: string
  readonly edits: readonly Edit[]
}

const edit = (file: string, find: string, replace: string): Edit => ({ file, find, replace })

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'a start puts a mark at the end of a damaged log, which lowers its claim: the next start finds nothing wrong',
    edits: [
      edit(
        'src/broker/partition/registry.js',
        'opened.filter(({ partition }) => partition.log.damage === null)',
        'opened',
      ),
      edit(
        'src/storage/log.js',
        "assert(this.#damage === null, 'a damaged log has no end to put a mark at');",
        '',
      ),
      edit(
        'src/storage/log-marks.js',
        "this.#journal.append({ type: 'mark', ref: this.#group.ref, mark, dropsEmpty })",
        "this.#journal.append({ type: 'marks', ref: this.#group.ref, keep: { ...last, offset: mark.startOffset }, append: [mark] })",
      ),
    ],
  },
  {
    name: 'an index is emptied while it is made anew',
    edits: [edit('src/storage/segment.js', 'found.beginAnew();', 'found.beginAnew(); this.beginAnew();')],
  },
  {
    name: 'what a rebuilt index can not be made of is taken for all there is',
    edits: [edit('src/storage/log-reader.js', 'if (this.#log.compaction.cleanedEnd !== null)', 'if (true)')],
  },
  {
    name: 'a snapshot is taken after batches were dropped on a full disk',
    edits: [
      edit(
        'src/storage/log.js',
        'this.#dropQueued();\n            await',
        'this.#dropQueued();\n            this.#snapshots.take(this.#endOffset);\n            await',
      ),
      edit(
        'src/broker/partition/producer-hooks.js',
        'producers.load(snapshot, offset, turn)',
        'producers.load(snapshot, Number.MAX_SAFE_INTEGER, turn)',
      ),
    ],
  },
  {
    name: 'a stop fails where checkpoints find no room',
    edits: [
      edit(
        'src/storage/data-directory.js',
        '.write(this.#logs.values()).catch(unlessLack)',
        '.write(this.#logs.values())',
      ),
    ],
  },
  {
    name: 'a stop waits for room in the journal',
    edits: [
      edit('src/storage/journal.js', 'if (!isLack(error) || this.#isClosing)', 'if (!isLack(error))'),
      edit('src/storage/journal.js', 'const ROOM_BYTES_MIN = 131072;', 'const ROOM_BYTES_MIN = 0;'),
      edit('src/storage/journal.js', 'const ROOM_BYTES = 262144;', 'const ROOM_BYTES = 1;'),
    ],
  },
  {
    name: 'a read that fails goes to the process',
    edits: [
      edit(
        'src/broker/partition/partition.js',
        '(error) => failedRead(this.readFailed(error))',
        '(error) => { setImmediate(() => { throw error; }); throw error; }',
      ),
    ],
  },
  {
    name: 'records that can not be replayed fail the start',
    edits: [edit('src/storage/log-opener.js', 'log.foundDamaged(error);', 'throw error;')],
  },
  {
    name: 'offsets of neighbours are not compared',
    edits: [
      edit(
        'src/storage/offset-order.js',
        'check(buffer, at, position) {',
        'check(buffer, at, position) {\n        return;',
      ),
    ],
  },
  {
    name: 'the metadata image follows what was answered',
    edits: [
      edit(
        'src/broker/coordinator/runtime.js',
        '    #feed() {\n',
        '    #feed() {\n        if (this.#heldStart === this.#held.length) this.#uncommitted.length = 0;\n',
      ),
    ],
  },
  {
    name: 'keys are told apart by their first bytes',
    edits: [
      edit(
        'src/storage/key-offsets.js',
        'hash.hash(bytes, position, length);',
        'hash.hash(bytes, position, Math.min(length, 16));',
      ),
    ],
  },
  {
    name: 'retention waits for the room that it is to make',
    edits: [
      edit(
        'src/storage/appender.js',
        'while (this.#isQueued && this.#lack === null)',
        'while (this.#isQueued)',
      ),
    ],
  },
  {
    name: 'a topic whose files found no room stays closed',
    edits: [
      edit(
        'src/broker/partition/topic-follower.js',
        '    #openLater() {\n',
        '    #openLater() {\n        return;\n',
      ),
    ],
  },
  {
    name: 'the index of a segment that others follow is not synced',
    edits: [
      edit('src/storage/index-files.js', 'OFFSET_ENTRY_BYTES, true)', 'OFFSET_ENTRY_BYTES, false)'),
      edit('src/storage/index-files.js', 'TIME_ENTRY_BYTES, true)', 'TIME_ENTRY_BYTES, false)'),
    ],
  },
  {
    name: 'files are opened however many are open',
    edits: [
      edit(
        'src/storage/open-files.js',
        'while (!this.#slots.take()) {',
        'while (!this.#slots.take() && false) {',
      ),
    ],
  },
  {
    name: 'the file of a segment that is complete is never closed',
    edits: [edit('src/storage/appender.js', 'this.#file.isInUse = false;', '')],
  },
  {
    name: 'every start leaves a mark',
    edits: [
      edit(
        'src/storage/log-marks.js',
        'this.#pendingLsns.length === 0 && isSupersededBy(last, mark)',
        'false',
      ),
    ],
  },
  {
    name: 'what the disk does not give is cut away',
    edits: [edit('src/storage/recovery-table.js', "if (fault === 'unreadable')", 'if (false)')],
  },
]
