import type { PageQuery } from '#contract/common'
import type { Made } from '#contract/members/made-by'
import type { CreateWebhook, RotateWebhookSecret, UpdateWebhook, Webhook, WebhookWithSecret } from '#contract/webhooks/webhooks'
import { type Database, type Trx, inTransaction } from '#db/client'
import { lockOrganization } from '#db/queries/organizations/organizations'
import { findProject } from '#db/queries/projects/projects'
import * as rows from '#db/queries/webhooks/webhooks'
import { audit } from '../audit/audit.ts'
import type { OrgContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { assertFreshSignIn } from '../access/fresh-sign-in.ts'
import { isId, newId } from '../ids.ts'
import { type Page, idCursor, toPage } from '../paging.ts'
import { assertCanInOrganization } from '../access/permissions.ts'
import { assertStillCanInOrganization } from '../access/still-may.ts'
import { assertMatches } from '../versions.ts'
import { allowedUrl } from './addresses.ts'
import { newWebhookSecret, sealWebhookSecret } from './secrets.ts'

/** Webhooks in one organization. */
const MOST = 20

const present = (row: rows.WebhookRow): Webhook => ({
  id: row.id,
  url: row.url,
  description: row.description,
  events: row.events,
  projects: row.project_ids && (row.projects ?? []),
  enabled: row.enabled,
  switchedOffAt: row.switched_off_at,
  switchedOffReason: row.switched_off_at === null ? null : row.switched_off_reason === 'gone' ? 'gone' : 'failing',
  pausedUntil: row.paused_until,
  failingSince: row.failing_since,
  previousSecretUntil: row.previous_until,
  lastDelivery: row.state && { state: row.state, action: row.action!, createdAt: row.delivery_created_at! },
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

/** A URL may hold a key of its receiver that other webhooks must not see, so the log names only the host. */
export const hostOf = (url: string) => new URL(url).host

const auditedFields = ({ url, description, events, projects, enabled }: Webhook) => ({
  host: hostOf(url),
  description,
  events,
  projects: projects && projects.map(({ slug }) => slug),
  enabled,
})

const targetOf = ({ id, url }: Webhook) => ({ kind: 'webhook', id, name: hostOf(url) })

const notFound = () => new DomainError('webhook_not_found', 'No such webhook in this organization')

export async function listWebhooks(context: OrgContext, { limit, cursor }: PageQuery): Promise<Page<Webhook>> {
  assertCanInOrganization(context, 'webhooks:manage')
  const found = await rows.listWebhooks(context.db, context.org.id, { after: idCursor(cursor), limit })
  return toPage(found, limit, (row) => [row.id], present)
}

export async function getWebhook(context: OrgContext, id: string): Promise<Webhook> {
  assertCanInOrganization(context, 'webhooks:manage')
  return reread(context.db, context, id)
}

/** Returns its secret, which is shown only once. */
export async function createWebhook(context: OrgContext, input: CreateWebhook): Promise<WebhookWithSecret> {
  assertCanInOrganization(context, 'webhooks:manage')
  assertFreshSignIn(context)
  const { org, actor, db } = context
  const url = allowedUrl(input.url)
  const id = newId()
  const secret = newWebhookSecret()
  return inTransaction(db, async (trx) => {
    await lockOrganization(trx, org.id)
    await assertStillCanInOrganization(trx, context, 'webhooks:manage')
    if ((await rows.countWebhooks(trx, org.id)) >= MOST)
      throw new DomainError(
        'webhook_limit_reached',
        `An organization can have at most ${MOST} webhooks. Delete one that you no longer need`,
      )
    const { description, events, enabled } = input
    const project_ids = await projectIdsOf(trx, context, input.projects)
    await rows.insertWebhook(trx, {
      id,
      org_id: org.id,
      made_by: actor.id,
      url,
      description,
      events,
      project_ids,
      enabled,
      ...sealWebhookSecret(id, secret),
    })
    const webhook = await reread(trx, context, id)
    await audit(trx, context, 'webhook.created', targetOf(webhook), { after: auditedFields(webhook) })
    return { ...webhook, secret }
  })
}

export async function updateWebhook(context: OrgContext, id: string, input: UpdateWebhook): Promise<Webhook> {
  assertCanInOrganization(context, 'webhooks:manage')
  return changing(context, id, async (trx, before) => {
    const { url, description, events, projects, enabled } = input
    // A setting that allowed the host may be gone, so an unchanged URL is not checked again.
    const isNew = url !== undefined && url !== before.url
    if (isNew) assertFreshSignIn(context)
    await rows.updateWebhook(trx, context.org.id, id, {
      // Whoever redirects it is responsible for it from then on.
      ...(isNew ? { url: allowedUrl(url), made_by: context.actor.id } : {}),
      ...(description === undefined ? {} : { description }),
      ...(events === undefined ? {} : { events }),
      ...(projects === undefined ? {} : { project_ids: await projectIdsOf(trx, context, projects) }),
      ...(enabled === undefined ? {} : { enabled }),
    })
    const after = await reread(trx, context, id)
    const changed = Object.keys(input)
    await audit(trx, context, 'webhook.updated', targetOf(after), {
      before: auditedFields(before),
      after: { ...auditedFields(after), changed },
    })
    return after
  })
}

/** Also deletes its log and its waiting deliveries. */
export async function deleteWebhook(context: OrgContext, id: string): Promise<{ id: string; deleted: true }> {
  assertCanInOrganization(context, 'webhooks:manage')
  return changing(context, id, async (trx, before) => {
    await rows.deleteWebhook(trx, context.org.id, id)
    await audit(trx, context, 'webhook.deleted', targetOf(before), { before: auditedFields(before) })
    return { id, deleted: true }
  })
}

/**
 * Deletes several webhooks, which the transaction has locked. For one project, webhooks that also serve others only lose that
 * project. Returns how many.
 */
export async function deleteWebhooks(trx: Trx, context: OrgContext, ids: string[], projectId: string | null): Promise<number> {
  const orgId = context.org.id
  for (const id of ids) {
    const before = await reread(trx, context, id)
    const others = projectId === null ? [] : (before.projects ?? []).filter((project) => project.id !== projectId)
    if (others.length === 0) {
      await rows.deleteWebhook(trx, orgId, id)
      await audit(trx, context, 'webhook.deleted', targetOf(before), { before: auditedFields(before) })
      continue
    }
    await rows.updateWebhook(trx, orgId, id, { project_ids: others.map((project) => project.id) })
    const after = { ...auditedFields(await reread(trx, context, id)), changed: ['projects'] }
    await audit(trx, context, 'webhook.updated', targetOf(before), { before: auditedFields(before), after })
  }
  return ids.length
}

/** The existing ones of these webhooks, as `Made` lists them: without the URL, which may hold a key. */
export async function listWebhooksById(db: Database | Trx, orgId: string, ids: string[]): Promise<Made['webhooks']> {
  const found = await rows.listWebhooks(db, orgId, { after: undefined, limit: MOST })
  return found
    .filter(({ id }) => ids.includes(id))
    .map(present)
    .map(({ id, url, description, enabled, projects, createdAt }) => ({
      id,
      host: hostOf(url),
      description,
      enabled,
      projects,
      createdAt,
    }))
}

/** During the overlap every request carries a signature of each secret. */
export async function rotateWebhookSecret(
  context: OrgContext,
  id: string,
  { overlapSeconds }: RotateWebhookSecret,
): Promise<WebhookWithSecret> {
  assertCanInOrganization(context, 'webhooks:manage')
  const secret = newWebhookSecret()
  return changing(context, id, async (trx, before) => {
    await rows.rotateSecret(trx, context.org.id, id, sealWebhookSecret(id, secret), overlapSeconds)
    await audit(trx, context, 'webhook.secret-rotated', targetOf(before), { after: { overlapSeconds } })
    return { ...(await reread(trx, context, id)), secret }
  })
}

async function changing<After>(
  context: OrgContext,
  id: string,
  change: (trx: Trx, before: Webhook) => Promise<After>,
): Promise<After> {
  return inTransaction(context.db, async (trx) => {
    if (!(await rows.lockWebhook(trx, context.org.id, id))) throw notFound()
    const before = await reread(trx, context, id)
    assertMatches(context, before)
    return change(trx, before)
  })
}

async function reread(db: OrgContext['db'], { org }: OrgContext, id: string): Promise<Webhook> {
  const row = await rows.findWebhook(db, org.id, id)
  if (!row) throw notFound()
  return present(row)
}

/** By id or slug, as in a URL. */
async function projectIdsOf(trx: Trx, { org }: OrgContext, named: string[] | null): Promise<string[] | null> {
  if (named === null) return null
  const ids = new Set<string>()
  for (const [at, name] of named.entries()) {
    // oxlint-disable-next-line no-await-in-loop -- a handful, and the first that is wrong is the answer
    const row = await findProject(trx, org.id, isId(name) ? { id: name.toLowerCase() } : { slug: name }, null)
    if (!row)
      throw new DomainError('project_not_found', `There is no project ${name}`, [
        { path: `projects.${at}`, message: 'is not a project of this organization' },
      ])
    ids.add(row.id)
  }
  return [...ids]
}
