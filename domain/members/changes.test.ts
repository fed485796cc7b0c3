import { afterAll, describe, expect, test } from 'vitest'
import { CreateToken } from '#contract/tokens/tokens'
import { findProject } from '#db/queries/projects/projects'
import type { OrgContext, ProjectContext, UserActor } from '../context.ts'
import { createEnvironment } from '../projects/environments.ts'
import { DomainError } from '../errors.ts'
import { changeMembers } from './changes.ts'
import { getMember, setVerbs } from './members.ts'
import { createWorld, openWorld, page } from '#test/support/world/world'
import { createToken, listTokens } from '../tokens/tokens.ts'

const world = await openWorld()
const other = await createWorld(world.db, 'other')
afterAll(world.close)

let n = 0
const newProject = async () => {
  const project = await world.project(`p${++n}`)
  await createEnvironment(await world.inside(project), { name: 'staging' })
  return project
}

/** Finds a project of `acme` by id or slug like the request's URL, in the caller's transaction and with their verb. */
async function projectOf({ db, verb, actor }: OrgContext, idOrSlug: string): Promise<ProjectContext> {
  const key = idOrSlug.includes('-') ? { id: idOrSlug } : { slug: idOrSlug }
  const found = await findProject(db, world.org.id, key, null)
  if (!found) throw new DomainError('project_not_found', 'No such project')
  return { ...(await world.inside(found, actor, { verb })), db }
}
const codeOf = (code: string) => code
const run = async (context: OrgContext, rows: unknown[]) => {
  const { outcomes, ...counts } = await changeMembers(context, rows, { projectOf, codeOf })
  return { ...counts, answers: outcomes.map(({ code, member }) => code ?? member?.role ?? 'removed') }
}
const asRoot = () => world.at(world.root, { verb: 'create' })

