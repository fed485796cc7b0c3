import { afterAll, describe, expect, test } from 'vitest'
import { CreateRepoLink } from '#contract/repo-links'
import { createRepoLink, deleteRepoLink, listRepoLinks } from './repo-links.ts'
import { createWorld, openWorld, page, refused } from './testing.ts'

const world = await openWorld()
const other = await createWorld(world.db, 'other')
afterAll(world.close)

const site = CreateRepoLink.parse({ provider: 'github', repository: 'acme/site' })

describe('repo links', () => {
  test('are made, listed and deleted; the same place links once', async () => {
    const context = await world.inside(await world.project('p'))
    const link = await createRepoLink(context, site)
    expect(link).toEqual({
      id: expect.any(String),
      provider: 'github',
      repository: 'acme/site',
      branch: 'main',
      path: '/',
      createdAt: expect.any(String),
    })
    expect(await refused(createRepoLink(context, site))).toBe('repo_link_exists')
    const second = await createRepoLink(context, { ...site, path: '/docs' })
    const { items, next } = await listRepoLinks(context, { limit: 1 })
    expect(items).toEqual([link])
    expect((await listRepoLinks(context, { limit: 1, cursor: next! })).items).toEqual([second])
    expect(await deleteRepoLink(context, link.id)).toEqual({ id: link.id, deleted: true })
    expect(await refused(deleteRepoLink(context, link.id))).toBe('repo_link_not_found')
  })

  test('are changed by admins, seen by everybody in the project, and by nobody else', async () => {
    const project = await world.project('q')
    const link = await createRepoLink(await world.inside(project), site)
    const member = await world.inside(project, await world.member(project))
    expect(await refused(createRepoLink(member, { ...site, path: '/x' }))).toBe('forbidden')
    expect(await refused(deleteRepoLink(member, link.id))).toBe('forbidden')
    expect((await listRepoLinks(member, page)).items).toEqual([link])
    const foreign = await other.inside(await other.project('q'))
    expect((await listRepoLinks(foreign, page)).items).toEqual([])
    expect(await refused(deleteRepoLink(foreign, link.id))).toBe('repo_link_not_found')
  })
})
