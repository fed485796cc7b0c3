import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { countWaiting } from '#test/support/database/database'
import { CreateToken, UpdateToken } from '#contract/tokens/tokens'
import type { ProjectContext } from '../context.ts'
import { issuePersonalToken, issueProjectToken } from './issued.ts'
import { countLongTokens, updateOrganization } from '../organizations/organizations.ts'
import { createWorld, openWorld, page, refused } from '#test/support/world/world'
import { updatePersonalToken, updateToken } from './changes.ts'
import { assertWelcome } from './lifetime.ts'
import { createPersonalToken, createToken, listTokens, rotateToken } from './tokens.ts'
import { createV1Project } from '../v1/projects.ts'
import { createV1Token } from '../v1/tokens.ts'

const world = await openWorld()
const other = await createWorld(world.db, 'other')
afterAll(world.close)
vi.stubEnv('BULKHEAD_SECRET', 'a secret for this test that is long')
afterAll(() => vi.unstubAllEnvs())

const project = await world.project('p')
const DAY = 86_400_000
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString()
const daysLeft = (time: string | null) => Math.round((Date.parse(time!) - Date.now()) / DAY)
const input = (rights: Partial<CreateToken> = {}) => CreateToken.parse({ name: 'ci', ...rights })
const limit = async (maxTokenLifetimeDays: number | null, shortenTokens = false) =>
  updateOrganization(await world.at(world.root), { maxTokenLifetimeDays, shortenTokens })
const age = (id: string, days: number) =>
  world.db
    .updateTable('project_tokens')
    .set({ created_at: inDays(-days) })
    .where('id', '=', id)
    .execute()

describe('with a maximum of 30 days', () => {
  beforeAll(async () => void (await limit(30)))
  afterAll(async () => void (await limit(null)))
  const makers: [string, (c: ProjectContext, expiresAt: string | null) => Promise<unknown>][] = [
    ['a project token', (c, expiresAt) => createToken(c, input({ expiresAt }))],
    ['a personal token', (c, expiresAt) => createPersonalToken(c, { name: 'laptop', expiresAt })],
    [
      'a project token of the command line',
      (c, expiresAt) => issueProjectToken(c.db, { ...c.project, org: c.org }, input({ expiresAt })),
    ],
    [
      'a personal token of the command line',
      (c, expiresAt) => issuePersonalToken(c.db, world.root, c.org, { name: 'x', expiresAt }),
    ],
  ]
  test.for(makers)('%s must end by then', async ([, make]) => {
    const context = await world.inside(project)
    expect(await refused(make(context, null))).toBe('token_lifetime_too_long')
    expect(await refused(make(context, inDays(30.1)))).toBe('token_lifetime_too_long')
    await make(context, inDays(29.9))
  })

  test('names the latest possible expiry', async () => {
    const refusal = await createToken(await world.inside(project), input()).catch((error: unknown) => error)
    expect(refusal).toMatchObject({
      message: expect.stringMatching(
        /^Tokens of this organization can live for at most 30 days. Choose an expiry no later than 20\d\d-/,
      ),
      details: [{ path: 'expiresAt', message: expect.stringContaining('must be no later than') }],
    })
  })

  test('a token of the v1 API gets the maximum, also the one that comes with a project', async () => {
    const { id } = await createV1Token(await world.inside(project), { name: 'v1', permissions: undefined })
    const made = await createV1Project((await world.at(world.root)) as never, { name: 'V one' })
    for (const [of, name] of [
      [project, id],
      [made, undefined],
    ] as const) {
      const { items } = await listTokens(await world.inside(of), page)
      const token = name === undefined ? items[0]! : items.find((one) => one.id === name)!
      expect(daysLeft(token.expiresAt)).toBe(30)
    }
  })

  test('another organization is not limited', async () => {
    const elsewhere = await other.project('elsewhere')
    expect(await createToken(await other.inside(elsewhere), input())).toMatchObject({ expiresAt: null })
  })

  test('a token without an organization is refused where it lives too long', () => {
    const guest = (createdAt: string, expiresAt: string | null) => ({
      actor: { ...world.root, via: 'personal_token' as const, orgId: null, tokenLife: { createdAt, expiresAt } },
    })
    const org = { slug: 'acme', maxTokenDays: 30 }
    expect(() => assertWelcome(guest(inDays(0), null), org)).toThrow('This token lives longer than the 30 days that acme allows')
    expect(() => assertWelcome(guest(inDays(-20), inDays(11)), org)).toThrow('lives longer')
    expect(() => assertWelcome(guest(inDays(-20), inDays(9)), org)).not.toThrow()
    expect(() => assertWelcome(guest(inDays(0), null), { ...org, maxTokenDays: null })).not.toThrow()
    expect(() => assertWelcome({ actor: { ...guest(inDays(0), null).actor, orgId: world.org.id } }, org)).not.toThrow()
  })
})

