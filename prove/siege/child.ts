import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** Starts one of the siege's own processes, which ends with this one. */
export function startChild(file: string): ChildProcess {
  return fork(join(import.meta.dirname, file), { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
}

/** The next message of the child. */
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

/** Sends a message and waits for the child's answer. */
export function ask<Message>(child: ChildProcess, what: object | string | number): Promise<Message> {
  const answer = heardFrom<Message>(child)
  child.send(what)
  return answer
}
