import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '#config/config'
import { machine, table } from '#test/support/measure/report'
import { attacks } from './attacks.ts'
import type { Verdict } from './besiege.ts'

const whole = (value: number) => Math.round(value).toLocaleString('en-US')

/** `207 × 3, 503 × 40`: the statuses first, by number. */
function gotOf({ tallies }: Verdict): string {
  const counts = Object.values(tallies).flatMap(({ counts: all }) => Object.entries(all))
  return counts.map(([what, times]) => `${what} × ${whole(times)}`).join(', ') || '–'
}

const rowOf = (verdict: Verdict) => {
  const { names, tried, failures, times, memory } = verdict
  return [
    names.join(', '),
    whole(tried),
    whole(failures.length),
    whole(times.p50),
    `${whole(times.quiet)} / ${whole(times.baseline)} / ${whole(times.p99)}`,
    whole(times.health),
    `${whole(memory.idle)} / ${whole(memory.peak)} / ${whole(memory.after)}`,
    failures.length === 0 ? 'yes' : 'NO',
  ]
}

const header = [
  'attack',
  'calls',
  'failures',
  'p50 ms',
  'p99 ms alone / baseline / attack',
  'healthz p99 ms',
  'MB idle / peak / after',
  'holds',
]

/** Writes the results of the siege as Markdown, beside the other results. */
export function keep(verdicts: Verdict[]): void {
  const summaries = verdicts.map((verdict) => {
    const { what } = attacks.find(({ name }) => name === verdict.names[0])!
    const wrong = verdict.failures.map((failure) => `  - ${failure.replaceAll(/\s+/g, ' ').slice(0, 300)}`)
    return [`- **${verdict.names[0]}**: ${what}. Its callers got ${gotOf(verdict)}.`, ...wrong].join('\n')
  })
  const text = [
    '## One tenant attacks, and its neighbor works on',
    'Each attack hits the server, and then an idle port, which is the allowance: it refuses as many requests a second as the server answered. Beside it a neighbor in another organization reads, writes, signs in and opens pages at a steady rate; `calls` are the neighbor’s. An attack holds when no call of the neighbor fails, its p99 is at most twice the baseline and 100 ms more, `/healthz` answers within 200 ms and the baseline, the process holds at most 200 MB more than idle, is the same process afterwards with at most 100 MB more, and no attacker gets anything but an answer with a reason or a cut connection. Clients, server and database share the machine.',
    table(header, verdicts.map(rowOf)),
    summaries.join('\n'),
    `Machine: ${machine()}. \`npm run prove siege\`.`,
  ].join('\n\n')
  const results = join(projectRoot, 'bench', 'results')
  mkdirSync(results, { recursive: true })
  writeFileSync(join(results, 'siege.md'), `${text}\n`)
}
