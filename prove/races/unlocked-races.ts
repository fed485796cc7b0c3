import { InvitePeople } from '#contract/organizations/invitations'
import { CreateToken } from '#contract/tokens/tokens'
import { sumRowCounts } from '#db/queries/project-rows'
import type { ProjectContext, UserActor } from '#domain/context'
import { newId } from '#domain/ids'
import { invitationToken } from '#domain/organizations/invitations'
import { acceptInvitation } from '#domain/organizations/joining'
import { removeMember } from '#domain/members/members'
import { nukeProject, restoreWipe } from '#domain/nuke/nuke'
import { invitePeople } from '#domain/organizations/organization-invitations'
import { createUser } from '#domain/accounts/users'
import { createProject, deleteProject, setProtection } from '#domain/projects/projects'
import { purgeWipes } from '#domain/nuke/purge'
import type { createWorld } from '#test/support/world/world'
import { addEntity, addType } from '#test/support/world/catalog'
import { createToken } from '#domain/tokens/tokens'
import { reading } from '#domain/writing'
import { onlyOnce } from '#server/http/idempotency'

export type World = Awaited<ReturnType<typeof createWorld>>
/** One race in this world. Answers whether it ended in a forbidden way. */
type Race = (world: World) => Promise<boolean>

let n = 0
const name = () => `p${++n}`
const times = <T>(count: number, work: (i: number) => Promise<T>) => Promise.all(Array.from({ length: count }, (_, i) => work(i)))
/** How many of them succeeded. */
const done = async (calls: Promise<unknown>[]) =>
  (await Promise.allSettled(calls)).filter(({ status }) => status === 'fulfilled').length

async function fresh(world: World): Promise<ProjectContext> {
  const project = await world.project(name())
  return world.inside(project)
}

/** Acknowledged entities that are neither in the project nor in a wipe that can be undone. */
async function lost(world: World, context: ProjectContext, acknowledged: number): Promise<boolean> {
  const live = await sumRowCounts(world.db, reading(await world.inside(context.project)))
  const aside = await world.db
    .selectFrom('wipes')
    .select('row_counts')
    .where('project_id', '=', context.project.id)
    .where('restored_at', 'is', null)
    .execute()
  const counted = aside.reduce((sum, { row_counts }) => sum + (row_counts as { entities: number }).entities, 0)
  return live.entities + counted !== acknowledged
}

const lastOwner: Race = async (world) => {
  const project = await world.project(name())
  const owners = [await world.member(project, { role: 'owner' }), await world.member(project, { role: 'owner' })] as const
  await removeMember(await world.inside(project), world.root.id)
  const contexts = await Promise.all(owners.map((owner) => world.inside(project, owner)))
  await done(contexts.map((context, i) => removeMember(context, owners[1 - i]!.id)))
  return (await world.db.selectFrom('project_members').select('id').where('project_id', '=', project.id).execute()).length === 0
}

const sameSlug: Race = async (world) => {
  const context = await world.at(world.root)
  const slug = name()
  return (await done(Array.from({ length: 6 }, () => createProject(context, { name: slug, slug })))) !== 1
}

const sameInvitation: Race = async (world) => {
  const email = `${name()}@elsewhere.test`
  const asked = InvitePeople.parse({ invitations: [{ email }] })
  const { results } = await invitePeople(await world.at(world.root), asked)
  const user = await createUser(world.db, { email, name: 'Guest' })
  const about = { name: 'Guest', avatarUrl: null, credentialId: user.id, orgId: null, authenticatedAt: null }
  const actor: UserActor = { kind: 'user', id: user.id, email, via: 'jwt', ...about }
  const context = { ...(await world.at(world.root)), actor }
  const token = invitationToken(results[0]!.invitation!.id)
  return (await done(Array.from({ length: 6 }, () => acceptInvitation(context, token)))) !== 1
}

const sameKey: Race = async (world) => {
  const context = await fresh(world)
  const request = new Request('http://localhost/acme/tokens', { method: 'POST' })
  const once = { actorId: context.actor.id, orgId: context.org.id, request, key: newId(), body: undefined }
  await done(
    Array.from({ length: 8 }, () =>
      onlyOnce(world.db, once, async (trx) => {
        await createToken({ ...context, db: trx }, CreateToken.parse({ name: 'once' }))
        return { status: 201, body: '', headers: {} }
      }),
    ),
  )
  const made = await world.db.selectFrom('project_tokens').select('id').where('project_id', '=', context.project.id).execute()
  return made.length !== 1
}

const nukeAgainstWriters: Race = async (world) => {
  const context = await fresh(world)
  await addType(context)
  const writing = Array.from({ length: 8 }, (_, i) => addEntity(context, `e-${i}`))
  const nuking = done([nukeProject(context, { confirm: context.project.slug })])
  const written = await done(writing)
  await nuking
  return lost(world, context, written)
}

const undoAgainstWriters: Race = async (world) => {
  const context = await fresh(world)
  await addType(context)
  await addEntity(context, 'first')
  const { wipeId } = await nukeProject(context, { confirm: context.project.slug })
  await addType(context)
  const writing = Array.from({ length: 8 }, (_, i) => addEntity(context, `e-${i}`))
  const undoing = done([restoreWipe(context, wipeId!)])
  const written = await done(writing)
  await undoing
  return lost(world, context, written + 1)
}

const deleteAgainstProtection: Race = async (world) => {
  const context = await fresh(world)
  return (await done([deleteProject(context), setProtection(context, { protected: true })])) !== 1
}

const twoUndos: Race = async (world) => {
  const context = await fresh(world)
  await addType(context)
  const { wipeId } = await nukeProject(context, { confirm: context.project.slug })
  return (await done(Array.from({ length: 4 }, () => restoreWipe(context, wipeId!)))) !== 1
}

const twoPurges: Race = async (world) => {
  const context = await fresh(world)
  for (let i = 0; i < 3; i++) {
    await addType(context)
    await nukeProject(context, { confirm: context.project.slug })
  }
  await world.db
    .updateTable('wipes')
    .set({ purge_after: '2020-01-01T00:00:00Z' })
    .where('project_id', '=', context.project.id)
    .execute()
  // Without the lease's guard, all but one fail.
  const purged = await times(4, () => purgeWipes(world.db).catch(() => -1))
  return purged.reduce((sum, wipes) => sum + wipes, 0) !== 3
}

/** Each race that a lock or a constraint decides. */
export const races: Record<string, Race> = {
  'last owner': lastOwner,
  'same slug': sameSlug,
  'same invitation': sameInvitation,
  'same Idempotency-Key': sameKey,
  'nuke against writers': nukeAgainstWriters,
  'undo against writers': undoAgainstWriters,
  'delete against protection': deleteAgainstProtection,
  'two undos': twoUndos,
  'two purges': twoPurges,
}
