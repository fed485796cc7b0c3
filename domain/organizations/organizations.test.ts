import { globSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { Slug } from '#contract/common'
import type { UserActor } from '../context.ts'
import { DomainError } from '../errors.ts'
import { assertNotReserved, getOrganization, listOrganizations, organizationAccess } from './organizations.ts'
import { addOrganizationMember, listOrganizationMembers } from './members.ts'
import { createWorld, openWorld, page, refused } from '#test/support/world/world'

const world = await openWorld()
const other = await createWorld(world.db, 'other')
afterAll(world.close)

describe('listOrganizations', () => {
  test('lists the caller’s organizations with their role, and for a token its own organization', async () => {
    const person = await world.person('admin')
    await addOrganizationMember(world.db, other.org, person, 'viewer')
    const seen = async (actor: Parameters<typeof world.at>[0]) =>
      (await listOrganizations(await world.at(actor), page)).items.map(({ slug, role }) => [slug, role])
    expect(await seen(person)).toEqual([
      ['acme', 'admin'],
      ['other', 'viewer'],
    ])
    expect(await seen(world.root)).toEqual([['acme', 'owner']])
    const bound: UserActor = { ...person, via: 'personal_token', orgId: other.org.id }
    expect(await seen(bound)).toEqual([['other', 'viewer']])
    const { actor } = await world.token(await world.project('p'))
    expect(await seen(actor)).toEqual([['acme', null]])
  })
})

describe('getOrganization and organizationAccess', () => {
  test('return the organization and what the caller may do there', async () => {
    const viewer = await world.at(await world.person('viewer'))
    expect(await getOrganization(viewer)).toMatchObject({ id: world.org.id, slug: 'acme', role: 'viewer' })
    const { role, can } = await organizationAccess(viewer)
    expect(role).toBe('viewer')
    expect(can).toMatchObject({
      'projects:list': { allowed: true, reason: null },
      'projects:create': { allowed: false, reason: expect.stringContaining('create a project') },
    })
    expect((await organizationAccess(await world.at(world.root))).can['projects:create'].allowed).toBe(true)
  })
})

describe('listOrganizationMembers', () => {
  test('lists everyone in this organization, filters by name or email, page by page', async () => {
    const here = await createWorld(world.db, 'people')
    const [ann, bob] = [await here.person('member', 'ann'), await here.person('viewer', 'bob')]
    const ids = async (q?: string) =>
      (await listOrganizationMembers(await here.at(bob), { ...page, q, role: undefined })).items.map((person) => person.userId)
    expect(await ids()).toEqual([here.root.id, ann.id, bob.id])
    expect(await ids('ANN')).toEqual([ann.id])
    expect(await ids('bob@people')).toEqual([bob.id])
    expect(await ids('_')).toEqual([])
    const first = await listOrganizationMembers(await here.at(bob), { limit: 2, q: undefined, role: undefined })
    const second = await listOrganizationMembers(await here.at(bob), {
      limit: 2,
      cursor: first.next!,
      q: undefined,
      role: undefined,
    })
    expect([...first.items, ...second.items].map((person) => person.userId)).toEqual(await ids())
    expect(second.next).toBeNull()
  })

  test('is refused to a project token', async () => {
    const { actor } = await world.token(await world.project('q'), { role: 'owner' })
    expect(await refused(listOrganizationMembers(await world.at(actor), { ...page, q: undefined, role: undefined }))).toBe(
      'forbidden',
    )
  })
})

describe('assertNotReserved', () => {
  const isFree = (slug: string) => {
    try {
      assertNotReserved(slug)
      return Slug.safeParse(slug).success
    } catch (error) {
      if (error instanceof DomainError) return false
      throw error
    }
  }

  test('accepts plain words', () => {
    expect(['acme', 'my-orgs', 'v10', 'consoles'].filter((slug) => !isFree(slug))).toEqual([])
  })

  test('reserves every first segment of the server’s own URLs', () => {
    const routes = globSync('app/**/{page,route}{,.next}.{ts,tsx}', { cwd: join(import.meta.dirname, '..', '..') })
    const segments = routes.map(
      (route) =>
        route
          .split('/')
          .slice(1, -1)
          .filter((part) => !part.startsWith('('))[0] ?? '',
    )
    const fixed = [...new Set(segments)].filter((segment) => segment !== '' && !segment.startsWith('['))
    expect(fixed).toEqual(expect.arrayContaining(['orgs', 'me', 'healthz', 'api', 'console', 'login']))
    expect([...fixed, '_next', 'v1', 'metrics', 'invite', 'admin'].filter(isFree)).toEqual([])
  })
})
