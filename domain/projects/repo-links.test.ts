import { afterAll, describe, expect, test } from 'vitest'
import { CreateRepoLink } from '#contract/projects/repo-links'
import { nukeProject } from '../nuke/nuke.ts'
import { createRepoLink, deleteRepoLink, listRepoLinks } from './repo-links.ts'
import { addType } from '#test/support/world/catalog'
import { createWorld, openWorld, page, refused } from '#test/support/world/world'

const world = await openWorld()
const other = await createWorld(world.db, 'other')
afterAll(world.close)

const site = CreateRepoLink.parse({ provider: 'github', repository: 'acme/site' })

describe('repo links', () => {
  test('are created, listed and deleted, and the same place links once', async () => {
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

  test('are changed by admins, seen by everyone in the project, and by nobody else', async () => {
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

describe('a repo link is refused', () => {
  const problem = (given: object) => {
    const parsed = CreateRepoLink.safeParse({ provider: 'github', repository: 'acme/site', ...given })
    return parsed.success ? undefined : parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`)[0]
  }

  test.for([
    ['', 'acme', '/site', 'acme/', 'acme/site/docs', 'acme site/x', 'acme/si te', ' acme/site', 'acme/site ', 'acme\\site'],
    ['../site', 'acme/..', './.', 'acme/site\n', 'acme/s\u0000te', 'https://github.com/acme/site', 'acme/ѕite', 'acme/site.git'],
    [`acme/${'x'.repeat(200)}`],
  ])('for a repository like %j', (repositories) => {
    expect(repositories.filter((repository) => !problem({ repository })?.startsWith('repository must'))).toEqual([])
  })

  test.for([
    ['', ' ', 'a b', 'a\tb', 'a\u0001b', 'a\u007fb', 'a..b', '../a', 'a/../b', 'a//b', '/a', 'a/', '.a', 'a/.b', 'a.', '-a'],
    ['a.lock', 'a.lock/b', 'a@{1}', '@', 'a~1', 'a^', 'a:b', 'a?', 'a*', 'a[b', 'a\\b', 'x'.repeat(201), 'x'.repeat(1000)],
  ])('for a branch like %j', (branches) => {
    expect(branches.filter((branch) => !problem({ branch })?.startsWith('branch must be'))).toEqual([])
  })

  test.for([
    ['', 'docs', './docs', '..', '/..', '/../etc', '/docs/../..', '/docs/..', '/./docs', '//docs', '/docs//api'],
    ['C:/docs', '\\docs', '/docs\\..\\..', '/do\ncs', '/do\u0000cs', '/do\u0085cs', `/${'x'.repeat(500)}`],
  ])('for a path like %j', (wrong) => {
    expect(wrong.filter((path) => !problem({ path })?.startsWith('path must'))).toEqual([])
  })

  test('for an unknown provider or an unknown field', () => {
    expect(problem({ provider: 'sourceforge' })).toMatch(/^provider /)
    expect(problem({ url: 'https://github.com/acme/site' })).toBeDefined()
  })
})

test('a repo link accepts what git and its hosts accept', async () => {
  const context = await world.inside(await world.project('r'))
  for (const given of [
    { repository: 'Acme-2/.github' },
    { repository: 'acme/site.v2', branch: 'feature/Größe@2', path: '/a..b/...' },
    { branch: 'releases/2026.11', path: '/dépôt (neu)/x y' },
  ])
    expect(await createRepoLink(context, CreateRepoLink.parse({ ...site, ...given }))).toMatchObject(given)
})

test('the same folder links once, however it is spelled', async () => {
  const context = await world.inside(await world.project('s'))
  await createRepoLink(context, CreateRepoLink.parse({ ...site, path: '/docs/' }))
  expect(await refused(createRepoLink(context, CreateRepoLink.parse({ ...site, path: '/docs' })))).toBe('repo_link_exists')
  const both = await Promise.allSettled([1, 2, 3].map(() => createRepoLink(context, { ...site, branch: 'next' })))
  expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

test('repo links survive a nuke', async () => {
  const project = await world.project('t')
  const context = await world.inside(project)
  const link = await createRepoLink(context, site)
  await addType(context)
  await nukeProject(context, { confirm: project.slug })
  expect((await listRepoLinks(await world.inside(project), page)).items).toEqual([link])
})
