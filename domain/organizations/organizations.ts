import type { PageQuery, Role } from '#contract/common'
import type {
  Organization,
  OrganizationAccess,
  OrganizationAccessQuery,
  TokenLifetimes,
  UpdateOrganization,
} from '#contract/organizations/organizations'
import { OrganizationAction } from '#contract/access/permissions'
import { roles } from '#contract/words'
import { type Database, type Trx, inTransaction } from '#db/client'
import * as rows from '#db/queries/organizations/organizations'
import { countTokensBeyond, shortenTokens } from '#db/queries/tokens/lifetimes'
import { audit } from '../audit/audit.ts'
import type { ActorContext, OrgContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { type Page, idCursor, toPage } from '../paging.ts'
import { explained } from '../access/explanation.ts'
import { assertCanInOrganization, organizationAllowance, organizationRefusal } from '../access/permissions.ts'
import { assertMatches } from '../versions.ts'
import { type Person, cli } from '../accounts/users.ts'
import type { AuditSource } from '../events.ts'
import { newId } from '../ids.ts'

type OrganizationRow = {
  id: string
  slug: string
  name: string
  role: Role | null
  max_token_days: number | null
  require_nuke_reason: boolean
  created_at: string
  updated_at: string
}

const present = (row: OrganizationRow): Organization => ({
  id: row.id,
  slug: row.slug,
  name: row.name,
  role: row.role,
  maxTokenLifetimeDays: row.max_token_days,
  requireNukeReason: row.require_nuke_reason,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

/** First segments of URLs that an organization's slug would hide. */
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
  'version',
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
  'password-resets',
  'reset-password',
])

export const isReserved = (slug: string) => reserved.has(slug)

export function assertNotReserved(slug: string): void {
  if (isReserved(slug)) {
    throw new DomainError('reserved_slug', `The slug ${slug} is reserved. Choose another slug`, [
      { path: 'slug', message: 'is reserved' },
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
  if (!row) throw new DomainError('organization_not_found', 'No such organization')
  return present({ ...row, role: org.role })
}

/** What an update may change, as its event shows it. */
const settingsOf = ({ name, maxTokenLifetimeDays, requireNukeReason }: Organization) => ({
  name,
  maxTokenLifetimeDays,
  requireNukeReason,
})

/** The slug never changes. Tokens that live longer than a new maximum keep their expiry unless shortening is requested. */
export async function updateOrganization(context: OrgContext, input: UpdateOrganization): Promise<Organization> {
  assertCanInOrganization(context, 'organization:update')
  const { db, org } = context
  return inTransaction(db, async (trx) => {
    const locked = await rows.lockOrganization(trx, org.id)
    if (!locked) throw new DomainError('organization_not_found', 'No such organization')
    const before = present({ ...locked, role: org.role })
    assertMatches(context, before)
    const {
      name = before.name,
      maxTokenLifetimeDays: days = before.maxTokenLifetimeDays,
      requireNukeReason = before.requireNukeReason,
      shortenTokens: isShortening = false,
    } = input
    const isChanged =
      name !== before.name || days !== before.maxTokenLifetimeDays || requireNukeReason !== before.requireNukeReason
    const patch = { name, max_token_days: days, require_nuke_reason: requireNukeReason }
    const after = isChanged ? present({ ...(await rows.updateOrganization(trx, org.id, patch)), role: org.role }) : before
    const shortened = isShortening && days !== null ? await shortenAll(trx, context, days) : 0
    if (isChanged || shortened > 0) {
      const target = { kind: 'organization', id: org.id, name: org.slug }
      const was = settingsOf(before)
      const is = { ...settingsOf(after), ...(shortened > 0 && { shortenedTokens: shortened }) }
      await audit(trx, context, 'organization.updated', target, { before: was, after: is })
    }
    return after
  })
}

/** The tokens that shortening would affect, for a look before deciding. */
export async function countLongTokens(context: OrgContext, { days }: { days: number }): Promise<TokenLifetimes> {
  assertCanInOrganization(context, 'organization:update')
  return countTokensBeyond(context.db, context.org.id, days)
}

async function shortenAll(trx: Trx, context: OrgContext, days: number): Promise<number> {
  const { projectTokens, personalTokens } = await shortenTokens(trx, context.org.id, days)
  for (const { id, name, project_id, was, is } of projectTokens) {
    const inProject = { ...context, project: { id: project_id } }
    const change = { before: { expiresAt: was }, after: { expiresAt: is } }
    await audit(trx, inProject, 'token.updated', { kind: 'token', id, name }, change)
  }
  for (const { id, name, was, is } of personalTokens) {
    const change = { before: { expiresAt: was }, after: { expiresAt: is } }
    await audit(trx, context, 'personal-token.updated', { kind: 'personal-token', id, name }, change)
  }
  return projectTokens.length + personalTokens.length
}

/**
 * What the caller may do in the organization, and why; for callers who manage people, also what another person may do in the
 * browser.
 */
export async function organizationAccess(
  context: OrgContext,
  { userId }: OrganizationAccessQuery = {},
): Promise<OrganizationAccess> {
  assertCanInOrganization(context, userId === undefined || userId === context.actor.id ? 'projects:list' : 'people:manage')
  const { actor, role } = await personOf(context, userId ?? context.actor.id)
  const explain = (action: OrganizationAction) =>
    explained(organizationRefusal(actor, role, action), organizationAllowance(action))
  return {
    role,
    can: Object.fromEntries(OrganizationAction.options.map((action) => [action, explain(action)])) as OrganizationAccess['can'],
    grants: Object.fromEntries(
      roles.map((given) => [given, explain(given === 'owner' ? 'organization-owners:manage' : 'people:manage')]),
    ) as OrganizationAccess['grants'],
  }
}

async function personOf({ actor, db, org }: OrgContext, userId: string) {
  if (userId === actor.id) return { actor, role: org.role }
  const person = await rows.findOrganizationMember(db, org.id, userId)
  if (!person) throw new DomainError('user_not_found', 'No such user in this organization')
  return { actor: { kind: 'user', via: 'session' } as const, role: person.role }
}

/** Without an owner the organization waits for one (`add-member --role owner`). */
export async function createOrganization(
  db: Database | Trx,
  organization: { slug: string; name: string; owner?: Person | undefined },
) {
  assertNotReserved(organization.slug)
  return inTransaction(db, (trx) => addOrganization(trx, cli, organization))
}

/** Runs in the transaction of a caller that has checked permissions. */
export async function addOrganization(
  trx: Trx,
  by: AuditSource,
  { slug, name, owner, home }: { slug: string; name: string; owner?: Person | undefined; home?: true },
) {
  const organization = await rows.insertOrganization(trx, { id: newId(), slug, name })
  if (!organization)
    throw new DomainError('slug_taken', `The slug ${slug} is taken. Choose another slug`, [{ path: 'slug', message: 'is taken' }])
  if (owner) {
    const member = { org_id: organization.id, user_id: owner.id, role: 'owner' as const }
    await rows.insertOrganizationMember(trx, home ? { ...member, home } : member)
  }
  await audit(
    trx,
    { ...by, org: organization },
    'organization.created',
    { kind: 'organization', id: organization.id, name: slug },
    { after: { slug, name, owner: owner?.email ?? null } },
  )
  return organization
}
