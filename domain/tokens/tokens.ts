import type { PageQuery, VerbGrant } from '#contract/common'
import type {
  CreatePersonalToken,
  CreateToken,
  PersonalToken,
  ProjectToken,
  ProjectTokenCreated,
  RotateToken,
} from '#contract/tokens/tokens'
import { type Trx, inTransaction } from '#db/client'
import { skipExpiryNotice } from '#db/queries/notices/expiry'
import * as rows from '#db/queries/tokens/tokens'
import { audit } from '../audit/audit.ts'
import type { OrgContext, ProjectContext } from '../context.ts'
import { environmentIdOf } from '../projects/environments.ts'
import { DomainError } from '../errors.ts'
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

export async function listTokens(context: ProjectContext, { limit, cursor }: PageQuery): Promise<Page<ProjectToken>> {
  assertCan(context, 'tokens:manage')
  const found = await rows.listTokens(context.db, context.project.id, { after: idCursor(cursor), limit })
  return toPage(found, limit, (row) => [row.id], presentToken)
}

/** Returns the token's text, the only time it is shown; only its hash is stored. */
export async function createToken(context: ProjectContext, input: CreateToken): Promise<ProjectTokenCreated> {
  assertCan(context, 'tokens:manage')
  const allowed_addresses = input.allowedAddresses ?? []
  assertMayIssue(context, { role: input.role, expiresAt: input.expiresAt ?? null, allowedAddresses: allowed_addresses })
  assertFreshSignIn(context)
  return writingTokens(context, async (trx, rule) => {
    assertLifetime(rule, input.expiresAt ?? null)
    await assertRoom(trx, context.org, 'tokens')
    const envId = await environmentIdOf(trx, context.project.id, input.envName)
    const created = await issue(trx, context.project.id, maker(context), {
      name: input.name,
      role: input.role,
      env_id: envId,
      cell_scopes: input.cellScopes ?? null,
      verbs: [],
      expires_at: input.expiresAt ?? null,
      allowed_addresses,
    })
    const { token: _, ...metadata } = created
    await audit(trx, context, 'token.created', { kind: 'token', id: created.id, name: created.name }, { after: metadata })
    return created
  })
}

/** A transaction that creates or changes a token of the project, with the lifetime rule it must obey. */
export function writingTokens<T>(context: ProjectContext, work: (trx: Trx, rule: TokenRule) => Promise<T>): Promise<T> {
  return inTransaction(context.db, async (trx) => {
    const rule = await keepTokenRule(trx, context)
    return writingProject({ ...context, db: trx }, async () => {
      await assertStillCan(trx, context, 'tokens:manage')
      return work(trx, rule)
    })
  })
}

type Rights = Pick<rows.NewToken, 'name' | 'role' | 'env_id' | 'cell_scopes' | 'expires_at' | 'allowed_addresses'> & {
  verbs: string[]
}

export type Maker = { name: string; userId: string | null }

/** Who makes a token, and the person behind it: a token's own maker stands for what it makes. */
const maker = ({ actor }: OrgContext): Maker =>
  actor.kind === 'user' ? { name: actor.email, userId: actor.id } : { name: actor.name, userId: actor.madeBy ?? null }

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
  const { name: created_by, userId: made_by } = maker(context)
  await rows.insertToken(trx, {
    id,
    project_id: projectId,
    name,
    role: 'admin',
    env_id: null,
    cell_scopes: null,
    verbs,
    expires_at: cutToRule(rule, bounds.expiresAt),
    allowed_addresses: [...bounds.allowedAddresses],
    token_prefix: derivedPrefix(derivedToken({ id, projectId })),
    token_hash: null,
    created_by,
    made_by,
  })
  const row = (await rows.findToken(trx, projectId, id))!
  await audit(trx, context, 'token.created', { kind: 'token', id, name }, { after: presentToken(row) })
  return row
}

/** Inserts and returns a token. The caller has checked permission, holds the project's lock and writes the event. */
export async function issue(trx: Trx, projectId: string, by: Maker, rights: Rights): Promise<ProjectTokenCreated> {
  const { token, hash, prefix } = newToken('project')
  const id = newId()
  await rows.insertToken(trx, {
    ...rights,
    id,
    project_id: projectId,
    token_prefix: prefix,
    token_hash: hash,
    created_by: by.name,
    made_by: by.userId,
  })
  const row = await rows.findToken(trx, projectId, id)
  if (!row) throw notFound()
  return { ...presentToken(row), token }
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

export async function createPersonalToken(context: OrgContext, { name, expiresAt, allowedAddresses }: CreatePersonalToken) {
  assertCanInOrganization(context, 'personal-tokens:manage')
  assertFreshSignIn(context)
  const { actor, org, db } = context
  const { token, hash, prefix } = newToken('personal')
  const id = newId()
  return inTransaction(db, async (trx) => {
    assertLifetime(await keepTokenRule(trx, context), expiresAt ?? null)
    await assertRoom(trx, org, 'tokens')
    if (actor.kind === 'user') await assertStillSignedIn(trx, actor)
    await rows.insertPersonalToken(trx, {
      id,
      user_id: actor.id,
      org_id: org.id,
      name,
      token_prefix: prefix,
      token_hash: hash,
      expires_at: expiresAt ?? null,
      allowed_addresses: allowedAddresses ?? [],
    })
    const created = presentPersonal(await rows.getPersonalToken(trx, actor.id, org.id, id))
    await audit(trx, context, 'personal-token.created', { kind: 'personal-token', id, name }, { after: created })
    return { ...created, token }
  })
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
