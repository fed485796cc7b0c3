/** The command line was not understood: what is wrong with it, without a full stop, and exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError'
}
