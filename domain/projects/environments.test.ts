import { afterAll, describe, expect, test } from 'vitest'
import { createEnvironment, deleteEnvironment, listEnvironments } from './environments.ts'
import { removeMember } from '../members/members.ts'
import { nukeProject } from '../nuke/nuke.ts'
import { purgeWipes } from '../nuke/purge.ts'
import { addEntity, addType } from '#test/support/world/catalog'
import { createWorld, openWorld, page, refused } from '#test/support/world/world'
import { revokeToken } from '../tokens/tokens.ts'

const world = await openWorld()
const other = await createWorld(world.db, 'other')
afterAll(world.close)

let n = 0
async function withStaging() {
  const project = await world.project(`p${++n}`)
  const context = await world.inside(project)
  const staging = await createEnvironment(context, { name: 'staging' })
  return { project, context, staging }
}
const names = async (context: Parameters<typeof listEnvironments>[0]) =>
  (await listEnvironments(context, page)).items.map((one) => one.name)

describe('createEnvironment', () => {
  test('adds one beside the default, in its own project only', async () => {
    const { context, staging } = await withStaging()
    expect(staging).toEqual({ id: expect.any(String), name: 'staging', isDefault: false, createdAt: expect.any(String) })
    expect(await names(context)).toEqual(['default', 'staging'])
    expect(await names(await world.inside(await world.project(`p${++n}`)))).toEqual(['default'])
    expect(await refused(createEnvironment(context, { name: 'staging' }))).toBe('environment_exists')
    expect(await refused(createEnvironment(context, { name: 'default' }))).toBe('environment_exists')
  })

  test.for(['viewer', 'member'] as const)('is refused to a %s, and so is deleting', async (role) => {
    const { project } = await withStaging()
    const context = await world.inside(project, await world.member(project, { role }))
    expect(await refused(createEnvironment(context, { name: 'x' }))).toBe('forbidden')
    expect(await refused(deleteEnvironment(context, 'staging'))).toBe('forbidden')
    expect(await names(context)).toEqual(['default', 'staging'])
  })

  test('an admin limited to one environment sees only that one and changes none', async () => {
    const { project } = await withStaging()
    const context = await world.inside(project, await world.member(project, { role: 'admin', envName: 'staging' }))
    expect(await names(context)).toEqual(['staging'])
    expect(await refused(createEnvironment(context, { name: 'x' }))).toBe('scoped_actor')
    expect(await refused(deleteEnvironment(context, 'staging'))).toBe('scoped_actor')
  })
})

describe('deleteEnvironment', () => {
  test('removes an environment that nothing refers to', async () => {
    const { context } = await withStaging()
    expect(await deleteEnvironment(context, 'staging')).toEqual({ deleted: true, name: 'staging' })
    expect(await names(context)).toEqual(['default'])
    expect(await refused(deleteEnvironment(context, 'staging'))).toBe('environment_not_found')
  })

  test('keeps the default environment', async () => {
    const { context } = await withStaging()
    expect(await refused(deleteEnvironment(context, 'default'))).toBe('default_environment')
  })

  test('keeps one that holds entities, or nuked entities that an undo could bring back, until they are purged', async () => {
    const { project, context } = await withStaging()
    await addType(context)
    await addEntity(context, 'here', { env: 'staging' })
    await expect(deleteEnvironment(context, 'staging')).rejects.toMatchObject({
      code: 'environment_in_use',
      message: expect.stringContaining('1 entity'),
    })
    await nukeProject(await world.inside(project), { confirm: project.slug })
    await expect(deleteEnvironment(context, 'staging')).rejects.toMatchObject({
      code: 'environment_in_use',
      message: expect.stringContaining('nuked'),
    })
    await world.db
      .updateTable('wipes')
      .set({ purge_after: '2020-01-01T00:00:00Z' })
      .where('project_id', '=', project.id)
      .execute()
    await purgeWipes(world.db)
    expect(await deleteEnvironment(await world.inside(project), 'staging')).toMatchObject({ deleted: true })
  })

  test('keeps one that a member is limited to, because their access must not widen', async () => {
    const { project, context } = await withStaging()
    const member = await world.member(project, { envName: 'staging' })
    expect(await refused(deleteEnvironment(context, 'staging'))).toBe('environment_in_use')
    await removeMember(context, member.id)
    expect(await deleteEnvironment(context, 'staging')).toMatchObject({ deleted: true })
  })

  test('keeps one that a token is limited to, until the token is revoked', async () => {
    const { project, context } = await withStaging()
    const { actor } = await world.token(project, { envName: 'staging' })
    expect(await refused(deleteEnvironment(context, 'staging'))).toBe('environment_in_use')
    await revokeToken(context, actor.id)
    expect(await deleteEnvironment(context, 'staging')).toMatchObject({ deleted: true })
    expect(await names(context)).toEqual(['default'])
  })

  test('does not find one of another project or tenant', async () => {
    await withStaging()
    expect(await refused(deleteEnvironment(await world.inside(await world.project(`p${++n}`)), 'staging'))).toBe(
      'environment_not_found',
    )
    expect(await refused(deleteEnvironment(await other.inside(await other.project('theirs')), 'staging'))).toBe(
      'environment_not_found',
    )
  })
})
