import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'

/** Whether somebody is there to answer. */
export const canAsk = (): boolean => process.stdin.isTTY && process.stderr.isTTY

/** Reads a line from the terminal; a secret one without echoing it. */
export async function ask(question: string, { isSecret = false } = {}): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const line = createInterface({ input: process.stdin, output: isSecret ? silent : process.stderr, terminal: true })
  // Ask only once the terminal no longer echoes.
  if (isSecret) process.stderr.write(question)
  line.on('SIGINT', () => {
    process.stderr.write('\n')
    process.exit(130)
  })
  try {
    return await line.question(isSecret ? '' : question)
  } finally {
    line.close()
    if (isSecret) process.stderr.write('\n')
  }
}
