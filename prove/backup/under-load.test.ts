import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { CreateEntityType } from '#contract/catalog/entity-types'
import { CreateEntity } from '#contract/data/entities'
import { cli } from '#domain/accounts/users'
import { sealAudit } from '#domain/audit/sealing'
import { createEntityType } from '#domain/catalog/entity-types'
import { createEntity } from '#domain/data/entities'
import { setQuotas } from '#domain/limits/quotas'
import { nukeProject, restoreWipe } from '#domain/nuke/nuke'
import { purgeDue } from '#domain/nuke/purge'
import { openDatabase } from '#server/postgres/open-database'
import { backUpTo, flaws, restoreFrom } from '#test/support/database/backups'
import { createTestDatabase } from '#test/support/database/database'
import { progress, report, scaleOf } from '#test/support/outcome'
import { createWorld } from '#test/support/world/world'

const TIMES = scaleOf('backup', 1)
const folder = mkdtempSync(join(tmpdir(), 'bulkhead-under-load-'))
const source = await createTestDatabase()
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await source.drop()
})

type World = Awaited<ReturnType<typeof createWorld>>

/** One round of everything that moves many rows, in a project of its own. */
async function round(world: World, name: string): Promise<void> {
  const project = await world.project(name)
  const at = () => world.inside(project)
  await createEntityType(await at(), CreateEntityType.parse({ name: 'server', states: ['up'], initialState: 'up' }))
  for (let i = 0; i < 5; i++)
    await createEntity(await at(), 'default', CreateEntity.parse({ entityType: 'server', name: `web-${i}` }))
  const first = await nukeProject(await at(), { confirm: name })
  await restoreWipe(await at(), first.wipeId!)
  await nukeProject(await at(), { confirm: name })
  await sql`update wipes set purge_after = now() where project_id = ${project.id} and restored_at is null`.execute(world.db)
  await purgeDue(world.db)
  await sealAudit(world.db)
}

test('a backup during nukes, undos, purges and writes restores to something whole', { timeout: 0 }, async () => {
  await openDatabase(source.db)
  const world = await createWorld(source.db)
  await setQuotas(source.db, cli, world.org, { projects: 0 })
  let isOver = false
  let rounds = 0
  const load = (async () => {
    while (!isOver) await round(world, `round-${rounds++}`)
  })()
  const failures: string[] = []
  for (let i = 0; i < TIMES; i++) {
    progress(i, TIMES)
    const file = join(folder, `${i}.backup`)
    await backUpTo(source.db, file)
    const target = await createTestDatabase({ bare: true, max: 1 })
    await restoreFrom(target.db, file)
    failures.push(...(await flaws(target.db)))
    await target.drop()
  }
  isOver = true
  await load
  expect(rounds).toBeGreaterThan(0)
  expect(report({ what: 'backups during nukes, undos, purges and writes', tried: TIMES, failures })).toEqual([])
})
