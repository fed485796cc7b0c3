import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { CreateProject, ProjectQuery, UpdateProject } from '#contract/projects/projects'
import type { OrgContext } from '../context.ts'
import {
  createProject,
  deleteProject,
  getProject,
  getProtection,
  listDeletedProjects,
  listProjects,
  restoreProject,
  setProtection,
  updateProject,
} from './projects.ts'
import { fill } from '#test/support/world/catalog'
import { createWorld, openWorld, page, refused } from '#test/support/world/world'
import { versionOf } from '../versions.ts'

const world = await openWorld()
const other = await createWorld(world.db, 'other')
afterAll(world.close)
afterEach(() => vi.unstubAllEnvs())

const ask = (query: Partial<ProjectQuery> = {}) => ProjectQuery.parse(query)
const slugs = async (context: OrgContext, query: Partial<ProjectQuery> = {}) =>
  (await listProjects(context, ask(query))).items.map((project) => project.slug)

describe('createProject', () => {
  test('comes with the environment default, the caller as owner, and one event', async () => {
    const creator = await world.person('admin')
    const project = await createProject(await world.at(creator), { name: 'Created', slug: 'created' })
    expect(project).toEqual({
      id: expect.any(String),
      orgId: world.org.id,
      name: 'Created',
      slug: 'created',
      metadata: null,
      createdAt: project.updatedAt,
      updatedAt: expect.any(String),
    })
    const environments = await world.db
      .selectFrom('environments')
      .select(['name', 'is_default'])
      .where('project_id', '=', project.id)
      .execute()
    const members = await world.db
      .selectFrom('project_members')
      .select(['user_id', 'role', 'env_id', 'cell_scopes', 'expires_at'])
      .where('project_id', '=', project.id)
      .execute()
    const events = await world.db
      .selectFrom('audit_events')
      .select(['action', 'actor_id', 'org_id'])
      .where('project_id', '=', project.id)
      .execute()
    expect(environments).toEqual([{ name: 'default', is_default: true }])
    expect(members).toEqual([{ user_id: creator.id, role: 'owner', env_id: null, cell_scopes: null, expires_at: null }])
    expect(events).toEqual([{ action: 'project.created', actor_id: creator.id, org_id: world.org.id }])
  })

  test.for(['member', 'viewer'] as const)('is refused to a %s of the organization', async (role) => {
    const context = await world.at(await world.person(role))
    expect(await refused(createProject(context, { name: 'x', slug: `by-a-${role}` }))).toBe('forbidden')
  })

  test('is refused to a project token, even if an owner made it', async () => {
    const { actor } = await world.token(await world.project('with-token'), { role: 'owner' })
    expect(await refused(createProject(await world.at(actor), { name: 'x', slug: 'by-a-token' }))).toBe('forbidden')
  })

  test('a slug is taken only in its own organization', async () => {
    await world.project('taken')
    expect(await refused(world.project('taken'))).toBe('slug_taken')
    expect((await other.project('taken')).orgId).toBe(other.org.id)
  })

  test('a refused call leaves nothing behind', async () => {
    const count = () =>
      world.db
        .selectFrom('environments')
        .select('id')
        .execute()
        .then((rows) => rows.length)
    await world.project('once')
    const before = await count()
    expect(await refused(world.project('once'))).toBe('slug_taken')
    expect(await count()).toBe(before)
  })
})

describe('slugs', () => {
  test.for(['a', 'a1', '1-2', 'x'.repeat(48), 'a--b'])('%s is valid', (slug) => {
    expect(CreateProject.safeParse({ name: 'n', slug }).success).toBe(true)
  })
  test.for(['', '-a', 'a-', 'A', 'a_b', 'a.b', 'ä', 'a b', 'x'.repeat(49), '0199f0a2-7e1f-7000-8000-000000000000', 'a\n'])(
    '%j is invalid',
    (slug) => {
      expect(CreateProject.safeParse({ name: 'n', slug }).success).toBe(false)
    },
  )
})

