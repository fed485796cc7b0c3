/** What attackers received: how often each status, how often a cut connection, and what no client should receive. */
export type Tallied = { counts: Record<string, number>; wrong: string[] }

export type Answered = { status: number; headers: Record<string, string | string[] | undefined>; body: string; isHead?: boolean }

const KEPT = 10

/** Both dialects say it in `error`: a sentence, or v1's few words. */
function saysWhy(body: string): boolean {
  try {
    const { error } = JSON.parse(body) as { error?: unknown }
    return typeof error === 'string' && error.length > 3
  } catch {
    return false
  }
}

function wrongWith({ status, headers, body, isHead }: Answered, answers: readonly number[], isPage: boolean): string | undefined {
  const cut = body.length > 200 ? `${body.slice(0, 200)} …` : body
  if (!answers.includes(status)) return `${status} ${cut}`
  if (status < 400 || isPage) return undefined
  if (!isHead && !saysWhy(body)) return `${status} without a reason: ${cut}`
  if ((status === 429 || status === 503) && headers['retry-after'] === undefined) return `${status} without Retry-After`
  return undefined
}

export function newTally({ answers, isPage = false }: { answers: readonly number[]; isPage?: boolean }) {
  const counts: Record<string, number> = {}
  const wrong = new Set<string>()
  const count = (what: string | number) => void (counts[what] = (counts[what] ?? 0) + 1)
  return {
    count,
    answered(answer: Answered) {
      count(answer.status)
      const sentence = wrongWith(answer, answers, isPage)
      if (sentence !== undefined && wrong.size < KEPT) wrong.add(sentence.replace(/"requestId":"[^"]*"/, ''))
    },
    total: (): Tallied => ({ counts, wrong: [...wrong] }),
  }
}
export type Tally = ReturnType<typeof newTally>
