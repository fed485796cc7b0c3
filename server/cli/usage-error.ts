/** An invalid command line: what is wrong with it, without a final period. The exit code is 2. */
export class UsageError extends Error {
  override name = 'UsageError'
}