describe('listProjects', () => {
  test('shows owners and admins of the organization all projects, others their own, a token its own, and nobody another organization’s', async () => {
    const here = await createWorld(world.db, 'listing')
    const [one, two] = [await here.project('one'), await here.project('two')]
    await other.project('elsewhere')
    const member = await here.member(two, { role: 'viewer' })
    const { actor: token } = await here.token(one)
    expect(await slugs(await here.at(here.root))).toEqual(['one', 'two'])
    expect(await slugs(await here.at(await here.person('admin')))).toEqual(['one', 'two'])
    expect(await slugs(await here.at(member))).toEqual(['two'])
    expect(await slugs(await here.at(await here.person('viewer')))).toEqual([])
    expect(await slugs(await here.at(token))).toEqual(['one'])
  })

  test('leaves out the project of an expired membership', async () => {
    const here = await createWorld(world.db, 'expired')
    const project = await here.project('was-mine')
    const member = await here.member(project, { expiresAt: '2030-01-01T00:00:00Z' })
    expect(await slugs(await here.at(member))).toEqual(['was-mine'])
    await world.db
      .updateTable('project_members')
      .set({ expires_at: '2020-01-01T00:00:00Z' })
      .where('user_id', '=', member.id)
      .execute()
    expect(await slugs(await here.at(member))).toEqual([])
    expect(await refused(here.inside(project, member))).toBe('project_not_found')
  })

  test('filters by name or slug, ignoring case, and takes % and _ literally', async () => {
    const here = await createWorld(world.db, 'finding')
    const context = await here.at(here.root)
    for (const [slug, name] of [
      ['plain', 'Alpha'],
      ['alphabet', 'Soup'],
      ['percent', '100% sure'],
      ['under', 'snake_case'],
    ] as const) {
      await createProject(context, { name, slug })
    }
    expect(await slugs(context, { q: 'ALPHA' })).toEqual(['plain', 'alphabet'])
    expect(await slugs(context, { q: '%' })).toEqual(['percent'])
    expect(await slugs(context, { q: '_' })).toEqual(['under'])
    expect(await slugs(context, { q: 'nowhere' })).toEqual([])
  })

  test('every sort pages through each project once, also while others are created', async () => {
    const here = await createWorld(world.db, 'paging')
    const context = await here.at(here.root)
    // Names that tie, that differ only in case, and that sort differently byte by byte.
    const names = ['b', 'B', 'a', 'ä', 'Z', 'same', 'same', 'same', 'a b', '-dash']
    for (const [i, name] of names.entries()) await createProject(context, { name, slug: `p${i}` })
    const whole = { createdAt: await slugs(context), name: await slugs(context, { sort: 'name' }) }
    expect(whole.createdAt).toEqual(names.map((_, i) => `p${i}`))
    for (const sort of ['createdAt', '-createdAt', 'name', '-name'] as const) {
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const next = await listProjects(context, ask({ sort, limit: 3, cursor }))
        seen.push(...next.items.map((project) => project.slug))
        cursor = next.next ?? undefined
      } while (cursor)
      const forward = sort.endsWith('name') ? whole.name : whole.createdAt
      expect(seen).toEqual(sort.startsWith('-') ? forward.toReversed() : forward)
    }
  })

  test('refuses a cursor that it did not issue', async () => {
    const context = await world.at(world.root)
    const forged = (key: unknown) => Buffer.from(JSON.stringify(key)).toString('base64url')
    for (const cursor of ['nonsense', forged([]), forged(['x']), forged({}), forged(['a', 'b'])]) {
      expect(await refused(listProjects(context, ask({ cursor })))).toBe('invalid_request')
      expect(await refused(listProjects(context, ask({ cursor, sort: 'name' })))).toBe('invalid_request')
    }
  })
})

describe('updateProject', () => {
  test('changes the given fields, replaces metadata as a whole, and clears it with null', async () => {
    const project = await world.project('updated')
    const context = await world.inside(project)
    const renamed = await updateProject(context, { name: 'New', metadata: undefined })
    expect(renamed).toMatchObject({ name: 'New', metadata: null, slug: 'updated' })
    expect(renamed.updatedAt > project.updatedAt).toBe(true)
    expect(
      (await updateProject(context, { name: undefined, metadata: { a: 1, nested: { list: [null, true] } } })).metadata,
    ).toEqual({ a: 1, nested: { list: [null, true] } })
    expect((await updateProject(context, { name: undefined, metadata: { b: 2 } })).metadata).toEqual({ b: 2 })
    expect((await updateProject(context, { name: undefined, metadata: null })).metadata).toBeNull()
    expect(await getProject(context)).toMatchObject({ name: 'New', metadata: null })
  })

  test('{} changes nothing, not even the version', async () => {
    const project = await world.project('untouched')
    expect(await updateProject(await world.inside(project), UpdateProject.parse({}))).toEqual(project)
  })

  test('refuses an older version, and takes the newest and *', async () => {
    const project = await world.project('versioned')
    const stale = versionOf(project)
    await updateProject(await world.inside(project), { name: 'first', metadata: undefined })
    const change = async (ifMatch: string) =>
      updateProject(await world.inside(project, world.root, { ifMatch }), { name: ifMatch.slice(0, 9), metadata: undefined })
    expect(await refused(change(stale))).toBe('precondition_failed')
    const current = await getProject(await world.inside(project))
    expect((await change(versionOf(current))).updatedAt > current.updatedAt).toBe(true)
    expect((await change('*')).name).toBe('*')
  })

  test.for(['member', 'viewer'] as const)('is refused to a %s, and so is deleting', async (role) => {
    const project = await world.project(`not-for-a-${role}`)
    const context = await world.inside(project, await world.member(project, { role }))
    expect(await refused(updateProject(context, { name: 'x', metadata: undefined }))).toBe('forbidden')
    expect(await refused(deleteProject(context))).toBe('forbidden')
  })

  test('is refused to a scoped admin, and so are deleting and protecting', async () => {
    const project = await world.project('not-for-the-scoped')
    const context = await world.inside(project, await world.member(project, { role: 'owner', cellScopes: [] }))
    expect(await refused(updateProject(context, { name: 'x', metadata: undefined }))).toBe('scoped_actor')
    expect(await refused(deleteProject(context))).toBe('scoped_actor')
    expect(await refused(setProtection(context, { protected: true }))).toBe('scoped_actor')
  })

  test('does not find a project of another tenant', async () => {
    const foreign = await other.project('foreign')
    expect(await refused(world.inside(foreign))).toBe('project_not_found')
    expect(await refused(other.inside(foreign, await other.person()))).toBe('project_not_found')
  })
})

