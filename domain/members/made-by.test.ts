import { afterAll, describe, expect, test, vi } from 'vitest'
import { UpdateMember } from '#contract/members/members'
import { CreateToken } from '#contract/tokens/tokens'
import { CreateWebhook, UpdateWebhook } from '#contract/webhooks/webhooks'
import { countWaiting } from '#test/support/database/database'
import type { UserActor } from '../context.ts'
import { getMadeInOrganization, getMadeInProject } from './made-by.ts'
import { addMember, removeMember, updateMember } from './members.ts'
import { removeOrganizationMember } from '../organizations/members.ts'
import { deleteProject, restoreProject } from '../projects/projects.ts'
import { createWorld, openWorld, page, refused } from '#test/support/world/world'
import { createToken, listTokens, rotateToken } from '../tokens/tokens.ts'
import { createWebhook, listWebhooks, updateWebhook } from '../webhooks/webhooks.ts'

vi.stubEnv('BULKHEAD_SECRET', 'a secret for this test that is long')
const world = await openWorld({ max: 16 })
const { root } = world
afterAll(world.close)
afterAll(() => vi.unstubAllEnvs())

let n = 0
type Project = { id: string; slug: string }
const project = (): Promise<Project> => world.project(`p${++n}`)
const make = async (of: Project, actor: UserActor, given: object = {}) =>
  createToken(await world.inside(of, actor), CreateToken.parse({ name: `token-${++n}`, ...given }))
const hook = async (actor: UserActor, projects: Project[] | null = null) =>
  createWebhook(
    await world.at(actor),
    CreateWebhook.parse({
      url: `https://hook-${++n}.example.com/?key=sesame`,
      projects: projects && projects.map(({ id }) => id),
    }),
  )
const admin = async (of: Project) => world.member(of, { role: 'admin' })
const tokensOf = async (of: Project) => (await listTokens(await world.inside(of), page)).items.map(({ id }) => id)
const webhooks = async () => (await listWebhooks(await world.at(root), page)).items
const madeHere = async (of: Project, by: { id: string }, actor: UserActor = root) =>
  getMadeInProject(await world.inside(of, actor), by.id)
const ids = (some: { id: string }[]) => some.map(({ id }) => id)
const events = async (action: string) =>
  await world.db
    .selectFrom('audit_events')
    .select(['target_id', 'project_id', 'before', 'after'])
    .where('action', '=', action)
    .execute()
const eventsOf = async (action: string, id: string) => (await events(action)).filter(({ target_id }) => target_id === id)

/** An admin of the organization, who may make webhooks. */
const boss = () => world.person('admin')

