import { afterAll, beforeAll, expect, test } from 'vitest'
import { personalToken } from '../support/world/cast.ts'
import type { Who } from '../support/http/client.ts'
import { browser } from '../support/http/session.ts'
import { type Wrongs, all, openWrongs } from '../support/http/wrongs.ts'

let on: Wrongs
let wrong: Record<string, Who>
beforeAll(async () => {
  on = await openWrongs()
  const { db, cast, alpha } = on
  const { world, people } = cast
  const { owner } = alpha.stage.tokens
  const past = '2020-01-01T00:00:00Z'
  const revoked = await personalToken(db, people.orgOwner, world.org.id)
  await db
    .updateTable('personal_tokens')
    .set({ revoked_at: past })
    .where('user_id', '=', people.orgOwner.id)
    .where('token_prefix', '=', revoked.slice(0, 10))
    .execute()
  const [lapsed, recalled] = [
    await world.token(alpha.stage, { role: 'owner' }),
    await world.token(alpha.stage, { role: 'owner' }),
  ]
  await db.updateTable('project_tokens').set({ expires_at: past }).where('id', '=', lapsed.actor.id).execute()
  await db.updateTable('project_tokens').set({ revoked_at: past }).where('id', '=', recalled.actor.id).execute()
  wrong = {
    nothing: null,
    'an expired personal token': await personalToken(db, people.orgOwner, world.org.id, past),
    'a revoked personal token': revoked,
    'an expired project token': lapsed.text,
    'a revoked project token': recalled.text,
    'a mistyped token': owner.slice(0, -1) + (owner.endsWith('0') ? '1' : '0'),
    'another kind of token': `bhu_${owner.slice(4)}`,
    'no token of ours': 'ghp_0123456789',
    'a token in latin1': 'bhp_\u00ff\u00fe',
    'a very long token': `bhp_${'x'.repeat(8000)}`,
    Basic: { authorization: `Basic ${btoa('a:b')}` },
    'a scheme alone': { authorization: 'Bearer' },
    'two tokens': { authorization: `Bearer ${owner} ${owner}` },
    'a wrong X-Project-Token': { 'x-project-token': 'x' },
    'a forged cookie': { cookie: 'next-auth.session-token=x', 'sec-fetch-site': 'same-origin' },
    'the cookie of a session that is over': await browser('019aa000-0000-7000-8000-000000000000'),
    'a wrong token beside a good cookie': { ...(await browser(people.orgOwner.credentialId)), authorization: 'Bearer x' },
  }
  await on.remember()
})
afterAll(() => on.stop())

const guarded = all.filter(({ operation }) => operation.permission !== 'public' && operation.permission !== 'anybody')

test('answers 401 to callers without a valid credential', async () => {
  const cases = Object.entries(wrong).map(([why, as]) => ({
    why,
    expected: '401 unauthenticated',
    send: () => on.wrongly('DELETE /{o}/{p}/nuke', { as }),
  }))
  expect(await on.surprises(cases)).toEqual({})
})

test.for(guarded)('$name: 401 without a token, and with an expired or revoked one', async ({ name }) => {
  const cases = ['nothing', 'a revoked personal token', 'an expired project token'].map((why) => ({
    why,
    expected: '401 unauthenticated',
    send: () => on.wrongly(name, { as: wrong[why]! }),
  }))
  expect(await on.surprises(cases)).toEqual({})
})

const inProject = guarded.filter(({ operation }) => /\{p\}|\{projectId\}/.test(operation.path))

test.for(inProject)('$name: finds nothing for the token of another project', async ({ name, operation }) => {
  const asForbidden =
    operation.hideUnknown ||
    operation.permission === 'projects:restore' ||
    operation.permission === 'projects:purge' ||
    operation.path.includes('/favorites/')
  const expected = asForbidden ? '403 forbidden' : '404 project_not_found'
  const send = () => on.wrongly(name, { as: on.beta.stage.tokens.owner })
  expect(await on.surprises([{ why: 'beta', expected, send }])).toEqual({})
})