describe('changeMembers', () => {
  test('revokes what a removed member made where the row asks for it, and keeps it otherwise', async () => {
    const project = await newProject()
    const [staying, gone] = [await world.member(project, { role: 'admin' }), await world.member(project, { role: 'admin' })]
    const make = async (maker: UserActor) =>
      createToken(await world.inside(project, maker), CreateToken.parse({ name: `by ${maker.name}` }))
    const [lasting] = [await make(staying), await make(gone)]
    const remove = { action: 'remove', projectId: project.id }
    const { done, answers } = await run(await asRoot(), [
      { ...remove, userId: gone.id, revoke: ['secrets'] },
      { ...remove, userId: gone.id, revoke: ['tokens', 'webhooks'] },
      { ...remove, userId: staying.id },
    ])
    expect([done, answers]).toEqual([2, ['invalid_request', 'removed', 'removed']])
    expect((await listTokens(await world.inside(project), page)).items.map(({ id }) => id)).toEqual([lasting.id])
  })

  test('applies the valid rows and reports the others, across several projects', async () => {
    const [one, two] = [await newProject(), await newProject()]
    const [anna, bert, carl] = [await world.person(), await world.person(), await world.person()]
    const stranger = await other.person()
    const rows = [
      { action: 'add', projectId: one.id, userId: anna.id, role: 'viewer', envName: 'staging', cellScopes: ['eu'] },
      { action: 'add', projectId: one.id, userId: anna.id },
      { action: 'add', projectId: two.slug, userId: bert.id, role: 'admin' },
      { action: 'add', projectId: two.id, userId: carl.id, envName: 'nowhere' },
      { action: 'add', projectId: two.id, userId: stranger.id },
      { action: 'add', projectId: 'nowhere', userId: carl.id },
      { action: 'add', projectId: one.id, userId: carl.id, role: 'emperor' },
      { action: 'promote', projectId: one.id, userId: anna.id },
      {},
      {
        action: 'update',
        projectId: one.id,
        userId: anna.id,
        role: 'member',
        cellScopes: null,
        expiresAt: '2099-01-01T00:00:00Z',
      },
      { action: 'update', projectId: one.id, userId: carl.id, role: 'member' },
      { action: 'remove', projectId: two.id, userId: bert.id },
      { action: 'remove', projectId: one.id, userId: world.root.id },
    ]
    expect(await run(await asRoot(), rows)).toEqual({
      done: 4,
      refused: 9,
      answers: [
        'viewer',
        'already_member',
        'admin',
        'no_such_environment',
        'user_not_found',
        'project_not_found',
        'invalid_request',
        'invalid_request',
        'invalid_request',
        'member',
        'member_not_found',
        'removed',
        'last_owner',
      ],
    })
    expect(await getMember(await world.inside(one), anna.id)).toMatchObject({
      role: 'member',
      envName: 'staging',
      cellScopes: null,
      expiresAt: '2099-01-01T00:00:00.000000Z',
    })
  })

  test('each row writes its one event, and a refused row writes none', async () => {
    const project = await newProject()
    const anna = await world.person()
    const events = async () =>
      (
        await world.db.selectFrom('audit_events').select('action').where('project_id', '=', project.id).orderBy('id').execute()
      ).map(({ action }) => action)
    const before = await events()
    const row = { projectId: project.id, userId: anna.id }
    const rows = [
      { ...row, action: 'add' },
      { ...row, action: 'update', role: 'viewer', cellScopes: [] },
      { ...row, action: 'add' },
      { ...row, action: 'remove' },
    ]
    await run(await asRoot(), rows)
    expect((await events()).slice(before.length)).toEqual(['member.added', 'member.updated', 'member.removed'])
  })

  test('gives nobody more than the caller has, or verbs that the caller lacks', async () => {
    const project = await newProject()
    const admin = await world.member(project, { role: 'admin' })
    const [anna, bert] = [await world.person(), await world.member(project, { role: 'member' })]
    const at = () => world.at(admin, { verb: 'create' })
    const row = { projectId: project.id }
    const rows = [
      { ...row, action: 'add', userId: anna.id, role: 'owner' },
      { ...row, action: 'update', userId: bert.id, role: 'owner' },
      { ...row, action: 'update', userId: world.root.id, role: 'viewer' },
      { ...row, action: 'remove', userId: world.root.id },
    ]
    expect((await run(await at(), rows)).answers).toEqual(['forbidden', 'forbidden', 'forbidden', 'forbidden'])
    await setVerbs(await world.inside(project), admin.id, ['read:*', 'update:*'])
    const limited = [
      { ...row, action: 'add', userId: anna.id },
      { ...row, action: 'remove', userId: bert.id },
    ]
    expect((await run(await at(), limited)).answers).toEqual(['verb_not_granted', 'verb_not_granted'])
  })

  test('refuses the following rows to a caller who removed their own role', async () => {
    const project = await newProject()
    const admin = await world.member(project, { role: 'admin' })
    const anna = await world.person()
    const rows = [
      { action: 'update', projectId: project.id, userId: admin.id, role: 'viewer' },
      { action: 'add', projectId: project.id, userId: anna.id },
    ]
    expect((await run(await world.at(admin, { verb: 'create' }), rows)).answers).toEqual(['viewer', 'forbidden'])
  })

  test('inside a transaction, a refused row leaves nothing behind and the others stay', async () => {
    const project = await newProject()
    const anna = await world.person()
    const row = { projectId: project.id, userId: world.root.id }
    const context = await asRoot()
    await world.db.transaction().execute(async (trx) => {
      const rows = [
        { ...row, action: 'update', role: 'viewer' },
        { ...row, action: 'add', userId: anna.id },
      ]
      expect((await run({ ...context, db: trx }, rows)).answers).toEqual(['last_owner', 'member'])
    })
    expect((await getMember(await world.inside(project), world.root.id)).role).toBe('owner')
    expect((await getMember(await world.inside(project), anna.id)).role).toBe('member')
  })
})
