import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ReviewEntry, ReviewQuery, type ReviewReason } from '#contract/review/access-review'
import { AddMember } from '#contract/members/members'
import { CreateToken } from '#contract/tokens/tokens'
import { exportOrganizationReview, exportProjectReview, reviewOrganization, reviewProject } from './access-review.ts'
import type { UserActor } from '../context.ts'
import { createEnvironment } from '../projects/environments.ts'
import { issuePersonalToken } from '../tokens/issued.ts'
import { addMember, setCellScopes } from '../members/members.ts'
import { updateOrganization } from '../organizations/organizations.ts'
import { createWorld, openWorld, refused } from '#test/support/world/world'
import { createPersonalToken, createToken } from '../tokens/tokens.ts'
import { addEntity, addType } from '#test/support/world/catalog'

const world = await openWorld()
const other = await createWorld(world.db, 'other')
afterAll(world.close)

const DAY = 86_400_000
const inDays = (days: number) => new Date(Date.now() + days * DAY).toISOString()
const ask = (query: Partial<Record<keyof ReviewQuery, unknown>> = {}) => ReviewQuery.parse(query)
const review = async (query: Parameters<typeof ask>[0] = {}) =>
  (await reviewOrganization(await world.at(world.root), ask({ limit: 200, ...query }))).items
const of = (entries: ReviewEntry[], kind: ReviewEntry['kind'], name: string) =>
  entries.find((entry) => entry.kind === kind && entry.name === name)
const reasonsOf = async (actor: UserActor, query: Parameters<typeof ask>[0] = {}) =>
  of(await review({ q: actor.email, ...query }), 'membership', actor.name)?.reasons
const names = (entries: ReviewEntry[]) => entries.map(({ name }) => name)

const project = await world.project('p')
const inside = await world.inside(project)
const seen = (actor: UserActor, days: number | null) =>
  world.db.transaction().execute(async (trx) => {
    const at = days === null ? null : inDays(-days)
    await trx.deleteFrom('sessions').where('user_id', '=', actor.id).execute()
    await trx.updateTable('users').set({ last_signed_in_at: at }).where('id', '=', actor.id).execute()
  })
/** Dates everything back, as if it was given long ago. */
const grow = async () => {
  for (const table of ['project_members', 'project_tokens', 'organization_members'] as const)
    await world.db
      .updateTable(table)
      .set({ created_at: inDays(-400) })
      .execute()
}
/** Dates a person's actions back by so many days, past the triggers that protect the log. */
const age = (actor: UserActor, days: number) =>
  world.db.transaction().execute(async (trx) => {
    await sql`set local session_replication_role = replica`.execute(trx)
    await trx
      .updateTable('audit_events')
      .set({ created_at: inDays(-days) })
      .where('actor_id', '=', actor.id)
      .execute()
  })

describe('an entry', () => {
  test('is a person, a membership or a token, each with what it allows and since when it is unused', async () => {
    const actor = await world.member(project, { role: 'admin', envName: 'default', cellScopes: ['eu'], expiresAt: inDays(100) })
    await createPersonalToken(await world.at(actor), { name: 'laptop-1' })
    await seen(actor, 3)
    await createToken(inside, CreateToken.parse({ name: 'ci-1', role: 'viewer', allowedAddresses: ['192.0.2.1'] }))
    const entries = await review()
    expect(of(entries, 'person', actor.name)).toMatchObject({ project: null, role: 'member', reasons: [] })
    expect(of(entries, 'membership', actor.name)).toEqual({
      id: expect.any(String),
      kind: 'membership',
      project: { id: project.id, slug: 'p', name: 'p' },
      userId: actor.id,
      name: actor.name,
      email: actor.email,
      role: 'admin',
      envName: 'default',
      cellScopes: ['eu'],
      permissions: [],
      expiresAt: expect.any(String),
      lastSeenAt: expect.any(String),
      createdAt: expect.any(String),
      createdBy: null,
      allowedAddresses: null,
      reasons: [],
    })
    expect(of(entries, 'project-token', 'ci-1')).toMatchObject({
      project: { slug: 'p' },
      userId: null,
      email: null,
      createdBy: world.root.email,
      allowedAddresses: ['192.0.2.1'],
      reasons: ['never-used', 'no-expiry'],
    })
    expect(of(entries, 'personal-token', 'laptop-1')).toMatchObject({
      project: null,
      email: actor.email,
      role: 'member',
      reasons: ['never-used', 'no-expiry', 'any-address'],
    })
  })

  test('leaves out other organizations, removed members and deleted projects', async () => {
    const elsewhere = await other.project('theirs')
    await other.member(elsewhere)
    await issuePersonalToken(world.db, other.root, null, { name: 'stranger’s' })
    const entries = await review()
    expect(entries.filter(({ email, project: at }) => email?.endsWith('@other.test') || at?.slug === 'theirs')).toEqual([])
    const mine = await issuePersonalToken(world.db, world.root, null, { name: 'anywhere' })
    expect(of(await review({ q: 'anywhere' }), 'personal-token', 'anywhere')?.id).toBe(mine.id)
  })
})

