import fc from 'fast-check'

/**
 * fast-check, with histories that follow from `MILLRACE_SEED` (a number, 1 if it is not set): the same run of the tests
 * tries the same ones, and whoever wants others names another seed.
 */
fc.configureGlobal({ seed: Number(process.env['MILLRACE_SEED'] ?? 1) })

export default fc
