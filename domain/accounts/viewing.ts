import type { ViewAs, Viewing as ViewingShown } from '#contract/accounts/view-as'
import { type Database, type Trx, inTransaction } from '#db/client'
import * as rows from '#db/queries/accounts/viewings'
import { audit } from '../audit/audit.ts'
import type { ActorContext, Grant, ProjectContext, Viewing } from '../context.ts'
import { DomainError } from '../errors.ts'
import { intersectionOf } from '../access/intersection.ts'
import { assertCan, effectiveGrant, isAtLeast, membershipOf, refusal, verbRefusal } from '../access/permissions.ts'
import { sessionActor } from '../access/signed-in.ts'

/** How long a session may view a project as another person. */
const VIEWING_MINUTES = 30

const grantOf = (standing: rows.StandingRow) => effectiveGrant(standing.org_role, membershipOf(standing))

export const presentViewing = ({ org, project, person, expiresAt }: Viewing): ViewingShown => ({
  organization: { slug: org.slug },
  project,
  user: person,
  expiresAt,
})

/** What the viewer sees as this person; undefined when either has no access, or they can read nothing in common. */
function seenBy(viewer: rows.StandingRow, viewed: rows.StandingRow, expiresAt: string): Viewing | undefined {
  const [own, theirs] = [grantOf(viewer), grantOf(viewed)]
  const grant: Grant | undefined = own && theirs && intersectionOf(own, theirs)
  if (!own || !grant || refusal(own, 'members:manage') || verbRefusal(grant, 'read')) return undefined
  return {
    org: {
      id: viewed.org_id,
      slug: viewed.org_slug,
      role: isAtLeast(viewer.org_role, viewed.org_role) ? viewed.org_role : viewer.org_role,
    },
    project: { id: viewed.id, slug: viewed.slug, name: viewed.name },
    person: { id: viewed.user_id, email: viewed.email, name: viewed.user_name },
    grant,
    expiresAt,
  }
}

type Stored = { sessionId: string; viewerId: string; orgId: string; projectId: string; userId: string; expiresAt: string }

/** A session's view as it is now. Checked on every request, so that it ends as soon as either person loses access. */
export async function liveViewing(db: Database | Trx, stored: Stored): Promise<Viewing | undefined> {
  const viewer = await rows.findStanding(db, stored.orgId, stored.projectId, stored.viewerId)
  const viewed = await rows.findStanding(db, stored.orgId, stored.projectId, stored.userId)
  const viewing = viewer && viewed && seenBy(viewer, viewed, stored.expiresAt)
  if (!viewing) await rows.deleteViewing(db, stored.sessionId)
  return viewing
}

/** From now on the session reads what both this person and the caller may read, and nothing else. */
export async function startViewing(context: ProjectContext, { userId }: ViewAs): Promise<ViewingShown> {
  assertCan(context, 'members:manage')
  const actor = sessionActor(context)
  if (userId === actor.id)
    throw new DomainError('viewing_yourself', 'You can’t view a project as yourself. Choose another person')
  return inTransaction(context.db, async (trx) => {
    const viewer = await rows.findStanding(trx, context.org.id, context.project.id, actor.id)
    const viewed = await rows.findStanding(trx, context.org.id, context.project.id, userId)
    if (!viewer || !viewed) throw new DomainError('user_not_found', 'No such user in this organization')
    if (!seenBy(viewer, viewed, ''))
      throw new DomainError('nothing_to_view', `There is nothing in this project that both you and ${viewed.user_name} can see`)
    const stored = { session_id: actor.credentialId, project_id: context.project.id, user_id: userId }
    const expiresAt = await rows.setViewing(trx, stored, VIEWING_MINUTES)
    const viewing = seenBy(viewer, viewed, expiresAt)!
    await audit(trx, context, 'member.viewed', targetOf(viewing), { after: { expiresAt } })
    return presentViewing(viewing)
  })
}

const targetOf = ({ person }: Viewing) => ({ kind: 'user', id: person.id, name: person.email })

/** Succeeds also when the view has just expired. */
export async function stopViewing(context: ActorContext): Promise<{ stopped: boolean }> {
  const { viewing, credentialId } = sessionActor(context)
  if (!viewing) return { stopped: false }
  return inTransaction(context.db, async (trx) => {
    await rows.deleteViewing(trx, credentialId)
    await audit(trx, { ...context, ...viewing }, 'member.viewing-ended', targetOf(viewing))
    return { stopped: true }
  })
}
