import type { PageQuery, VerbGrant } from '#contract/common'
import type {
  CreatePersonalToken,
  CreateToken,
  PersonalToken,
  ProjectToken,
  ProjectTokenCreated,
  RotateToken,
  TokenQuery,
} from '#contract/tokens/tokens'
import { type Trx, inTransaction } from '#db/client'
import { skipExpiryNotice } from '#db/queries/notices/expiry'
import type { Generation } from '#db/queries/project-rows'
import * as rows from '#db/queries/tokens/tokens'
import { audit } from '../audit/audit.ts'
import type { OrgContext, ProjectContext } from '../context.ts'
import { environmentIdOf } from '../projects/environments.ts'
import { DomainError } from '../errors.ts'
import { type AuditSource, actorName } from '../events.ts'
import { assertFreshSignIn } from '../access/fresh-sign-in.ts'
import { newId } from '../ids.ts'
import { type Page, idCursor, toPage } from '../paging.ts'
import { assertCan, assertCanInOrganization } from '../access/permissions.ts'
import { assertRoom } from '../limits/quotas.ts'
import { assertStillSignedIn } from '../access/signed-in.ts'
import { assertStillCan } from '../access/still-may.ts'
import { assertMayIssue, boundsOf, rightsOf } from './grants.ts'
import { type TokenRule, assertLifetime, cutToRule, keepTokenRule } from './lifetime.ts'
import { derivedPrefix, derivedToken, newToken } from './text.ts'
import { storedScopes } from '../stored-names.ts'
import { writingProject } from '../writing.ts'

export const presentToken = (row: rows.TokenRow): ProjectToken => ({
  id: row.id,
  name: row.name,
  tokenPrefix: row.token_prefix,
  role: row.role,
  envName: row.env_name,
  cellScopes: row.cell_scopes,
  permissions: row.verbs as VerbGrant[],
  expiresAt: row.expires_at,
  createdAt: row.created_at,
  createdBy: row.created_by,
  lastUsedAt: row.last_used_at,
  lastUsedAddress: row.last_used_address,
  allowedAddresses: row.allowed_addresses,
})

const notFound = () => new DomainError('token_not_found', 'No such token')

export async function listTokens(context: ProjectContext, { q, limit, cursor }: TokenQuery): Promise<Page<ProjectToken>> {
  assertCan(context, 'tokens:manage')
  const found = await rows.listTokens(context.db, context.project.id, { q, after: idCursor(cursor), limit })
  return toPage(found, limit, (row) => [row.id], presentToken)
}

/** Returns the token's text, the only time it is shown; only its hash is stored. */
export async function createToken(context: ProjectContext, input: CreateToken): Promise<ProjectTokenCreated> {
  assertCan(context, 'tokens:manage')
  const { role, expiresAt = null, allowedAddresses = [] } = input
  assertMayIssue(context, { role, expiresAt, allowedAddresses })
  assertFreshSignIn(context)
  return writingTokens(context, async (trx, rule, at) => {
    assertLifetime(rule, expiresAt)
    return issueRequested(trx, context, at, maker(context), input)
  })
}

/** A transaction that creates or changes a token of the project, with the lifetime rule it must obey. */
export function writingTokens<T>(
  context: ProjectContext,
  work: (trx: Trx, rule: TokenRule, at: Generation) => Promise<T>,
): Promise<T> {
  return inTransaction(context.db, async (trx) => {
    const rule = await keepTokenRule(trx, context)
    return writingProject({ ...context, db: trx }, async (locked, _, at) => {
      await assertStillCan(locked, context, 'tokens:manage')
      return work(locked, rule, at)
    })
  })
}

type Rights = Pick<rows.NewToken, 'name' | 'role' | 'env_id' | 'cell_scopes' | 'expires_at' | 'allowed_addresses'> & {
  verbs: string[]
}

export type Maker = { name: string; userId: string | null }

