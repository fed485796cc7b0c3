import { type OrganizationUsage, Quota } from '#contract/limits/usage'
import { type Database, type Trx, inTransaction } from '#db/client'
import { findOrganizationMember } from '#db/queries/organizations/organizations'
import * as rows from '#db/queries/limits/quotas'
import { audit } from '../audit/audit.ts'
import type { OrgContext } from '../context.ts'
import { DomainError, TryLater } from '../errors.ts'
import { assertCanInOrganization } from '../access/permissions.ts'
import { defaultQuota, invitationsPerHour } from '#config/settings'
import type { AuditSource } from '../events.ts'

type Own = Partial<rows.OwnQuotas> | undefined

/** The quota's size; null means unlimited. */
const sizeOf = (own: Own, kind: Quota): number | null => (own?.[kind] ?? defaultQuota(kind)) || null

const inWords = {
  projects: ['projects', 'delete one that you no longer need'],
  members: ['people', 'remove people who no longer need access'],
  tokens: ['tokens', 'revoke tokens that are no longer used'],
  rows: ['rows in its projects', 'delete data or projects that you no longer need'],
} as const satisfies Record<Quota, readonly [string, string]>

function reached(kind: Quota, size: number): DomainError {
  const [things, remedy] = inWords[kind]
  const most = size.toLocaleString('en-US')
  return new DomainError(
    'quota_reached',
    `This organization has reached its quota of ${most} ${things}. To make room, ${remedy}, or ask the operator of this server for a larger quota`,
  )
}

/**
 * Locks the quotas, so that nobody else adds what they count. Taken after the locks of organization and project, before those of
 * invitations.
 */
export const lockQuotas = (trx: Trx, org: { id: string }) => rows.lockQuotas(trx, org.id)

/** Throws unless there is room for one more, and holds that place until the transaction ends. */
export async function assertRoom(trx: Trx, org: { id: string }, kind: Exclude<Quota, 'rows'>): Promise<void> {
  const size = sizeOf(await lockQuotas(trx, org), kind)
  if (size !== null && (await rows.hasAsMany(trx, org.id, kind, size))) throw reached(kind, size)
}

/** Like `assertRoom`, for a person; a person who is a member already needs no place. */
export async function assertRoomForPerson(trx: Trx, org: { id: string }, userId: string): Promise<void> {
  if (!(await findOrganizationMember(trx, org.id, userId))) await assertRoom(trx, org, 'members')
}

/**
 * Throws where an organization has used up its rows. Uses the last measurement (up to a minute old), so that a write costs no
 * count. Counts again only before a refusal, so that room just made counts at once.
 */
export async function assertRoomForRows({ db, org }: { db: Database | Trx; org: { id: string } }): Promise<void> {
  const own = await rows.findQuotas(db, org.id)
  const size = sizeOf(own, 'rows')
  if (size === null || (own?.measured_rows ?? 0) < size) return
  if ((await rows.countUsed(db, org.id, 'rows')) >= size) throw reached('rows', size)
}

/** Throws where an organization has reached its hourly limit of invitation mails to strangers. */
export async function assertMayMail(trx: Trx, org: { id: string }): Promise<void> {
  const perHour = invitationsPerHour()
  if (perHour === 0) return
  const waits = await rows.takeMail(trx, org.id, perHour)
  if (waits > 0)
    throw new TryLater(
      'mail_limit_reached',
      `This organization has sent ${perHour} invitations in the last hour, which is its limit`,
      waits,
    )
}

export async function getUsage(context: OrgContext): Promise<OrganizationUsage> {
  assertCanInOrganization(context, 'organization:read')
  return usageOf(context.db, context.org)
}

/** The rows of more projects are not counted for each call. */
const COUNTED_PROJECTS = 1000

/** Counted now; only the rows of an organization with more projects are those of the last measurement. */
export async function usageOf(db: Database | Trx, org: { id: string }): Promise<OrganizationUsage> {
  const own = await rows.findQuotas(db, org.id)
  const isLarge = await rows.hasAsMany(db, org.id, 'projects', COUNTED_PROJECTS + 1)
  const used = async (kind: Quota) => (isLarge && kind === 'rows' ? (own?.measured_rows ?? 0) : rows.countUsed(db, org.id, kind))
  const all = await Promise.all(
    Quota.options.map(async (kind) => [kind, { used: await used(kind), quota: sizeOf(own, kind) }] as const),
  )
  return Object.fromEntries(all) as OrganizationUsage
}

/** For the command line: null restores the server's default, 0 means unlimited. */
export async function setQuotas(
  db: Database | Trx,
  source: AuditSource,
  org: { id: string; slug: string },
  quotas: Partial<rows.OwnQuotas>,
): Promise<void> {
  await inTransaction(db, async (trx) => {
    const before = await lockQuotas(trx, org)
    await rows.setQuotas(trx, org.id, quotas)
    const target = { kind: 'organization', id: org.id, name: org.slug }
    await audit(trx, { ...source, org }, 'organization.quotas-set', target, { before, after: { ...before, ...quotas } })
  })
}

/** Measures every organization. Returns the number of organizations whose usage changed. */
export const measureUsage = (db: Database): Promise<number> => rows.measureRows(db)
