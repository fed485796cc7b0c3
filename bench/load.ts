import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { say } from '#test/support/measure/report'

const run = promisify(execFile)
const peers = join(import.meta.dirname, 'peers')

/** The load generator has a package of its own, so that users who only run Bulkhead do not install it. */
export async function ensureLoadGenerator(): Promise<void> {
  if (existsSync(join(peers, 'node_modules', 'autocannon'))) return
  say('Installing the load generator (npm ci in bench/peers) …')
  await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: peers, shell: process.platform === 'win32' })
}

/** Ends after this many seconds, or after this many answers. */
type Length = { seconds: number } | { requests: number }

export type Load = { perSecond: number; p50: number; p99: number }

type Outcome = {
  requests: { total: number }
  duration: number
  latency: { p50: number; p99: number }
  non2xx: number
  errors: number
  timeouts: number
}

/**
 * Opens this many connections, each with one request after the other, from a process of its own. An answer other than 2xx fails
 * the bench.
 */
export async function load(
  url: string,
  { bearer, connections, ...length }: { bearer: string; connections: number } & Length,
): Promise<Load> {
  const program = createRequire(join(peers, 'package.json')).resolve('autocannon/autocannon.js')
  const until = 'seconds' in length ? ['-d', String(length.seconds)] : ['-a', String(length.requests)]
  const flags = ['--json', '--no-progress', '-c', String(connections), ...until, '-H', `authorization=Bearer ${bearer}`]
  const { stdout } = await run(process.execPath, [program, ...flags, url], { maxBuffer: 1e8 })
  const { requests, duration, latency, non2xx, errors, timeouts } = JSON.parse(stdout) as Outcome
  if (non2xx + errors + timeouts > 0) throw new Error(`${url}: ${non2xx} refused, ${errors} failed, ${timeouts} timed out`)
  return { perSecond: requests.total / duration, p50: latency.p50, p99: latency.p99 }
}