describe('the reasons', () => {
  test('flag people who never signed in, or not for so many days', async () => {
    const actor = await world.member(project, { role: 'viewer' })
    await seen(actor, null)
    expect(await reasonsOf(actor)).toEqual(['never-signed-in'])
    await seen(actor, 40)
    expect(await reasonsOf(actor)).toEqual([])
    expect(await reasonsOf(actor, { days: 39 })).toEqual(['not-seen'])
  })

  test('flag what expires within so many days, and what has expired', async () => {
    const actor = await world.member(project, { role: 'viewer', expiresAt: inDays(10) })
    expect(await reasonsOf(actor)).toEqual([])
    expect(await reasonsOf(actor, { within: 11 })).toEqual(['expiring'])
    await world.db
      .updateTable('project_members')
      .set({ expires_at: inDays(-1) })
      .where('user_id', '=', actor.id)
      .execute()
    expect(await reasonsOf(actor)).toEqual(['expired'])
  })

  test('flag the only lasting owner, and more than three owners', async () => {
    const owned = await world.project('owned')
    const at = async (reason: ReviewReason) => (await review({ reason, project: 'owned' })).map(({ userId }) => userId)
    expect(await at('only-owner')).toEqual([world.root.id])
    const second = await world.member(owned, { role: 'owner', expiresAt: inDays(50) })
    expect(await at('only-owner')).toEqual([world.root.id])
    await world.db.updateTable('project_members').set({ expires_at: null }).where('user_id', '=', second.id).execute()
    expect(await at('only-owner')).toEqual([])
    expect(await at('many-owners')).toEqual([])
    for (let i = 0; i < 2; i++) await world.member(owned, { role: 'owner' })
    expect(await at('many-owners')).toHaveLength(4)
  })

  test('flag tokens that live longer than the organization allows', async () => {
    await updateOrganization(await world.at(world.root), { maxTokenLifetimeDays: 30 })
    const ok = await createToken(inside, CreateToken.parse({ name: 'short', expiresAt: inDays(20) }))
    const long = await review({ reason: 'too-long' })
    expect(names(long)).toContain('ci-1')
    expect(long.map(({ id }) => id)).not.toContain(ok.id)
    await updateOrganization(await world.at(world.root), { maxTokenLifetimeDays: null })
    expect(await review({ reason: 'too-long' })).toEqual([])
  })

  describe('wider than used', () => {
    const isWider = async (actor: UserActor, query = {}) => (await reasonsOf(actor, query))?.includes('wider-than-used')

    test('flags an admin who administered nothing, even if they changed data', async () => {
      const at = await world.project('wide')
      const [idle, busy] = [await world.member(at, { role: 'admin' }), await world.member(at, { role: 'admin' })]
      await addType(await world.inside(at))
      expect(await isWider(idle)).toBe(false)
      await grow()
      expect([await isWider(idle), await isWider(busy)]).toEqual([true, true])
      await addEntity(await world.inside(at, idle), 'web')
      await createEnvironment(await world.inside(at, busy), { name: 'spare' })
      expect([await isWider(idle), await isWider(busy)]).toEqual([true, false])
      await age(busy, 100)
      expect([await isWider(busy), await isWider(busy, { days: 101 })]).toEqual([true, false])
    })

    test('flags a member who changed nothing, and never a viewer', async () => {
      const at = await world.project('wide-members')
      const [idle, busy, viewer] = [await world.member(at), await world.member(at), await world.member(at, { role: 'viewer' })]
      await addType(await world.inside(at))
      await addEntity(await world.inside(at, busy), 'web')
      await grow()
      expect([await isWider(idle), await isWider(busy), await isWider(viewer)]).toEqual([true, false, false])
      // An admin limited to cells can only change data, so only data counts.
      const narrow = await world.member(at, { role: 'admin', envName: 'default' })
      await addEntity(await world.inside(at, narrow), 'web-2')
      await grow()
      expect(await isWider(narrow)).toBe(false)
    })

    test('flags a token that changed nothing, unless it is read-only', async () => {
      const at = await world.project('wide-tokens')
      await addType(await world.inside(at))
      const [idle, busy, reader] = [
        await world.token(at, { name: 'idle' }),
        await world.token(at, { name: 'busy' }),
        await world.token(at, { name: 'reader' }),
      ]
      await world.db
        .updateTable('project_tokens')
        .set({ verbs: ['read:*'] })
        .where('id', '=', reader.actor.id)
        .execute()
      await addEntity(await world.inside(at, busy.actor), 'web')
      await grow()
      expect(names(await review({ reason: 'wider-than-used', project: 'wide-tokens', kind: 'project-token' }))).toEqual(['idle'])
      expect(idle.actor.id).toBeTruthy()
    })

    test('flags an admin of the organization who administered neither it nor a project', async () => {
      const [idle, busy] = [await world.person('admin'), await world.person('admin')]
      await grow()
      await setCellScopes(await world.inside(project, busy), (await world.member(project)).id, { cellScopes: ['a'] })
      const wide = await review({ reason: 'wider-than-used', kind: 'person' })
      expect(names(wide)).toContain(idle.name)
      expect(names(wide)).not.toContain(busy.name)
    })
  })
})