describe('what a member made in a project', () => {
  test('lists working tokens of this project, their replacements, and webhooks that name it', async () => {
    const [here, there, maker] = [await project(), await project(), await boss()]
    const remaining = await make(here, maker, { name: 'kept', role: 'viewer' })
    const rotated = await make(here, maker)
    const byRoot = await make(here, root)
    const ended = await make(here, maker)
    await make(there, maker)
    const replacement = await rotateToken(await world.inside(here, maker), rotated.id, { overlapSeconds: 0 })
    const taken = await rotateToken(await world.inside(here, maker), byRoot.id, { overlapSeconds: 0 })
    await world.db.updateTable('project_tokens').set({ expires_at: '2020-01-01T00:00:00Z' }).where('id', '=', ended.id).execute()
    const named = await hook(maker, [here, there])
    await hook(maker, [there])
    await hook(maker)
    await hook(root, [here])
    const made = await madeHere(here, maker)
    expect(ids(made.tokens)).toEqual([remaining.id, replacement.id, taken.id])
    expect(made.tokens[0]).toMatchObject({
      name: 'kept',
      role: 'viewer',
      project: { id: here.id, slug: here.slug, name: here.slug },
      expiresAt: null,
      lastUsedAt: null,
      revocable: true,
    })
    expect(made.webhooks).toMatchObject([{ id: named.id, host: new URL(named.url).host, enabled: true }])
    expect(JSON.stringify(made)).not.toContain('sesame')
    expect(made.moreTokens).toBe(0)
  })

  test('is visible to callers who manage members and to the member, and to nobody else', async () => {
    const of = await project()
    const [maker, member] = [await admin(of), await world.member(of)]
    const { id } = await make(of, maker)
    expect(ids((await madeHere(of, maker, maker)).tokens)).toEqual([id])
    expect(await refused(madeHere(of, maker, member))).toBe('forbidden')
    expect(await madeHere(of, member, member)).toEqual({ tokens: [], moreTokens: 0, webhooks: [] })
    expect(await refused(madeHere(of, await world.person()))).toBe('member_not_found')
    const scoped = await world.member(of, { role: 'admin', cellScopes: ['eu'] })
    expect(await refused(madeHere(of, maker, scoped))).toBe('scoped_actor')
  })

  test('shows a former admin nothing that they may no longer see', async () => {
    const of = await project()
    const maker = await admin(of)
    await make(of, maker)
    await updateMember(await world.inside(of), maker.id, UpdateMember.parse({ role: 'member' }))
    expect(await madeHere(of, maker, maker)).toEqual({ tokens: [], moreTokens: 0, webhooks: [] })
  })

  test('leaves out webhooks for callers who may not manage them', async () => {
    const of = await project()
    const [maker, other] = [await boss(), await admin(of)]
    await addMember(await world.inside(of), { userId: maker.id, role: 'admin' })
    await hook(maker, [of])
    expect((await madeHere(of, maker, other)).webhooks).toEqual([])
    expect((await madeHere(of, maker)).webhooks).toHaveLength(1)
  })

  test('includes an owner’s token, which an admin sees and cannot revoke', async () => {
    const of = await project()
    const [owner, other] = [await world.member(of, { role: 'owner' }), await admin(of)]
    const high = await make(of, owner, { role: 'owner' })
    const low = await make(of, owner, { role: 'viewer' })
    expect((await madeHere(of, owner, other)).tokens).toMatchObject([
      { id: high.id, revocable: false },
      { id: low.id, revocable: true },
    ])
  })

  test('lists the first 200 tokens, counts the rest, and is revoked as a whole', async () => {
    const of = await project()
    const maker = await admin(of)
    for (let i = 0; i < 203; i++) await make(of, maker)
    const made = await madeHere(of, maker)
    expect(made.tokens).toHaveLength(200)
    expect(made.moreTokens).toBe(3)
    expect(await removeMember(await world.inside(of), maker.id, ['tokens'])).toMatchObject({ revoked: { tokens: 203 } })
    expect(await tokensOf(of)).toEqual([])
  })
})

