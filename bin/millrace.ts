#!/usr/bin/env node
import { endQuietlyOnClosedPipe, processIo } from './io.ts'
import { run } from './program.ts'

endQuietlyOnClosedPipe()
const exitCode = await run(process.argv.slice(2), processIo())
// Input that is still open must not hold the process. That the output failed is told before.
process.stdout.write('', () => setImmediate(() => process.exit(exitCode)))
