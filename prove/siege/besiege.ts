import { setTimeout as sleep } from 'node:timers/promises'
import { percentile } from '#test/support/measure/report'
import { clientOf } from '#test/support/http/client'
import { residentMegabytes } from '../soak/measured.ts'
import type { Attack } from './attack.ts'
import type { Order, Tallies } from './attacker.ts'
import { ask, startChild } from './child.ts'
import type { Lived } from './neighbor.ts'
import type { Stage } from './stage.ts'
import type { Target } from './target.ts'

/** Megabytes above the idle server: the most that an attack can add, and what can remain after it. Four attacks at once can add twice as much. */
const MOST_MORE = 200
const MOST_KEPT = 100
const SHORT = 2
/** Milliseconds: how much longer than the allowance the neighbor may wait, and how long `/healthz` may take. */
const SLACK = 100
const HEALTH = 200
/** Beside other tests there is no quiet baseline to compare with. */
const HEALTH_SHORT = 1000
const PATIENCE = 30_000

/**
 * How long the same load hits the server, and then the idle port. `baseline` 0: checks only that nothing fails, and compares no
 * times.
 */
export type Length = { baseline: number; attack: number; much: boolean }

export type Verdict = {
  names: string[]
  tried: number
  failures: string[]
  times: { quiet: number; baseline: number; p50: number; p99: number; health: number; baselineHealth: number }
  memory: { idle: number; peak: number; after: number }
  tallies: Tallies
}

const timesOf = ({ took }: Lived, isHealth: boolean) =>
  Object.entries(took)
    .filter(([kind]) => (kind === 'healthz') === isHealth)
    .flatMap(([, times]) => times)
/** The kinds of calls that took longest, with their 90th percentiles, to find what an attack slows down. */
const slowestOf = ({ took }: Lived) =>
  Object.entries(took)
    .map(([kind, times]) => [kind, Math.round(at(90, times))] as const)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([kind, time]) => `${kind} ${time}`)
    .join(', ')
const at = (percent: number, times: number[]) => (times.length === 0 ? 0 : percentile(times, percent))

/** Starts the attackers in a process of their own, which computes what they send and dies with them. */
async function attackers(order: Order) {
  const child = startChild('attacker.ts')
  await ask(child, order)
  return { end: () => ask<Tallies>(child, 'stop') }
}

/** The peak memory of the process while `work` runs. */
async function peakOf<Result>(pid: number, work: () => Promise<Result>): Promise<{ peak: number; result: Result }> {
  let peak = 0
  const look = () => (peak = Math.max(peak, residentMegabytes(pid) ?? 0))
  const clock = setInterval(look, 100)
  const result = await work()
  look()
  clearInterval(clock)
  return { peak, result }
}

/** Runs the neighbor while these attacks hit their target. */
async function lived(stage: Stage, order: Order | undefined, milliseconds: number): Promise<{ lived: Lived; tallies: Tallies }> {
  const attack = order && (await attackers(order))
  stage.live(stage.server().url)
  await sleep(milliseconds)
  const tallies = await (attack?.end() ?? {})
  return { lived: await stage.rest(), tallies }
}

/** Memory and pool are back, and what the neighbor did is sealed; or what is not, when patience is over. */
async function recovered(stage: Stage, mostKept: number): Promise<{ after: number; wrong: string[] }> {
  const { pid, url, isRunning, output } = stage.server()
  if (!isRunning()) return { after: 0, wrong: [`the server ended: ${output.slice(-3).join(' ').slice(0, 300)}`] }
  const { slug, place } = stage.world.neighbor
  const send = clientOf(url)
  const unsealed = async () =>
    (await send<{ unsealed: number }>(place.token, `GET /${slug}/${place.slug}/audit-events/chain`)).body?.unsealed
  const { failures } = await stage.burst()
  const wrong = failures.slice(0, 3).map((failure) => `afterwards: ${failure}`)
  if (wrong.length > 0) return { after: residentMegabytes(pid) ?? 0, wrong }
  for (const until = Date.now() + PATIENCE; ; await sleep(250)) {
    const after = residentMegabytes(pid) ?? 0
    const waiting = await unsealed().catch(() => undefined)
    if (after <= stage.idle() + mostKept && waiting === 0) return { after, wrong }
    if (Date.now() < until) continue
    if (after > stage.idle() + mostKept)
      wrong.push(`afterwards it holds ${Math.round(after)} MB, idle ${Math.round(stage.idle())}`)
    if (waiting !== 0) wrong.push(`afterwards ${waiting} of the neighbor's events are not sealed`)
    return { after, wrong }
  }
}

