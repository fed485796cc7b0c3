import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Answer } from '#test/support/http/client'
import { digest } from '#test/support/http/digest'
import { requestOf, sentBy } from '#test/support/http/examples'
import { servedRoutes } from '#test/support/http/served-routes'
import { expectedOf, isV1Route } from './places.ts'
import { routes } from './routes.ts'
import { type AccessStage, openStage } from './stage.ts'
import type { Subject } from './subjects.ts'
import type { Aim } from './targets.ts'
import { progress, report, scaleOf } from '#test/support/outcome'

let stage: AccessStage
beforeAll(async () => {
  stage = await openStage()
}, 300_000)
afterAll(() => stage.stop())

test('lists every served route in the table, and serves every listed one', async () => {
  expect(await servedRoutes()).toEqual(Object.keys(routes).toSorted())
})

/** Why the example cannot complete for an authorized caller. */
const unreachable: Record<string, string> = {
  'POST /setup/owner': 'there is an owner',
  'POST /session/second-factor': 'the browser of the first step is another',
  'POST /session/second-factor/options': 'the browser of the first step is another',
  'POST /session/passkey': 'the browser that was asked for the passkey is another',
  'POST /{o}/{p}/import': 'the project is not empty',
  'POST /me/identities': 'there is no sign-in provider',
  'DELETE /me/totp': 'there is no authenticator app',
  'POST /me/totp/confirmation': 'there is no authenticator app',
  'POST /me/recovery-codes': 'there is no second factor',
  'POST /me/reauthentication': 'the passkey is asked for, too',
  'POST /me/passkeys': 'the passkey was made for another',
  'POST /me/reauthentication/options': 'there is no passkey of a browser',
}

/** The example's subject is missing from the other organization, even for its owner. */
const onlyHere: Record<string, string> = {
  'POST /orgs/{orgId}/member-changes': 'its body names a project',
  'POST /orgs/{orgId}/file/apply': 'the plan is of this organization',
  'POST /orgs/{orgId}/projects/{projectId}/restore': 'nothing was deleted there',
  'DELETE /orgs/{orgId}/deleted-projects/{projectId}': 'nothing was deleted there',
}

type Try = { route: string; subject: Subject; target: Aim }

function send({ route, subject, target }: Try): Promise<Answer> {
  const isV1 = isV1Route(route)
  const { params, after = '', raw, ...example } = stage.examples[target.place === 'sibling' ? 'beta' : 'alpha'][route]!
  const mine = / \/me\/|personal-tokens/.test(route) ? stage.guests[subject.column] : {}
  const confirmed = route === 'DELETE /{o}/{p}/nuke' && target.place === 'elsewhere' ? { body: { confirm: 'theirs' } } : {}
  const body = target.place === 'own' && stage.bodies[route] ? { body: stage.bodies[route] as Record<string, unknown> } : {}
  const line = requestOf(route, { ...params, ...mine, ...target.params }) + after
  return stage.send(
    isV1 ? subject.asV1 : subject.as,
    line,
    raw === undefined ? sentBy({ ...example, ...body, ...confirmed }) : { raw },
  )
}

/** The codes of a caller who is not let in. */
const refusals = new Set([
  'unauthenticated',
  'forbidden',
  'scoped_actor',
  'verb_not_granted',
  'organization_not_found',
  'project_not_found',
])

/** How the answer differs from the tables; undefined when it matches. */
function wrongWith({ route, target }: Try, expected: string, { status, body, text }: Answer): string | undefined {
  const answered = `${status} ${text.slice(0, 160)}`
  if (status >= 500 && String(status) !== expected) return answered
  if (expected !== 'yes') return String(status) === expected ? undefined : answered
  if (target.place === 'elsewhere' && route in onlyHere && text.includes('"project_not_found"')) return undefined
  if (status < 400) return status === 207 && routes[route]!.startsWith('row by row') ? answered : undefined
  // The last owner, and an organization owner in a project of theirs, cannot leave through this call.
  const isShort = route in unreachable || target.place === 'elsewhere' || (target.isSelf && status === 409)
  return isShort && (!refusals.has(body?.code) || body.details) ? undefined : answered
}

/** Refused calls per check that the database still holds the same. */
const LOOK = 300

test('answers every caller on every route and target as the tables say', { timeout: 0 }, async () => {
  const tries = Object.keys(routes).flatMap((route) =>
    stage.subjects.flatMap((subject) =>
      stage.aimsOf(route, subject).map((target) => {
        const one: Try = { route, subject, target }
        return { ...one, expected: expectedOf(one, routes[route]!) }
      }),
    ),
  )
  const limit = scaleOf('access', 500)
  const seed = Number(process.env['PROVE_SEED'] ?? Date.now() % 2 ** 31)
  const dice = fc.sample(fc.infiniteStream(fc.noBias(fc.nat({ max: tries.length - 1 }))), { numRuns: 1, seed })[0]!
  const chosen = tries.filter(() => dice.next().value < limit)
  const failures: string[] = []
  let tried = 0
  const refusedWith = new Map<string, string>()
  /** Answers whether the call did something. */
  async function judge(one: (typeof tries)[number]): Promise<boolean> {
    const { route, subject, target, expected } = one
    const answer = await send(one)
    const call = `${route}  as ${subject.name}  to ${target.name}`
    const wrong = wrongWith(one, expected, answer)
    if (wrong) failures.push(`${call}: ${expected}, not ${wrong}`)
    else if (expected !== 'yes' && target.place !== 'own' && !target.isMalformed) {
      // A target that the caller must not know of is refused in the same words whether it exists or not.
      const isProject = isV1Route(route) || target.place === 'sibling' || target.place === 'no project'
      const key = [route, subject.name, isProject, expected].join()
      const answered = `${answer.body.code} ${answer.body.error}`
      if ((refusedWith.get(key) ?? answered) !== answered)
        failures.push(`${call}: “${answered}”, and of another target “${refusedWith.get(key)}”`)
      refusedWith.set(key, answered)
    }
    progress(++tried, chosen.length, `${failures.length} failed`)
    return answer.status < 300
  }
  const { held, db } = stage
  const before = await digest(db)
  const refused = chosen.filter(({ expected }) => expected !== 'yes')
  for (let i = 0; i < refused.length; i += LOOK) {
    const some = refused.slice(i, i + LOOK)
    await held.begin()
    for (const one of some) {
      // Rolls back what succeeded, so that later calls are judged without it.
      if (await judge(one)) await held.rollback().then(() => held.begin())
    }
    if ((await digest(held.db)) !== before)
      failures.push(`something from ${some[0]!.route} to ${some.at(-1)!.route} changes what it refuses to change`)
    await held.rollback()
  }
  for (const one of chosen.filter(({ expected }) => expected === 'yes')) {
    await held.begin()
    await judge(one)
    await held.rollback()
  }
  if (failures.length > 0) failures.unshift(`PROVE_SEED=${seed} tries the same again`)
  expect(report({ what: 'calls by everybody', tried, failures })).toEqual([])
})
