import { text } from 'node:stream/consumers'
import { Password } from '#contract/common'
import { ask, canAsk } from './ask.ts'
import { UsageError } from './usage-error.ts'

/**
 * Reads `--password`: the value itself; `-` reads stdin; when left out, asks on a terminal (an empty line means none), else none.
 */
export async function passwordFrom(option: string | undefined): Promise<string | undefined> {
  if (option === '-') return checked((await text(process.stdin)).replace(/\r?\n$/, ''))
  if (option !== undefined) return checked(option)
  if (!canAsk()) return undefined
  const typed = await ask('Password (empty for none): ', { isSecret: true })
  if (typed === '') return undefined
  const password = checked(typed)
  if ((await ask('Repeat the password: ', { isSecret: true })) !== password) throw new UsageError('the two passwords don’t match')
  return password
}

function checked(password: string): string {
  const parsed = Password.safeParse(password)
  if (!parsed.success) throw new UsageError(`--password ${parsed.error.issues[0]?.message}`)
  return parsed.data
}