describe('deleteProject and restoreProject', () => {
  test('hides the project at once for everyone, reserves its slug, and restores all that it had', async () => {
    const project = await world.project('deleted')
    const member = await world.member(project)
    const before = await world.inside(project, member)
    await fill(await world.inside(project))
    const gone = await deleteProject(await world.inside(project))
    expect(gone).toMatchObject({ id: project.id, deleted: true })
    expect(Date.parse(gone.restoreBefore) - Date.parse(gone.deletedAt)).toBe(72 * 3600 * 1000)
    expect(await refused(world.inside(project))).toBe('project_not_found')
    expect(
      await refused(updateProject({ ...before, grant: { ...before.grant, role: 'owner' } }, { name: 'x', metadata: undefined })),
    ).toBe('project_not_found')
    expect(await slugs(await world.at(world.root))).not.toContain('deleted')
    expect(await refused(world.project('deleted'))).toBe('slug_taken')
    const listed = (await listDeletedProjects(await world.at(world.root), page)).items
    expect(listed).toEqual(
      expect.arrayContaining([
        {
          id: project.id,
          name: 'deleted',
          slug: 'deleted',
          deletedAt: gone.deletedAt,
          restoreBefore: gone.restoreBefore,
          reason: null,
        },
      ]),
    )

    expect(await restoreProject(await world.at(await world.person('admin')), project.id)).toEqual(project)
    expect(await world.inside(project, member)).toMatchObject({ grant: before.grant, project: before.project })
    expect((await listDeletedProjects(await world.at(world.root), page)).items.map((one) => one.id)).not.toContain(project.id)
  })

  test('restoring is for owners and admins of the organization, in their own organization', async () => {
    const project = await world.project('restorable')
    await deleteProject(await world.inside(project))
    expect(await refused(restoreProject(await world.at(await world.person('member')), project.id))).toBe('forbidden')
    expect(await refused(restoreProject(await other.at(other.root), project.id))).toBe('project_not_found')
    expect((await listDeletedProjects(await other.at(other.root), page)).items).toEqual([])
    expect(await refused(listDeletedProjects(await world.at(await world.person('member')), page))).toBe('forbidden')
  })

  test('restores by id, only deleted projects, and only in time', async () => {
    const context = await world.at(world.root)
    const project = await world.project('late')
    expect(await refused(restoreProject(context, project.id))).toBe('not_restorable')
    expect(await refused(restoreProject(context, 'late'))).toBe('project_not_found')
    vi.stubEnv('BULKHEAD_NUKE_RETENTION_HOURS', '0')
    await deleteProject(await world.inside(project))
    expect(await refused(restoreProject(context, project.id))).toBe('purged')
  })
})

describe('protection', () => {
  test('keeps a project from deletion until an owner removes it', async () => {
    const project = await world.project('protected')
    const context = await world.inside(project)
    expect(await getProtection(context)).toEqual({ protected: false, reason: null })
    expect(await setProtection(context, { protected: true, reason: 'audit season' })).toEqual({
      protected: true,
      reason: 'audit season',
    })
    expect(await getProtection(context)).toEqual({ protected: true, reason: 'audit season' })
    await expect(deleteProject(context)).rejects.toMatchObject({
      code: 'deletion_protected',
      message: expect.stringContaining('audit season'),
    })
    expect(await setProtection(context, { protected: false, reason: 'ignored' })).toEqual({ protected: false, reason: null })
    expect(await deleteProject(context)).toMatchObject({ deleted: true })
  })

  test('is refused to an admin', async () => {
    const project = await world.project('unprotected')
    const context = await world.inside(project, await world.member(project, { role: 'admin' }))
    expect(await refused(setProtection(context, { protected: true }))).toBe('forbidden')
  })
})
