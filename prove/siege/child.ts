import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** One of the siege's own processes; it ends with ours. */
export function startChild(file: string): ChildProcess {
  return fork(join(import.meta.dirname, file), { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
}

/** The next thing that the child says. */
export async function heardFrom<Message>(child: ChildProcess): Promise<Message> {
  const heard = new AbortController()
  const { signal } = heard
  try {
    const what = await Promise.race([once(child, 'message', { signal }), once(child, 'exit', { signal }).then(() => undefined)])
    if (what === undefined) throw new Error(`${child.spawnargs.at(-1)} ended by itself`)
    return what[0] as Message
  } finally {
    heard.abort()
  }
}

/** Says something, and answers what the child says to it. */
export function ask<Message>(child: ChildProcess, what: object | string): Promise<Message> {
  const answer = heardFrom<Message>(child)
  child.send(what)
  return answer
}
