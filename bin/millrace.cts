#!/usr/bin/env node
/**
 * Starts the command line with 16 threads for file work. The pool's size counts only if it is set before the first use
 * of the pool, and the loader of ES modules uses it before any of them runs: hence a CommonJS file.
 */
process.env['UV_THREADPOOL_SIZE'] ??= '16'
// As scripts/bundle.ts joined it.
const entry = '../bundle/millrace.js'
import(entry)
