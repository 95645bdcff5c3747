import { rigDefaults } from './test-kit.ts'

/** The tests of this folder once more, on sockets that read through the stream's own buffers. */
rigDefaults.readsDirectly = false
await import('./connection.test.ts')
await import('./connection-frames.test.ts')
await import('./listener.test.ts')
await import('./hostile-input.test.ts')
