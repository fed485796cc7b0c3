import { sql } from 'kysely'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { CreateSecret, PutSecret } from '#contract/catalog/secrets'
import { sumRowCounts } from '#db/queries/project-rows'
import { apply } from '../apply/apply.ts'
import { getCatalogRevision, listCatalogRevisions } from '../apply/catalog-revisions.ts'
import type { ProjectContext } from '../context.ts'
import { createEnvironment, deleteEnvironment } from '../projects/environments.ts'
import { rotateSealing } from '../maintenance/rotate-sealing.ts'
import {
  createSecret,
  deleteSecret,
  deleteSecretValue,
  getSecret,
  listSecrets,
  replaceSecret,
  setSecretValue,
} from './secrets.ts'
import { openWorld, page, refused } from '#test/support/world/world'
import { exportProject } from '../transfer/export.ts'
import { versionOf } from '../versions.ts'
import { reading } from '../writing.ts'

const CANARY = 'canary-7f3a-Never-To-Be-Seen'

const world = await openWorld()
afterAll(world.close)
beforeEach(() => vi.stubEnv('BULKHEAD_SECRET', 'the secret of this test that is long'))
afterEach(() => vi.unstubAllEnvs())

let n = 0
/** Slots `door` and `safe`, and a second environment. */
async function filled() {
  const project = await world.project(`p${++n}`)
  const context = await world.inside(project)
  await createEnvironment(context, { name: 'staging' })
  for (const name of ['door', 'safe']) await createSecret(context, 'default', CreateSecret.parse({ name, description: name }))
  return { project, context }
}
const setValue = (context: ProjectContext, name: string, value = CANARY, env = 'default') =>
  setSecretValue(context, env, name, { value })

/** The text of every row of every table, bytes too. */
async function everything(): Promise<string> {
  const { rows: tables } = await sql<{ name: string }>`select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE'`.execute(world.db)
  const texts: string[] = []
  for (const { name } of tables) {
    const { rows } = await sql<{ text: string }>`select t::text as text from ${sql.table(name)} t`.execute(world.db)
    texts.push(...rows.map((row) => row.text))
  }
  return texts.join('\n')
}

describe('createSecret', () => {
  test('makes a slot without a value in every environment', async () => {
    const { context } = await filled()
    expect(await getSecret(context, 'default', 'door')).toEqual({
      kind: 'Secret',
      name: 'door',
      description: 'door',
      hasValue: false,
      valueSetAt: null,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    })
    expect((await listSecrets(context, 'staging', page)).items.map((secret) => secret.name)).toEqual(['door', 'safe'])
    expect(await refused(createSecret(context, 'staging', CreateSecret.parse({ name: 'door' })))).toBe('secret_exists')
  })

  test.for(['viewer', 'member', 'scoped'] as const)('is refused to a %s, and so is every other verb', async (role) => {
    const { project, context } = await filled()
    await setValue(context, 'door')
    const rights = role === 'scoped' ? { role: 'owner' as const, envName: 'default' } : { role }
    const narrow = await world.inside(project, await world.member(project, rights))
    const codes = await Promise.all([
      refused(listSecrets(narrow, 'default', page)),
      refused(getSecret(narrow, 'default', 'door')),
      refused(createSecret(narrow, 'default', CreateSecret.parse({ name: 'new' }))),
      refused(replaceSecret(narrow, 'default', 'door', PutSecret.parse({}))),
      refused(setValue(narrow, 'door')),
      refused(deleteSecretValue(narrow, 'default', 'door')),
      refused(deleteSecret(narrow, 'default', 'door')),
    ])
    expect(new Set(codes)).toEqual(new Set([role === 'scoped' ? 'scoped_actor' : 'forbidden']))
  })

  test('does not find secrets of another project', async () => {
    await filled()
    const other = await world.inside(await world.project(`p${++n}`))
    expect((await listSecrets(other, 'default', page)).items).toEqual([])
    expect(await refused(getSecret(other, 'default', 'door'))).toBe('secret_not_found')
    expect(await refused(setValue(other, 'door'))).toBe('secret_not_found')
    expect(await refused(replaceSecret(other, 'default', 'door', PutSecret.parse({})))).toBe('secret_not_found')
    expect(await refused(deleteSecret(other, 'default', 'door'))).toBe('secret_not_found')
  })
})