describe('a token from before the maximum', () => {
  afterAll(async () => void (await limit(null)))

  test('keeps its own end, and its rotation obeys the maximum', async () => {
    const of = await world.project('kept')
    const { actor } = await world.token(of)
    await limit(30)
    expect((await listTokens(await world.inside(of), page)).items).toMatchObject([{ expiresAt: null }])
    const rotated = await rotateToken(await world.inside(of), actor.id, { overlapSeconds: 0 })
    expect(daysLeft(rotated.expiresAt)).toBe(30)
    await limit(null)
  })

  test('is shortened on request: old ones end within a week, none later than before, each with an event', async () => {
    const of = await world.project('shortened')
    const [endless, old, short] = [await world.token(of), await world.token(of), await world.token(of, { expiresAt: inDays(3) })]
    await age(old.actor.id, 400)
    const mine = await createPersonalToken(await world.at(await world.person()), { name: 'laptop' })
    const elsewhere = await other.token(await other.project('untouched'))
    const before = await countLongTokens(await world.at(world.root), { days: 90 })
    expect(before.projectTokens).toBeGreaterThanOrEqual(2)
    expect(before.personalTokens).toBeGreaterThanOrEqual(1)
    await limit(90, true)
    expect(await countLongTokens(await world.at(world.root), { days: 90 })).toEqual({ projectTokens: 0, personalTokens: 0 })
    const { items } = await listTokens(await world.inside(of), page)
    const left = Object.fromEntries(items.map(({ id, expiresAt }) => [id, daysLeft(expiresAt)]))
    expect(left).toEqual({ [endless.actor.id]: 90, [old.actor.id]: 7, [short.actor.id]: 3 })
    const lives = await world.db
      .selectFrom('personal_tokens')
      .select('expires_at')
      .where('id', '=', mine.id)
      .executeTakeFirstOrThrow()
    expect(daysLeft(lives.expires_at)).toBe(90)
    const untouched = await world.db
      .selectFrom('project_tokens')
      .select('expires_at')
      .where('id', '=', elsewhere.actor.id)
      .executeTakeFirst()
    expect(untouched).toEqual({ expires_at: null })
    const events = await world.db
      .selectFrom('audit_events')
      .select(['action', 'target_id', 'after'])
      .where('project_id', '=', of.id)
      .where('action', '=', 'token.updated')
      .execute()
    expect(events.map(({ target_id }) => target_id).toSorted()).toEqual([endless.actor.id, old.actor.id].toSorted())
  })

  test('is neither counted nor shortened by a caller who does not manage the organization', async () => {
    const member = await world.at(await world.person('member'))
    expect(await refused(updateOrganization(member, { maxTokenLifetimeDays: 1 }))).toBe('forbidden')
    expect(await refused(countLongTokens(member, { days: 1 }))).toBe('forbidden')
  })
})

test('a token made while the maximum is being set obeys it', async () => {
  const of = await world.project('race')
  const context = await world.inside(of)
  let made: Promise<unknown> | undefined
  await world.db.transaction().execute(async (trx) => {
    await updateOrganization({ ...(await world.at(world.root)), db: trx }, { maxTokenLifetimeDays: 5 })
    made = createToken(context, input()).catch((error: unknown) => (error as { code: string }).code)
    await blocked(1)
  })
  expect(await made).toBe('token_lifetime_too_long')
  await limit(null)
})

/** Waits until so many connections are blocked by a lock of another. */
async function blocked(count: number): Promise<void> {
  await vi.waitFor(async () => expect(await countWaiting(world.db)).toBe(count))
}

