import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, type Who, clientOf } from '#test/support/http/client'

type Sent = { json?: unknown }

/** What a client saw and should not have seen, and how often it had to retry. */
export type Seen = { wrong: string[]; unavailable: number; cut: number; answered: number }

export const nothingSeen = (): Seen => ({ wrong: [], unavailable: 0, cut: 0, answered: 0 })

/** A temporary refusal must be 503 with Retry-After and without internal details. */
function wrongWith({ status, headers, text }: Answer<unknown>): string | undefined {
  if (status < 500) return undefined
  if (status !== 503) return `${status} ${text.slice(0, 200)}`
  if (!(Number(headers.get('retry-after')) > 0)) return '503 without Retry-After'
  return /postgres|pg_|\/tmp|base\/|ECONN|127\.0\.0\.1|No space/i.test(text) ? `503 that tells too much: ${text}` : undefined
}

/** Retries until there is a final answer: after a cut connection and after 503, with one Idempotency-Key per POST. */
export function stubborn(origin: string, seen: Seen) {
  const send = clientOf(origin)
  return async function insist<Body>(who: Who, request: string, { json }: Sent = {}): Promise<Answer<Body>> {
    const headers: Record<string, string> = request.startsWith('POST ') ? { 'idempotency-key': randomUUID() } : {}
    for (;;) {
      const answer = await send<Body>(who, request, { json, headers }).catch(() => undefined)
      if (!answer) seen.cut++
      else {
        seen.answered++
        const wrong = wrongWith(answer)
        if (wrong) seen.wrong.push(`${request}: ${wrong}`)
        if (answer.status < 500) return answer
        if (answer.status === 503) seen.unavailable++
      }
      await sleep(25)
    }
  }
}

export type Insist = ReturnType<typeof stubborn>