describe('a list', () => {
  test('filters by name, kind, role and project', async () => {
    expect(new Set((await review({ kind: 'project-token' })).map(({ kind }) => kind))).toEqual(new Set(['project-token']))
    expect(new Set((await review({ role: 'owner' })).map(({ role }) => role))).toEqual(new Set(['owner']))
    expect((await review({ q: 'CI-1' })).map(({ name }) => name)).toEqual(['ci-1'])
    for (const key of ['owned', (await world.project('by-id')).id]) {
      const entries = await review({ project: key })
      expect(entries.some(({ kind }) => kind === 'membership')).toBe(true)
      expect(entries.filter(({ kind, role }) => kind === 'person' && role === 'member')).toEqual([])
    }
    expect(await review({ project: 'no-such-project', kind: 'membership' })).toEqual([])
  })

  describe('pages through the list', () => {
    beforeAll(async () => {
      for (let i = 0; i < 5; i++) await world.member(project, { expiresAt: i % 2 ? inDays(50 + i) : undefined })
      // Two people of one name, one of them with more memberships than a page has entries.
      const [twin, namesake] = [await world.person('member', 'twin'), await world.member(project)]
      await world.db.updateTable('users').set({ name: 'twin' }).where('id', '=', namesake.id).execute()
      for (let i = 0; i < 9; i++)
        await addMember(await world.inside(await world.project(`twins-${i}`)), AddMember.parse({ userId: twin.id }))
    })
    test.for(['name', '-name', 'expires', '-expires', 'seen', '-seen'] as const)(
      'sorts by %s and neither misses nor repeats anyone',
      async (sort) => {
        const all = await review({ sort })
        const paged: ReviewEntry[] = []
        let cursor: string | undefined
        do {
          const page = await reviewOrganization(await world.at(world.root), ask({ sort, limit: 7, cursor }))
          paged.push(...page.items)
          cursor = page.next ?? undefined
        } while (cursor)
        expect(paged).toEqual(all)
        expect(all.length).toBeGreaterThan(20)
        const key = {
          name: ({ name }: ReviewEntry) => name.toLowerCase(),
          expires: ({ expiresAt }: ReviewEntry) => expiresAt ?? '9',
          seen: ({ lastSeenAt }: ReviewEntry) => lastSeenAt ?? '0',
        }[sort.replace('-', '') as 'name' | 'expires' | 'seen']
        const keys = all.map(key)
        expect(sort.startsWith('-') ? keys.toReversed() : keys).toEqual(keys.toSorted())
      },
    )
  })

  test('refuses a cursor that is not from a list in this order', async () => {
    const cursorOf = (...key: string[]) => Buffer.from(JSON.stringify(key)).toString('base64url')
    const ask = (sort: ReviewQuery['sort'], key: string) => refused(review({ sort, cursor: cursorOf(key, project.id) }))
    for (const sort of ['expires', '-expires', 'seen', '-seen'] as const)
      for (const key of ['', 'name', '20260230000000000000', '2026010100000000000', '00000101000000000000'])
        expect(await ask(sort, key), key).toBe('invalid_request')
    expect((await review({ sort: 'expires', cursor: cursorOf('99991231000000000000', project.id) })).length).toBeGreaterThan(0)
    expect(await review({ sort: 'name', cursor: cursorOf('\u{10FFFD}', project.id) })).toEqual([])
  })

  test('is for callers who manage people, or the members of the project', async () => {
    const [member, admin] = [await world.member(project), await world.member(project, { role: 'admin' })]
    expect(await refused(reviewOrganization(await world.at(admin), ask()))).toBe('forbidden')
    expect(await refused(exportOrganizationReview(await world.at(admin), ask()))).toBe('forbidden')
    expect(await refused(reviewProject(await world.inside(project, member), ask()))).toBe('forbidden')
    expect(await refused(exportProjectReview(await world.inside(project, member), ask()))).toBe('forbidden')
    const { items } = await reviewProject(await world.inside(project, admin), ask({ limit: 200, project: 'owned' }))
    expect(new Set(items.flatMap(({ project: at }) => at?.slug ?? []))).toEqual(new Set(['p']))
    expect(items.some(({ kind }) => kind === 'personal-token')).toBe(false)
    expect(items.filter(({ kind, role }) => kind === 'person' && !['owner', 'admin'].includes(role))).toEqual([])
  })
})

test('an export gives all that the list shows, also beyond one statement', async () => {
  await sql`insert into users (id, email, name) select gen_random_uuid(), 'crowd-' || i || '@x.test', 'Crowd ' || i from generate_series(1, 1200) i`.execute(
    world.db,
  )
  await sql`insert into organization_members (org_id, user_id, role) select ${world.org.id}, id, 'member' from users where email like 'crowd-%'`.execute(
    world.db,
  )
  const exported: string[] = []
  for await (const { id } of await exportOrganizationReview(await world.at(world.root), ask({ q: 'crowd', sort: '-name' })))
    exported.push(id)
  expect(exported).toHaveLength(1200)
  expect(new Set(exported).size).toBe(1200)
})