describe('removing a member of a project', () => {
  test('revokes nothing unless asked', async () => {
    const of = await project()
    const maker = await admin(of)
    const { id } = await make(of, maker)
    expect(await removeMember(await world.inside(of), maker.id)).toEqual({ userId: maker.id, removed: true })
    expect(await tokensOf(of)).toEqual([id])
  })

  test('revokes only their tokens of this project, with an event for each', async () => {
    const [here, there] = [await project(), await project()]
    const maker = await admin(here)
    await addMember(await world.inside(there), { userId: maker.id, role: 'admin' })
    const mine = [await make(here, maker), await make(here, maker)]
    const remaining = [await make(here, root), await make(there, maker)]
    expect(await removeMember(await world.inside(here), maker.id, ['tokens'])).toMatchObject({
      revoked: { tokens: 2, webhooks: 0 },
    })
    expect(await tokensOf(here)).toEqual([remaining[0]!.id])
    expect(await tokensOf(there)).toEqual([remaining[1]!.id])
    for (const { id, name } of mine)
      expect(await eventsOf('token.revoked', id)).toMatchObject([{ project_id: here.id, before: { name } }])
  })

  test('deletes their webhook that names only this project, and removes the project from one that names others', async () => {
    const [here, there, maker] = [await project(), await project(), await boss()]
    await addMember(await world.inside(here), { userId: maker.id, role: 'admin' })
    const alone = await hook(maker, [here])
    const both = await hook(maker, [here, there])
    const all = await hook(maker)
    const foreign = await hook(root, [here])
    expect(await removeMember(await world.inside(here), maker.id, ['webhooks'])).toMatchObject({
      revoked: { tokens: 0, webhooks: 2 },
    })
    const left = new Map((await webhooks()).map(({ id, projects }) => [id, projects && ids(projects)]))
    expect(left.has(alone.id)).toBe(false)
    expect(left.get(both.id)).toEqual([there.id])
    expect(left.get(all.id)).toBeNull()
    expect(left.get(foreign.id)).toEqual([here.id])
    expect(await eventsOf('webhook.deleted', alone.id)).toHaveLength(1)
    expect(await eventsOf('webhook.updated', both.id)).toMatchObject([
      { before: { projects: [here.slug, there.slug] }, after: { projects: [there.slug], changed: ['projects'] } },
    ])
    await world.db.deleteFrom('webhooks').execute()
  })

  test('revokes only what the caller may: no owner’s token by an admin, no webhook by a caller who cannot manage them', async () => {
    const of = await project()
    const [maker, other] = [await boss(), await admin(of)]
    await addMember(await world.inside(of), { userId: maker.id, role: 'admin' })
    const low = await make(of, maker)
    const high = await make(of, root, { role: 'owner' })
    await world.db.updateTable('project_tokens').set({ made_by: maker.id }).where('id', '=', high.id).execute()
    const { id } = await hook(maker, [of])
    expect(await removeMember(await world.inside(of, other), maker.id, ['tokens', 'webhooks'])).toMatchObject({
      revoked: { tokens: 1, webhooks: 0 },
    })
    expect(await tokensOf(of)).toEqual([high.id])
    expect(await eventsOf('token.revoked', low.id)).toHaveLength(1)
    expect(ids(await webhooks())).toContain(id)
    await world.db.deleteFrom('webhooks').execute()
  })

  test('works for a member who leaves, as far as they may still revoke', async () => {
    const of = await project()
    const [maker, former] = [await admin(of), await admin(of)]
    const [mine, theirs] = [await make(of, maker), await make(of, former)]
    await updateMember(await world.inside(of), former.id, UpdateMember.parse({ role: 'viewer' }))
    expect(await removeMember(await world.inside(of, maker), maker.id, ['tokens'])).toMatchObject({ revoked: { tokens: 1 } })
    expect(await removeMember(await world.inside(of, former), former.id, ['tokens'])).toMatchObject({ revoked: { tokens: 0 } })
    expect(await tokensOf(of)).toEqual([theirs.id])
    expect(await eventsOf('token.revoked', mine.id)).toHaveLength(1)
  })

  test('revokes nothing when it is refused', async () => {
    const of = await project()
    const token = await make(of, root, { role: 'viewer' })
    expect(await refused(removeMember(await world.inside(of), root.id, ['tokens', 'webhooks']))).toBe('last_owner')
    const nobody = await world.person()
    expect(await refused(removeMember(await world.inside(of), nobody.id, ['tokens', 'webhooks']))).toBe('member_not_found')
    expect(await tokensOf(of)).toEqual([token.id])
    expect(await eventsOf('token.revoked', token.id)).toEqual([])
  })

  test('leaves no token behind that is made at the same time', async () => {
    const of = await project()
    const maker = await admin(of)
    const context = await world.inside(of, maker)
    let late: Promise<unknown> | undefined
    await world.db.transaction().execute(async (trx) => {
      await removeMember({ ...(await world.inside(of)), db: trx }, maker.id, ['tokens'])
      late = refused(createToken(context, CreateToken.parse({ name: 'late' })))
      await vi.waitFor(async () => expect(await countWaiting(world.db)).toBe(1), { timeout: 5000, interval: 20 })
    })
    expect(await late).toBe('project_not_found')
    expect(await tokensOf(of)).toEqual([])
  })
})

