/** A problem that the operator can fix. Shown as one sentence, without a stack. */
export class StartError extends Error {
  override name = 'StartError'
}

/** Ends a command that could not start. */
export function exitWith(error: unknown): never {
  if (error instanceof StartError) process.stderr.write(`${error.message}\n`)
  else console.error(error)
  process.exit(1)
}
