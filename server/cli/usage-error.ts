/** The command line was not understood: one sentence, and exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError'
}