describe('a person of the organization', () => {
  test('is listed with their tokens in all projects, and to themselves only where they may see tokens', async () => {
    const [one, two, hidden] = [await project(), await project(), await project()]
    const maker = await admin(one)
    for (const of of [two, hidden]) await addMember(await world.inside(of), { userId: maker.id, role: 'admin' })
    const tokens = [await make(one, maker), await make(two, maker), await make(hidden, maker)]
    await updateMember(await world.inside(hidden), maker.id, UpdateMember.parse({ role: 'viewer' }))
    const mine = await getMadeInOrganization(await world.at(maker), maker.id)
    expect(ids(mine.tokens)).toEqual(ids(tokens.slice(0, 2)))
    expect(ids((await getMadeInOrganization(await world.at(root), maker.id)).tokens)).toEqual(ids(tokens))
    const stranger = await world.person()
    expect(await refused(getMadeInOrganization(await world.at(stranger), maker.id))).toBe('forbidden')
    const elsewhere = await createWorld(world.db, `other-${n}`)
    expect(await refused(getMadeInOrganization(await world.at(root), elsewhere.root.id))).toBe('member_not_found')
  })

  test('loses tokens in every project, deleted ones too, and webhooks that they created or redirected', async () => {
    const [one, gone] = [await project(), await project()]
    const maker = await boss()
    const tokens = [await make(one, maker), await make(gone, maker)]
    const [own, redirected, described] = [await hook(maker, [one]), await hook(root), await hook(root)]
    const at = await world.at(maker)
    await updateWebhook(at, redirected.id, UpdateWebhook.parse({ url: 'https://elsewhere.example.com/' }))
    await updateWebhook(at, described.id, UpdateWebhook.parse({ description: 'seen' }))
    await deleteProject(await world.inside(gone))
    expect(ids((await getMadeInOrganization(await world.at(root), maker.id)).tokens)).toEqual(ids(tokens))
    const removed = await removeOrganizationMember(await world.at(root), maker.id, ['tokens', 'webhooks'])
    expect(removed).toMatchObject({ revoked: { tokens: 2, webhooks: 2 } })
    await restoreProject(await world.at(root), gone.id)
    for (const of of [one, gone]) expect(await tokensOf(of)).toEqual([])
    const left = ids(await webhooks())
    expect(left).toContain(described.id)
    expect(left).not.toContain(own.id)
    expect(left).not.toContain(redirected.id)
    expect(await eventsOf('token.revoked', tokens[1]!.id)).toMatchObject([{ project_id: gone.id }])
    await world.db.deleteFrom('webhooks').execute()
  })

  test('who leaves revokes only where they may', async () => {
    const [one, hidden] = [await project(), await project()]
    const maker = await admin(one)
    await addMember(await world.inside(hidden), { userId: maker.id, role: 'admin' })
    await make(one, maker)
    const remaining = await make(hidden, maker)
    await updateMember(await world.inside(hidden), maker.id, UpdateMember.parse({ role: 'member' }))
    const left = await removeOrganizationMember(await world.at(maker), maker.id, ['tokens', 'webhooks'])
    expect(left).toMatchObject({ revoked: { tokens: 1, webhooks: 0 } })
    expect(await tokensOf(one)).toEqual([])
    expect(await tokensOf(hidden)).toEqual([remaining.id])
  })

  test('affects nothing in another organization', async () => {
    const elsewhere = await createWorld(world.db, `other-${++n}`)
    const maker = await world.person('admin')
    const [here, there] = [await project(), await elsewhere.project('theirs')]
    const theirs = await createToken(await elsewhere.inside(there), CreateToken.parse({ name: 'theirs' }))
    await world.db.updateTable('project_tokens').set({ made_by: maker.id }).where('id', '=', theirs.id).execute()
    await make(here, maker)
    expect((await getMadeInOrganization(await world.at(root), maker.id)).tokens).toHaveLength(1)
    const removed = await removeOrganizationMember(await world.at(root), maker.id, ['tokens', 'webhooks'])
    expect(removed).toMatchObject({ revoked: { tokens: 1 } })
    expect((await listTokens(await elsewhere.inside(there), page)).items).toHaveLength(1)
  })

  test('leaves behind no token or webhook that is made at the same time', async () => {
    const of = await project()
    const maker = await boss()
    const [at, inside] = [await world.at(maker), await world.inside(of, maker)]
    const late: Promise<unknown>[] = []
    await world.db.transaction().execute(async (trx) => {
      await removeOrganizationMember({ ...(await world.at(root)), db: trx }, maker.id, ['tokens', 'webhooks'])
      late.push(
        refused(createToken(inside, CreateToken.parse({ name: 'late' }))),
        refused(createWebhook(at, CreateWebhook.parse({ url: 'https://late.example.com/' }))),
      )
      await vi.waitFor(async () => expect(await countWaiting(world.db)).toBe(2), { timeout: 5000, interval: 20 })
    })
    expect(await Promise.all(late)).toEqual(['project_not_found', 'organization_not_found'])
    expect(await tokensOf(of)).toEqual([])
  })

  test('ten can leave at once without a deadlock', async () => {
    const [one, two] = [await project(), await project()]
    const people = await Promise.all(Array.from({ length: 10 }, () => admin(one)))
    for (const person of people) {
      await addMember(await world.inside(two), { userId: person.id, role: 'admin' })
      await make(one, person)
      await make(two, person)
    }
    await hook(root)
    const removed = await Promise.all(
      people.map(async ({ id }, i) =>
        i % 2 === 0
          ? removeOrganizationMember(await world.at(root), id, ['tokens', 'webhooks'])
          : removeMember(await world.inside(i % 4 === 1 ? one : two), id, ['tokens', 'webhooks']),
      ),
    )
    expect(removed.map(({ revoked }) => revoked?.tokens)).toEqual(people.map((_, i) => (i % 2 === 0 ? 2 : 1)))
    await world.db.deleteFrom('webhooks').execute()
  })
})