describe('replaceSecret', () => {
  test('changes the description and never the value, if the version matches', async () => {
    const { project, context } = await filled()
    const before = await setValue(context, 'door')
    const after = await replaceSecret(context, 'default', 'door', PutSecret.parse({ ...before, description: 'front' }))
    expect(after).toMatchObject({ description: 'front', hasValue: true, valueSetAt: before.valueSetAt })
    expect(await refused(replaceSecret(context, 'default', 'door', PutSecret.parse({ name: 'gate' })))).toBe('invalid_request')
    const stale = await world.inside(project, world.root, { ifMatch: versionOf(before) })
    expect(await refused(replaceSecret(stale, 'default', 'door', PutSecret.parse({})))).toBe('precondition_failed')
  })
})

describe('setSecretValue', () => {
  test('applies to one environment, and can be repeated and removed', async () => {
    const { context } = await filled()
    expect(await setValue(context, 'door')).toMatchObject({ hasValue: true, valueSetAt: expect.any(String) })
    expect(await getSecret(context, 'staging', 'door')).toMatchObject({ hasValue: false, valueSetAt: null })
    await setValue(context, 'door', 'another')
    expect(await sumRowCounts(context.db, reading(context))).toMatchObject({ secret_values: 1 })
    expect(await deleteSecretValue(context, 'staging', 'door')).toMatchObject({ hasValue: false })
    expect(await getSecret(context, 'default', 'door')).toMatchObject({ hasValue: true })
    expect(await deleteSecretValue(context, 'default', 'door')).toMatchObject({ hasValue: false })
    expect(await sumRowCounts(context.db, reading(context))).toMatchObject({ secret_values: 0 })
    expect(await refused(setValue(context, 'none'))).toBe('secret_not_found')
    expect(await refused(setValue(context, 'door', 'x', 'none'))).toBe('environment_not_found')
  })

  test('never reveals the value: not in an answer, a table, an export or the output', async () => {
    const { context } = await filled()
    const written: unknown[] = []
    for (const stream of [process.stdout, process.stderr])
      vi.spyOn(stream, 'write').mockImplementation((text) => written.push(text) > 0)
    const answers: unknown[] = [await setValue(context, 'door'), await setValue(context, 'safe', CANARY, 'staging')]
    answers.push(await listSecrets(context, 'default', page), await getSecret(context, 'default', 'door'))
    const items = [{ kind: 'Secret', name: 'third' }]
    answers.push(await apply(context, 'default', { items, deletions: [], force: false, dryRun: false }))
    for await (const line of await exportProject(context)) answers.push(line)
    answers.push(await replaceSecret(context, 'default', 'door', PutSecret.parse({ description: 'new' })))
    answers.push(await deleteSecretValue(context, 'staging', 'safe'))
    answers.push(
      await setSecretValue(context, 'default', 'safe', { value: CANARY }).then(() => deleteSecret(context, 'default', 'safe')),
    )
    vi.restoreAllMocks()
    expect(JSON.stringify(answers)).not.toContain(CANARY)
    expect(JSON.stringify(written)).not.toContain(CANARY)
    const text = await everything()
    expect(text).toContain('"door"')
    for (const form of [CANARY, Buffer.from(CANARY).toString('hex'), Buffer.from(CANARY).toString('base64')])
      expect(text).not.toContain(form)
  })

  test('encrypts the same value differently each time', async () => {
    const { context } = await filled()
    await setValue(context, 'door')
    await setValue(context, 'door', CANARY, 'staging')
    const rows = await world.db
      .selectFrom('secret_values')
      .select('sealed')
      .where('project_id', '=', context.project.id)
      .execute()
    expect(rows).toHaveLength(2)
    expect(rows[0]!.sealed.equals(rows[1]!.sealed)).toBe(false)
  })

  test('keeps its environment from being deleted', async () => {
    const { context } = await filled()
    await setValue(context, 'door', CANARY, 'staging')
    expect(await refused(deleteEnvironment(context, 'staging'))).toBe('environment_in_use')
    await deleteSecretValue(context, 'staging', 'door')
    await deleteEnvironment(context, 'staging')
  })
})

