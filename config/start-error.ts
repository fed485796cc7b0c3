/** Something whoever started the process can put right. It is shown as one sentence, without a stack. */
export class StartError extends Error {
  override name = 'StartError'
}

/** The one way in which a command ends that could not start. */
export function exitWith(error: unknown): never {
  if (error instanceof StartError) process.stderr.write(`${error.message}\n`)
  else console.error(error)
  process.exit(1)
}
