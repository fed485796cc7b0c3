import { type Made, type Revocable, type Revoked, mostMadeTokens } from '#contract/members/made-by'
import type { Trx } from '#db/client'
import * as rows from '#db/queries/members/made-by'
import { findMember } from '#db/queries/members/members'
import { findPerson } from '#db/queries/organizations/members'
import { getProject } from '#db/queries/projects/projects'
import type { TokenRow } from '#db/queries/tokens/tokens'
import { audit } from '../audit/audit.ts'
import type { Grant, OrgContext, ProjectContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import {
  assertCan,
  assertCanInOrganization,
  effectiveGrant,
  membershipOf,
  organizationRefusal,
  refusal,
  verbRefusal,
} from '../access/permissions.ts'
import { presentToken } from '../tokens/tokens.ts'
import { deleteWebhooks, listWebhooksById } from '../webhooks/webhooks.ts'

/** A project with tokens that a person made, and the caller's access there. */
type Place = { id: string; slug: string; name: string; grant: Grant }

const maySeeTokens = ({ grant }: Place) => !refusal(grant, 'tokens:manage') && !verbRefusal(grant, 'read')

const mayRevoke = ({ grant }: Place, { role }: Pick<TokenRow, 'role'>) =>
  !refusal(grant, role === 'owner' ? 'owners:manage' : 'tokens:manage') && !verbRefusal(grant, 'delete')

const mayManageWebhooks = ({ actor, org }: OrgContext) => !organizationRefusal(actor, org.role, 'webhooks:manage')

/** The projects with a person's tokens that the caller can reach. Only admins of the organization reach a deleted project. */
async function placesOf(context: OrgContext, userId: string): Promise<Place[]> {
  const { db, org, actor } = context
  const found = await rows.listProjectsOfMaker(db, org.id, userId, actor.id)
  return found.flatMap(({ id, slug, name, deleted_at, ...membership }) => {
    const grant = effectiveGrant(org.role, deleted_at === null ? membershipOf(membership) : undefined)
    return grant ? [{ id, slug, name, grant }] : []
  })
}

async function placeIn({ db, org, project, grant }: ProjectContext): Promise<Place> {
  const { id, slug, name } = await getProject(db, org.id, project.id)
  return { id, slug, name, grant }
}

/** What a member made in a project that still works, as far as the caller may see it. */
export async function getMadeInProject(context: ProjectContext, userId: string): Promise<Made> {
  assertCan(context, userId === context.actor.id ? 'project:read' : 'members:manage')
  const { db, org, project } = context
  if (!(await findMember(db, org.id, project.id, userId)))
    throw new DomainError('member_not_found', 'No such member in this project')
  return madeIn(context, [await placeIn(context)], userId, project.id)
}

/** The same for a person in the whole organization. */
export async function getMadeInOrganization(context: OrgContext, userId: string): Promise<Made> {
  assertCanInOrganization(context, userId === context.actor.id ? 'organization:read' : 'people:manage')
  const { db, org } = context
  if (!(await findPerson(db, org.id, userId))) throw new DomainError('member_not_found', 'No such person in this organization')
  return madeIn(context, await placesOf(context, userId), userId, null)
}

async function madeIn(context: OrgContext, places: Place[], userId: string, projectId: string | null): Promise<Made> {
  const { db } = context
  const visible = places.filter(maySeeTokens)
  const tokens: Made['tokens'] = []
  for (const place of visible) {
    const room = mostMadeTokens - tokens.length
    if (room === 0) break
    // One project after the other, until the list is full.
    // oxlint-disable-next-line no-await-in-loop
    for (const row of await rows.listTokensOfMaker(db, place.id, userId, room)) {
      const { id, name, role, createdAt, expiresAt, lastUsedAt } = presentToken(row)
      const project = { id: place.id, slug: place.slug, name: place.name }
      tokens.push({ id, name, role, project, createdAt, expiresAt, lastUsedAt, revocable: mayRevoke(place, row) })
    }
  }
  const ids = visible.map(({ id }) => id)
  const all = tokens.length < mostMadeTokens ? tokens.length : await rows.countTokensOfMaker(db, ids, userId)
  const webhooks = mayManageWebhooks(context)
    ? await listWebhooksById(db, context.org.id, await rows.listWebhooksOfMaker(db, context.org.id, userId, projectId))
    : []
  return { tokens, moreTokens: all - tokens.length, webhooks }
}

/** What removing a person with all that they made would revoke of it, and how many of their tokens the caller may not. */
export async function countMade(context: OrgContext, userId: string) {
  assertCanInOrganization(context, userId === context.actor.id ? 'organization:read' : 'people:manage')
  const { db, org } = context
  const places = await placesOf(context, userId)
  const counts = await rows.countTokensOfMakerByRole(
    db,
    places.map(({ id }) => id),
    userId,
  )
  const of = new Map(places.map((place) => [place.id, place]))
  let [tokens, tokensThatStay] = [0, 0]
  for (const { project_id, role, n } of counts) {
    if (mayRevoke(of.get(project_id)!, { role })) tokens += n
    else tokensThatStay += n
  }
  const webhooks = mayManageWebhooks(context) ? await rows.listWebhooksOfMaker(db, org.id, userId, null) : []
  return { tokens, tokensThatStay, webhooks: webhooks.length }
}

/** The projects in which the caller may revoke this person's tokens. Call it before leaving takes that right from the caller. */
export async function projectsToRevokeIn(trx: Trx, context: OrgContext, userId: string, revoke: readonly Revocable[]) {
  if (!revoke.includes('tokens')) return []
  return (await placesOf({ ...context, db: trx }, userId)).filter((place) => mayRevoke(place, { role: 'viewer' }))
}

/**
 * Revokes what a person made, as far as the caller may: tokens in the given, locked projects, and webhooks (for one project,
 * those that name it). Call it before the transaction writes an event, because that locks the webhooks it goes to.
 */
async function revokeMade(
  trx: Trx,
  context: OrgContext,
  userId: string,
  revoke: readonly Revocable[],
  { places, projectId }: { places: Place[]; projectId: string | null },
): Promise<Revoked> {
  const ids =
    revoke.includes('webhooks') && mayManageWebhooks(context)
      ? await rows.lockWebhooksOfMaker(trx, context.org.id, userId, projectId)
      : []
  const webhooks = await deleteWebhooks(trx, context, ids, projectId)
  let tokens = 0
  if (revoke.includes('tokens')) for (const place of places) tokens += await revokeTokensIn(trx, context, place, userId)
  return { tokens, webhooks }
}

async function revokeTokensIn(trx: Trx, context: OrgContext, place: Place, userId: string): Promise<number> {
  const found = await rows.listTokensOfMaker(trx, place.id, userId, 1_000_000)
  const theirs = found.filter((row) => mayRevoke(place, row))
  if (theirs.length === 0) return 0
  await rows.revokeTokens(
    trx,
    place.id,
    theirs.map(({ id }) => id),
  )
  for (const row of theirs) {
    const target = { kind: 'token', id: row.id, name: row.name }
    // oxlint-disable-next-line no-await-in-loop -- one connection
    await audit(trx, { ...context, project: place }, 'token.revoked', target, { before: presentToken(row) })
  }
  return theirs.length
}

/** In one project, which the transaction has locked. */
export const revokeMadeInProject = async (trx: Trx, context: ProjectContext, userId: string, revoke: readonly Revocable[]) =>
  revokeMade(trx, context, userId, revoke, {
    places: [await placeIn({ ...context, db: trx })],
    projectId: context.project.id,
  })

/** In an organization and the given projects of it (from `projectsToRevokeIn`), which the transaction has locked. */
export const revokeMadeInOrganization = (
  trx: Trx,
  context: OrgContext,
  places: Place[],
  userId: string,
  revoke: readonly Revocable[],
) => revokeMade(trx, context, userId, revoke, { places, projectId: null })