describe('updateToken', () => {
  const change = (rights: Record<string, unknown>) => UpdateToken.parse(rights)

  test('changes name, end and addresses, and leaves the rest', async () => {
    const of = await world.project('edited')
    const { actor } = await world.token(of, { role: 'viewer', cellScopes: ['a'], allowedAddresses: ['192.0.2.1'] })
    const context = await world.inside(of)
    const first = await updateToken(context, actor.id, change({ name: 'deploy', expiresAt: '2031-01-01T00:00:00Z' }))
    expect(first).toMatchObject({
      name: 'deploy',
      expiresAt: '2031-01-01T00:00:00.000000Z',
      allowedAddresses: ['192.0.2.1'],
      role: 'viewer',
    })
    expect(await updateToken(context, actor.id, change({ allowedAddresses: [] }))).toEqual({ ...first, allowedAddresses: [] })
    expect(await updateToken(context, actor.id, change({ expiresAt: null }))).toMatchObject({ expiresAt: null })
    expect(await updateToken(context, actor.id, {})).toMatchObject({ name: 'deploy' })
    const events = await world.db
      .selectFrom('audit_events')
      .select(['before', 'after'])
      .where('action', '=', 'token.updated')
      .where('project_id', '=', of.id)
      .orderBy('id')
      .execute()
    expect(events).toHaveLength(3)
    expect(events[0]).toMatchObject({ before: { name: 'ci' }, after: { name: 'deploy' } })
  })

  test('can bring the end closer freely, and extend it only within the maximum, counted from creation', async () => {
    const of = await world.project('prolonged')
    const { actor } = await world.token(of)
    await age(actor.id, 20)
    await limit(30)
    const context = await world.inside(of)
    const until = async (expiresAt: string | null) => updateToken(context, actor.id, { expiresAt })
    expect(daysLeft((await until(inDays(300))).expiresAt)).toBe(300)
    expect(await refused(until(inDays(301)))).toBe('token_lifetime_too_long')
    expect(await refused(until(null))).toBe('token_lifetime_too_long')
    await until(inDays(5))
    expect(daysLeft((await until(inDays(9.9))).expiresAt)).toBe(10)
    expect(await refused(until(inDays(10.1)))).toBe('token_lifetime_too_long')
    await updateToken(context, actor.id, { name: 'same' })
    await limit(null)
  })

  test('refuses changes that the caller may not grant, and an end after the caller’s own', async () => {
    const of = await world.project('granted')
    const owners = await world.token(of, { role: 'owner' })
    const { actor } = await world.token(of, { expiresAt: inDays(5) })
    const admin = await world.inside(of, await world.member(of, { role: 'admin' }))
    const brief = await world.inside(of, await world.member(of, { role: 'admin', expiresAt: inDays(10) }))
    const member = await world.inside(of, await world.member(of))
    expect(await refused(updateToken(admin, owners.actor.id, { name: 'mine' }))).toBe('forbidden')
    expect(await refused(updateToken(brief, actor.id, { expiresAt: inDays(11) }))).toBe('forbidden')
    expect(await refused(updateToken(brief, actor.id, { expiresAt: null }))).toBe('forbidden')
    await updateToken(brief, actor.id, { expiresAt: inDays(9) })
    expect(await refused(updateToken(member, actor.id, { name: 'mine' }))).toBe('forbidden')
    const elsewhere = await other.project('their-tokens')
    expect(await refused(updateToken(await other.inside(elsewhere), actor.id, { name: 'mine' }))).toBe('token_not_found')
  })

  test('refuses to revive an expired token', async () => {
    const of = await world.project('over')
    const { actor } = await world.token(of)
    const context = await world.inside(of)
    expect(await refused(updateToken(context, actor.id, { expiresAt: inDays(-1) }))).toBe('invalid_request')
    await updateToken(context, actor.id, { expiresAt: inDays(0) })
    expect(await refused(updateToken(context, actor.id, { expiresAt: inDays(1) }))).toBe('token_expired')
  })
})

test('changes only the caller’s own personal tokens', async () => {
  const [person, colleague] = [await world.person(), await world.person()]
  const context = await world.at(person)
  const { id } = await createPersonalToken(context, { name: 'laptop' })
  expect(await updatePersonalToken(context, id, { name: 'desk', allowedAddresses: ['192.0.2.0/24'] })).toMatchObject({
    name: 'desk',
    allowedAddresses: ['192.0.2.0/24'],
  })
  expect(await refused(updatePersonalToken(await world.at(colleague), id, { name: 'mine' }))).toBe('token_not_found')
  expect(await refused(updatePersonalToken(await other.at(other.root), id, { name: 'mine' }))).toBe('token_not_found')
  expect(await refused(updatePersonalToken(await world.at({ ...person, via: 'personal_token' }), id, { name: 'x' }))).toBe(
    'forbidden',
  )
  await limit(10)
  expect(
    await refused(
      updatePersonalToken(context, id, { expiresAt: null, name: 'x' })
        .then(() => updatePersonalToken(context, id, { expiresAt: inDays(5) }))
        .then(() => updatePersonalToken(context, id, { expiresAt: inDays(11) })),
    ),
  ).toBe('token_lifetime_too_long')
  await limit(null)
  const [event] = await world.db
    .selectFrom('audit_events')
    .select(['before', 'after'])
    .where('action', '=', 'personal-token.updated')
    .where('target_id', '=', id)
    .orderBy('id')
    .execute()
  expect(event).toMatchObject({ before: { name: 'laptop' }, after: { name: 'desk' } })
})