/** Who makes a token, and the person behind it: a token's own maker stands for what it makes. */
const maker = ({ actor }: OrgContext): Maker => ({
  name: actorName(actor),
  userId: actor.kind === 'user' ? actor.id : (actor.madeBy ?? null),
})

/**
 * A token of the v1 API with derived text: an admin's, limited to the verbs. Runs under the project's lock. That API has no
 * expiry or addresses, so the token lives as long as the organization allows, within the limits of its maker's credential.
 */
export async function issueDerived(
  trx: Trx,
  context: OrgContext & { project: { id: string } },
  { name, verbs }: { name: string; verbs: VerbGrant[] },
): Promise<rows.TokenRow> {
  const id = newId()
  const projectId = context.project.id
  const rule = await keepTokenRule(trx, context)
  await assertRoom(trx, context.org, 'tokens')
  const bounds = boundsOf(context.actor)
  const rights: Rights = {
    name,
    role: 'admin',
    env_id: null,
    cell_scopes: null,
    verbs,
    expires_at: cutToRule(rule, bounds.expiresAt),
    allowed_addresses: [...bounds.allowedAddresses],
  }
  const text = { id, prefix: derivedPrefix(derivedToken({ id, projectId })), hash: null }
  const row = await insert(trx, projectId, maker(context), rights, text)
  await audit(trx, context, 'token.created', { kind: 'token', id, name }, { after: presentToken(row) })
  return row
}

/** Issues the requested token, with its event. The caller has checked permission and holds the project's lock. */
export async function issueRequested(
  trx: Trx,
  source: AuditSource & { org: { id: string }; project: { id: string } },
  at: Generation,
  by: Maker,
  { name, role, envName, cellScopes = null, expiresAt = null, allowedAddresses = [] }: CreateToken,
): Promise<ProjectTokenCreated> {
  const { org, project } = source
  await assertRoom(trx, org, 'tokens')
  const env_id = await environmentIdOf(trx, project.id, envName)
  const cell_scopes = await storedScopes(trx, at, cellScopes)
  const limits = { env_id, cell_scopes, expires_at: expiresAt, allowed_addresses: allowedAddresses }
  const created = await issue(trx, project.id, by, { name, role, verbs: [], ...limits })
  const { token: _, ...metadata } = created
  await audit(trx, source, 'token.created', { kind: 'token', id: created.id, name }, { after: metadata })
  return created
}

async function issue(trx: Trx, projectId: string, by: Maker, rights: Rights): Promise<ProjectTokenCreated> {
  const { token, ...text } = newToken('project')
  return { ...presentToken(await insert(trx, projectId, by, rights, { id: newId(), ...text })), token }
}

/** `hash` is null where the text is derived from the ids. */
type Text = { id: string; prefix: string; hash: Buffer | null }

async function insert(
  trx: Trx,
  projectId: string,
  by: Maker,
  rights: Rights,
  { id, prefix, hash }: Text,
): Promise<rows.TokenRow> {
  const made = { token_prefix: prefix, token_hash: hash, created_by: by.name, made_by: by.userId }
  await rows.insertToken(trx, { ...rights, id, project_id: projectId, ...made })
  return (await rows.findToken(trx, projectId, id))!
}

export async function revokeToken(context: ProjectContext, tokenId: string): Promise<{ id: string; revoked: true }> {
  assertCan(context, 'tokens:manage')
  return writingProject(context, async (trx) => {
    const before = await rows.findToken(trx, context.project.id, tokenId)
    if (!before || !(await rows.revokeToken(trx, context.project.id, tokenId))) throw notFound()
    if (before.role === 'owner') assertCan(context, 'owners:manage')
    await audit(
      trx,
      context,
      'token.revoked',
      { kind: 'token', id: tokenId, name: before.name },
      { before: presentToken(before) },
    )
    return { id: tokenId, revoked: true }
  })
}

/**
 * A new token with the rights of the old one, which ends after the overlap. `lastUsedAt` shows which of the two is still used.
 */
