import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { Password } from '#contract/common'
import { UsageError } from './usage-error.ts'

/**
 * Reads `--password`: the value itself; `-` reads stdin; when left out, asks on a terminal (an empty line means none), else none.
 */
export async function passwordFrom(option: string | undefined): Promise<string | undefined> {
  if (option === '-') return checked((await text(process.stdin)).replace(/\r?\n$/, ''))
  if (option !== undefined) return checked(option)
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined
  const typed = await ask('Password (empty for none): ')
  if (typed === '') return undefined
  const password = checked(typed)
  if ((await ask('Repeat the password: ')) !== password) throw new UsageError('the two passwords don’t match')
  return password
}

function checked(password: string): string {
  const parsed = Password.safeParse(password)
  if (!parsed.success) throw new UsageError(`--password ${parsed.error.issues[0]?.message}`)
  return parsed.data
}

/** Reads a line from the terminal without echoing it. */
async function ask(question: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const line = createInterface({ input: process.stdin, output: silent, terminal: true })
  // Ask only once the terminal no longer echoes.
  process.stderr.write(question)
  line.on('SIGINT', () => {
    process.stderr.write('\n')
    process.exit(130)
  })
  try {
    return await line.question('')
  } finally {
    line.close()
    process.stderr.write('\n')
  }
}
