import { appendFileSync } from 'node:fs'
import { join } from 'node:path'

export type Noted = { method: string; path: string; status: number; type: string; text: string }

/** Longer answers are not noted: their shape is the same as that of shorter ones. */
const MOST = 64 * 1024

const folder = process.env['TEST_ANSWERS']
const seen = new Set<string>()

/** Notes an answer, so that all of a run can be compared with the API documents in the end (`compare-answers.ts`). */
export function noteAnswer({ text, ...answer }: Noted): void {
  if (folder === undefined || text.length > MOST) return
  const key = [answer.method, answer.path, answer.status, /"code":"\w+"/.exec(text)?.[0]].join(' ')
  if (seen.has(key)) return
  seen.add(key)
  appendFileSync(join(folder, `${process.pid}.ndjson`), `${JSON.stringify({ ...answer, text } satisfies Noted)}\n`)
}
