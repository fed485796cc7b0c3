import { sql } from 'kysely'
import { afterAll, describe, expect, test } from 'vitest'
import { checkProjects } from './check.ts'
import { nukeProject } from '../nuke/nuke.ts'
import { fill } from '#test/support/world/catalog'
import { openWorld } from '#test/support/world/world'

const world = await openWorld()
afterAll(world.close)

async function check() {
  const found: Record<string, string[]> = {}
  for await (const { project, problems } of checkProjects(world.db)) found[project] = problems
  return found
}

describe('checkProjects', () => {
  test('finds rows that were planted directly in the database, in their project', async () => {
    const sound = await world.project('sound')
    await fill(await world.inside(sound))
    const project = await world.project('harmed')
    const { berlin, nowhere } = await fill(await world.inside(project))
    expect(await check()).toEqual({ 'acme/sound': [], 'acme/harmed': [] })

    const here = sql`project_id = ${project.id}`
    await sql`delete from effective_cell_members where ${here} and cell = 'germany' and entity_id = ${berlin.id}`.execute(
      world.db,
    )
    await sql`insert into effective_cell_members (project_id, generation, cell, env_id, entity_id)
      select project_id, generation, 'vip', env_id, id from entities where ${here} and id = ${nowhere.id}`.execute(world.db)
    expect(await check()).toEqual({
      'acme/sound': [],
      'acme/harmed': [
        `${berlin.id} should be in the cell germany and is not`,
        `${nowhere.id} is in the cell vip and should not be`,
      ],
    })

    await sql`delete from effective_cell_members where ${here} and cell = 'vip'`.execute(world.db)
    await sql`insert into secrets (project_id, generation, name, description)
      select id, generation, 'uncounted', '' from projects where id = ${project.id}`.execute(world.db)
    expect((await check())['acme/harmed']).toEqual([
      'effective_cell_members has 3 rows, but the ready count says 4',
      'secrets has 1 rows, but the ready count says 0',
      `${berlin.id} should be in the cell germany and is not`,
    ])
  })

  test('checks live data, not nuked data', async () => {
    const project = await world.project('gone')
    await fill(await world.inside(project))
    await nukeProject(await world.inside(project), { confirm: 'gone' })
    await sql`delete from effective_cell_members where project_id = ${project.id}`.execute(world.db)
    expect((await check())['acme/gone']).toEqual([])
  })
})
