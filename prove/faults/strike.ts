import { setTimeout as sleep } from 'node:timers/promises'
import type { Cast } from '#test/support/world/cast'
import type { Victim } from './postgres.ts'
import { finishPurge, startPurge } from './purging.ts'
import { type Seen, nothingSeen, stubborn } from './stubborn.ts'
import { type Stages, notWhole } from './whole.ts'
import { applier, entityWriter, furnish, memberChanger, newLedger, nuker } from './work.ts'

type Target = { victim: Victim; cast: Cast; origin: string; purged: number }

let round = 0

/**
 * Runs all kinds of work in projects of their own, strikes in the middle, and answers what is inconsistent once everything was
 * answered.
 */
export async function strike(
  { victim, cast, origin, purged }: Target,
  blow: () => Promise<string[]>,
): Promise<{ wrong: string[]; seen: Seen }> {
  const seen = nothingSeen()
  const insist = stubborn(origin, seen)
  const ledger = newLedger()
  const owner = cast.people.orgOwner.token
  const at = { insist, owner, ledger }
  const slug = `round-${++round}`
  const stages: Stages = {
    steady: await cast.project(`${slug}-steady`),
    wiped: await cast.project(`${slug}-wiped`),
    purged: await cast.project(`${slug}-purged`),
  }
  await furnish(at, stages.steady)
  await startPurge(victim, stages.purged, purged, insist, owner)
  const steps = [
    entityWriter(at, stages.steady),
    entityWriter(at, stages.steady),
    applier(at, stages.steady),
    memberChanger(at, stages.steady, [cast.people.orgMember.id, cast.people.newcomer.id]),
    nuker(at, stages.wiped),
  ]
  let over = false
  const working = steps.map(async (step) => {
    do await step()
    while (!over)
  })
  await sleep(Math.random() * 700)
  const late = await blow()
  over = true
  await Promise.all(working)
  const left = await finishPurge(victim.db, stages.purged)
  const wrong = [...late, ...seen.wrong, ...ledger.wrong, ...left, ...(await notWhole(victim.db, stages, ledger))]
  return { wrong: wrong.map((one) => `round ${round}: ${one}`), seen }
}
