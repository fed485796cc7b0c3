import type { PageQuery, Role } from '#contract/common'
import type { Organization, OrganizationAccess, OrganizationAccessQuery } from '#contract/organizations'
import { OrganizationAction } from '#contract/permissions'
import { inTransaction } from '#db/client'
import * as rows from '#db/queries/organizations'
import { audit } from './audit.ts'
import type { ActorContext, OrgContext } from './context.ts'
import { DomainError } from './errors.ts'
import { type Page, idCursor, toPage } from './paging.ts'
import { explained } from './explanation.ts'
import { assertCanInOrganization, organizationAllowance, organizationRefusal } from './permissions.ts'
import { assertMatches } from './versions.ts'

type OrganizationRow = { id: string; slug: string; name: string; role: Role | null; created_at: string; updated_at: string }

const present = (row: OrganizationRow): Organization => ({
  id: row.id,
  slug: row.slug,
  name: row.name,
  role: row.role,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

/** First segments of URLs that an organisation's slug would hide. */
const reserved = new Set([
  'orgs',
  'v1',
  'v2',
  'api',
  'console',
  'admin',
  'login',
  'logout',
  'setup',
  'invite',
  'invitations',
  'docs',
  'healthz',
  'readyz',
  'metrics',
  'me',
  'static',
  'public',
  'assets',
  'favicon',
  '_next',
  'openapi.json',
  'new',
  'settings',
  'github',
  'webhooks',
  'session',
])

export const isReserved = (slug: string) => reserved.has(slug)

export function assertNotReserved(slug: string): void {
  if (isReserved(slug)) {
    throw new DomainError('reserved_slug', `${slug} is a reserved word; choose another slug`, [
      { path: 'slug', message: 'is a reserved word' },
    ])
  }
}

export async function listOrganizations({ db, actor }: ActorContext, { limit, cursor }: PageQuery): Promise<Page<Organization>> {
  const userId = actor.kind === 'user' ? actor.id : null
  const found = await rows.listOrganizations(db, { userId, orgId: actor.orgId, after: idCursor(cursor), limit })
  return toPage(found, limit, (row) => [row.id], present)
}

export async function getOrganization(context: OrgContext): Promise<Organization> {
  assertCanInOrganization(context, 'projects:list')
  const { db, org, actor } = context
  const row = await rows.findOrganization(db, { id: org.id }, actor.kind === 'user' ? actor.id : null)
  if (!row) throw new DomainError('organization_not_found', 'No such organisation')
  return present({ ...row, role: org.role })
}

/** The slug stays. */
export async function renameOrganization(context: OrgContext, { name }: { name: string }): Promise<Organization> {
  assertCanInOrganization(context, 'organization:update')
  const { db, org } = context
  return inTransaction(db, async (trx) => {
    const locked = await rows.lockOrganization(trx, org.id)
    if (!locked) throw new DomainError('organization_not_found', 'No such organisation')
    const before = present({ ...locked, role: org.role })
    assertMatches(context, before)
    if (before.name === name) return before
    const after = present({ ...(await rows.renameOrganization(trx, org.id, name)), role: org.role })
    const target = { kind: 'organization', id: org.id, name: org.slug }
    await audit(trx, context, 'organization.updated', target, { before: { name: before.name }, after: { name } })
    return after
  })
}

/** What the caller, or for whoever manages its people somebody else in the browser, may do in the organisation, and why. */
export async function organizationAccess(
  context: OrgContext,
  { userId }: OrganizationAccessQuery = {},
): Promise<OrganizationAccess> {
  assertCanInOrganization(context, userId === undefined || userId === context.actor.id ? 'projects:list' : 'people:manage')
  const { actor, role } = await personOf(context, userId ?? context.actor.id)
  const can = OrganizationAction.options.map((action) => {
    const why = organizationRefusal(actor, role, action)
    return [action, explained(why, organizationAllowance(action))] as const
  })
  return { role, can: Object.fromEntries(can) as OrganizationAccess['can'] }
}

async function personOf({ actor, db, org }: OrgContext, userId: string) {
  if (userId === actor.id) return { actor, role: org.role }
  const person = await rows.findOrganizationMember(db, org.id, userId)
  if (!person) throw new DomainError('user_not_found', 'No such user in this organisation')
  return { actor: { kind: 'user', via: 'session' } as const, role: person.role }
}