describe('deleteSecret', () => {
  test('removes the values of every environment', async () => {
    const { context } = await filled()
    await setValue(context, 'door')
    await setValue(context, 'door', CANARY, 'staging')
    await deleteSecret(context, 'default', 'door')
    expect(await refused(getSecret(context, 'staging', 'door'))).toBe('secret_not_found')
    expect(await sumRowCounts(context.db, reading(context))).toMatchObject({ secrets: 1, secret_values: 0 })
  })
})

describe('catalog revisions', () => {
  test('name secrets only to callers who may read them', async () => {
    const { project, context } = await filled()
    const items = [{ kind: 'Secret', name: 'third', description: 'told to few' }]
    const { revisionId } = await apply(context, 'default', { items, deletions: [], force: false, dryRun: false })
    const viewer = await world.inside(project, await world.member(project, { role: 'viewer' }))
    const seen = [await listCatalogRevisions(viewer, page), await getCatalogRevision(viewer, revisionId!)]
    expect(JSON.stringify(seen)).not.toMatch(/third|told to few|door/)
    expect(JSON.stringify(await getCatalogRevision(context, revisionId!))).toContain('told to few')
  })
})

describe('rotateSealing', () => {
  const sealedOf = (context: ProjectContext) =>
    world.db
      .selectFrom('secret_values')
      .select(['secret', 'key_id', 'sealed'])
      .where('project_id', '=', context.project.id)
      .orderBy('secret')
      .execute()

  test('re-encrypts values of a previous secret once, which is then no longer needed', async () => {
    await world.db.deleteFrom('secret_values').execute()
    const { context } = await filled()
    await setValue(context, 'door')
    const [before] = await sealedOf(context)
    vi.stubEnv('BULKHEAD_SECRET', 'the next secret that is also long enough')
    await setValue(context, 'safe')
    expect(await rotateSealing(world.db)).toEqual({ resealed: 0, unknown: 1 })
    vi.stubEnv('BULKHEAD_PREVIOUS_SECRETS', 'an older one that is also long enough,the secret of this test that is long')
    expect(await rotateSealing(world.db)).toEqual({ resealed: 1, unknown: 0 })
    expect(await rotateSealing(world.db)).toEqual({ resealed: 0, unknown: 0 })
    const after = await sealedOf(context)
    expect(after[0]!.key_id).toBe(after[1]!.key_id)
    expect(after[0]!.key_id).not.toBe(before!.key_id)
    // A re-encrypted value needs only the next secret, so it can be re-encrypted again from there.
    vi.stubEnv('BULKHEAD_SECRET', 'the one after that is also long enough')
    vi.stubEnv('BULKHEAD_PREVIOUS_SECRETS', 'the next secret that is also long enough')
    expect(await rotateSealing(world.db)).toEqual({ resealed: 2, unknown: 0 })
  })

  test('does not decrypt a value that was moved to another secret or tampered with, and re-encrypts the others', async () => {
    await world.db.deleteFrom('secret_values').execute()
    const { context } = await filled()
    await createSecret(context, 'default', CreateSecret.parse({ name: 'gate' }))
    for (const name of ['door', 'gate', 'safe']) await setValue(context, name)
    const [door, gate, safe] = await sealedOf(context)
    const put = (secret: string, sealed: Buffer) =>
      world.db.updateTable('secret_values').set({ sealed }).where('secret', '=', secret).execute()
    await put('door', safe!.sealed)
    const flipped = Buffer.from(gate!.sealed)
    flipped[flipped.length - 1]! ^= 1
    await put('gate', flipped)
    vi.stubEnv('BULKHEAD_SECRET', 'the next secret that is also long enough')
    vi.stubEnv('BULKHEAD_PREVIOUS_SECRETS', 'the secret of this test that is long')
    expect(await rotateSealing(world.db)).toEqual({ resealed: 1, unknown: 2 })
    expect((await sealedOf(context)).map((row) => row.key_id === door!.key_id)).toEqual([true, true, false])
  })
})