export async function rotateToken(
  context: ProjectContext,
  tokenId: string,
  { overlapSeconds }: RotateToken,
): Promise<ProjectTokenCreated> {
  assertCan(context, 'tokens:manage')
  assertFreshSignIn(context)
  return writingTokens(context, async (trx, rule) => {
    const old = await rows.findToken(trx, context.project.id, tokenId)
    if (!old) throw notFound()
    if (old.expired) throw new DomainError('token_expired', 'This token has expired. Create a new one')
    assertMayIssue(context, rightsOf(old))
    await rows.expireToken(trx, context.project.id, tokenId, overlapSeconds)
    await skipExpiryNotice(trx, tokenId)
    const created = await issue(trx, context.project.id, maker(context), {
      name: old.name,
      role: old.role,
      env_id: old.env_id,
      cell_scopes: old.cell_scopes,
      verbs: old.verbs,
      expires_at: cutToRule(rule, old.expires_at),
      allowed_addresses: old.allowed_addresses,
    })
    const { token: _, ...metadata } = created
    await audit(
      trx,
      context,
      'token.rotated',
      { kind: 'token', id: tokenId, name: old.name },
      { before: presentToken(old), after: metadata },
    )
    return created
  })
}

export const presentPersonal = (row: rows.PersonalTokenRow): PersonalToken => ({
  id: row.id,
  name: row.name,
  tokenPrefix: row.token_prefix,
  expiresAt: row.expires_at,
  enabled: row.enabled,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
  lastUsedAddress: row.last_used_address,
  allowedAddresses: row.allowed_addresses,
})

export async function listPersonalTokens(context: OrgContext, { limit, cursor }: PageQuery): Promise<Page<PersonalToken>> {
  assertCanInOrganization(context, 'personal-tokens:manage')
  const found = await rows.listPersonalTokens(context.db, context.actor.id, context.org.id, { after: idCursor(cursor), limit })
  return toPage(found, limit, (row) => [row.id], presentPersonal)
}

export async function createPersonalToken(context: OrgContext, input: CreatePersonalToken) {
  assertCanInOrganization(context, 'personal-tokens:manage')
  assertFreshSignIn(context)
  const { actor, org, db } = context
  return inTransaction(db, async (trx) => {
    const { id, token } = await issuePersonal(trx, actor, org, input)
    if (actor.kind === 'user') await assertStillSignedIn(trx, actor)
    const created = presentPersonal(await rows.getPersonalToken(trx, actor.id, org.id, id))
    await audit(trx, context, 'personal-token.created', { kind: 'personal-token', id, name: input.name }, { after: created })
    return { ...created, token }
  })
}

/** Issues a user's token for one organization, or (`null`) for all organizations they belong to. The caller writes the event. */
export async function issuePersonal(
  trx: Trx,
  user: { id: string },
  org: { id: string } | null,
  { name, expiresAt = null, allowedAddresses = [] }: CreatePersonalToken,
) {
  if (org) {
    assertLifetime(await keepTokenRule(trx, { org }), expiresAt)
    await assertRoom(trx, org, 'tokens')
  }
  const { token, hash, prefix } = newToken('personal')
  const id = newId()
  const text = { token_prefix: prefix, token_hash: hash }
  const limits = { org_id: org?.id ?? null, expires_at: expiresAt, allowed_addresses: allowedAddresses }
  await rows.insertPersonalToken(trx, { id, user_id: user.id, name, ...text, ...limits })
  return { id, token, prefix }
}

export async function revokePersonalToken(context: OrgContext, tokenId: string): Promise<{ id: string; revoked: true }> {
  assertCanInOrganization(context, 'personal-tokens:manage')
  return inTransaction(context.db, async (trx) => {
    const revoked = await rows.revokePersonalToken(trx, context.actor.id, context.org.id, tokenId)
    if (!revoked) throw notFound()
    await audit(trx, context, 'personal-token.revoked', { kind: 'personal-token', id: tokenId, name: revoked.name })
    return { id: tokenId, revoked: true }
  })
}
