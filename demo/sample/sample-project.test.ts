import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { sql } from 'kysely'
import type { Project } from '#contract/projects/projects'
import type { UserActor } from '#domain/context'
import { listCells } from '#domain/catalog/cells'
import { checkProjects } from '#domain/maintenance/check'
import { listEntities } from '#domain/data/entities'
import { deleteProject } from '#domain/projects/projects'
import { listRelationships } from '#domain/data/relationships'
import { getStats } from '#domain/projects/stats'
import { openWorld, page, refused } from '#test/support/world/world'
import { createSampleProject } from './sample-project.ts'

const world = await openWorld()
afterAll(world.close)

const listSlugs = async () =>
  (await world.db.selectFrom('projects').select('slug').orderBy('id').execute()).map(({ slug }) => slug)

let creator: UserActor
let sample: Project
/** The first sample of the database, which the tests below look at. */
async function lookingAtSample() {
  creator ??= await world.person('admin')
  sample ??= await createSampleProject(await world.at(creator))
  return { project: sample, context: await world.inside(sample, creator) }
}

describe('createSampleProject', () => {
  test.for(['member', 'viewer'] as const)('refuses a %s of the organization', async (role) => {
    expect(await refused(createSampleProject(await world.at(await world.person(role))))).toBe('forbidden')
  })

  test('refuses a project token', async () => {
    const { actor } = await world.token(await world.project('with-token'), { role: 'owner' })
    expect(await refused(createSampleProject(await world.at(actor)))).toBe('forbidden')
  })

  describe('when the database refuses a row halfway', () => {
    afterEach(() => sql`alter table relationships drop constraint none`.execute(world.db))

    test('leaves nothing behind', async () => {
      await sql`alter table relationships add constraint none check (false)`.execute(world.db)
      const before = await listSlugs()
      await expect(createSampleProject(await world.at(world.root))).rejects.toThrow('violates check constraint')
      expect(await listSlugs()).toEqual(before)
    })
  })

  test('has data for every screen, and the caller owns it', async () => {
    const { project, context } = await lookingAtSample()
    expect(project).toMatchObject({ name: 'Sample', slug: 'sample' })
    expect(context.grant).toMatchObject({ role: 'owner', source: 'project' })

    const stats = await getStats(context)
    expect(stats.environments).toEqual([
      { name: 'default', entities: 0 },
      { name: 'production', entities: 186 },
      { name: 'staging', entities: 60 },
    ])
    expect(stats.tables).toMatchObject({ entity_types: 2, relationship_types: 3, secrets: 3, catalog_revisions: 1 })
    const { items: cells } = await listCells(context, page)
    expect(cells.find(({ name }) => name === 'eu-west-1')?.parentCells).toEqual(['eu'])

    const { items: vaults } = await listEntities(context, 'production', { ...page, cell: 'pci' })
    expect(vaults.length).toBeGreaterThan(10)
    expect(vaults[0]).toMatchObject({ metrics: { dependencies: expect.any(Number) }, labels: { app: 'card-vault' } })
    for (const relationshipType of ['depends-on', 'stores-in', 'replicates-to']) {
      const { items } = await listRelationships(context, 'production', { limit: 200, relationshipType })
      expect(items.length, relationshipType).toBeGreaterThan(30)
    }
  })

  test('has a cell close to its limit', async () => {
    const { context } = await lookingAtSample()
    const { items } = await listEntities(context, 'production', { limit: 200, entityType: 'service' })
    const { items: cells } = await listCells(context, page)
    const fullness = cells.flatMap(({ name, constraints }) =>
      constraints
        .filter(({ aggregate }) => aggregate === 'sum')
        .map(({ metric, max }) => {
          const members = items.filter((entity) => entity.cells.includes(name))
          return members.reduce((sum, { metrics }) => sum + (metrics[metric] ?? 0), 0) / max
        }),
    )
    expect(Math.max(...fullness)).toBeGreaterThan(0.85)
    expect(Math.max(...fullness)).toBeLessThanOrEqual(1)
  })

  test('uses the next free slug, skipping those of deleted projects', async () => {
    const context = await world.at(world.root)
    const before = (await listSlugs()).filter((slug) => slug.startsWith('sample')).length
    const second = await createSampleProject(context)
    expect(second).toMatchObject({ name: `Sample ${before + 1}`, slug: `sample-${before + 1}` })
    await deleteProject(await world.inside(second))
    expect((await createSampleProject(context)).slug).toBe(`sample-${before + 2}`)
  })

  test('writes an audit event for each of its actions', async () => {
    const { project } = await lookingAtSample()
    const events = await world.db
      .selectFrom('audit_events')
      .select('action')
      .distinct()
      .where('project_id', '=', project.id)
      .orderBy('action')
      .execute()
    expect(events.map(({ action }) => action)).toEqual([
      'catalog.applied',
      'cell.member-added',
      'entity.metrics-pushed',
      'environment.created',
      'project.created',
    ])
  })

  test('keeps all derived values exact', async () => {
    for await (const { problems } of checkProjects(world.db)) expect(problems).toEqual([])
  })
})