/** Requests that were answered or cut, also those whose body never ended. */
const answered = (tallies: Tallies) =>
  Object.values(tallies).reduce((sum, { counts }) => sum + Object.values(counts).reduce((all, times) => all + times, 0), 0)

/** Runs the neighbor while the same load hits the idle port, which refuses at the rate at which the server answered. */
async function allowance(stage: Stage, names: string[], target: Target, perSecond: number, milliseconds: number) {
  await stage.refusing(perSecond)
  return lived(stage, { names, target: { ...target, port: stage.sinkPort }, prepareOnly: false }, milliseconds)
}

/** Runs these attacks at once beside the neighbor, and reports every deviation. */
export async function besiege(stage: Stage, attacks: Attack[], { baseline, attack, much }: Length, quiet = 0): Promise<Verdict> {
  const names = attacks.map(({ name }) => name)
  const toServer = (): Target => ({ host: '127.0.0.1', port: Number(new URL(stage.server().url).port), world: stage.world, much })
  if (attacks.some(({ prepare }) => prepare)) await (await attackers({ names, target: toServer(), prepareOnly: true })).end()
  const { pid } = stage.server()
  const { peak, result } = await peakOf(pid, () => lived(stage, { names, target: toServer(), prepareOnly: false }, attack))
  const { after, wrong } = await recovered(stage, MOST_KEPT * (baseline === 0 ? SHORT : 1))
  const allowed =
    baseline === 0 || !stage.server().isRunning()
      ? undefined
      : await allowance(stage, names, toServer(), answered(result.tallies) / (attack / 1000), baseline)

  const idle = stage.idle()
  const mostMore = MOST_MORE * (baseline === 0 ? SHORT : 1)
  const [before, during] = [allowed?.lived, result.lived]
  const times = {
    quiet,
    baseline: before ? at(99, timesOf(before, false)) : 0,
    p50: at(50, timesOf(during, false)),
    p99: at(99, timesOf(during, false)),
    health: at(99, timesOf(during, true)),
    baselineHealth: before ? at(99, timesOf(before, true)) : 0,
  }
  const mostHealth = before ? HEALTH + times.baselineHealth : HEALTH_SHORT
  const failures = [
    ...during.failures.slice(0, 3).map((failure) => `the neighbor: ${failure}`),
    ...(during.failures.length > 3 ? [`the neighbor: ${during.failures.length} of ${during.tried} calls failed`] : []),
    ...(before && times.p99 > 2 * times.baseline + SLACK
      ? [
          `the neighbor's p99 is ${Math.round(times.p99)} ms, under the same load elsewhere ${Math.round(times.baseline)} (90th percentiles: ${slowestOf(during)})`,
        ]
      : []),
    ...(times.health > mostHealth ? [`/healthz takes ${Math.round(times.health)} ms, at most ${Math.round(mostHealth)}`] : []),
    ...(peak > idle + mostMore ? [`it holds up to ${Math.round(peak)} MB, idle ${Math.round(idle)}`] : []),
    ...Object.entries(result.tallies).flatMap(([name, tally]) => tally.wrong.map((what) => `${name} got ${what}`)),
    ...wrong,
  ]
  return { names, tried: during.tried, failures, times, memory: { idle, peak, after }, tallies: result.tallies }
}

export async function alone(stage: Stage, milliseconds: number): Promise<number> {
  const { lived: quiet } = await lived(stage, undefined, milliseconds)
  return at(99, timesOf(quiet, false))
}
