import type { PersonalToken, ProjectToken, UpdateToken } from '#contract/tokens/tokens'
import { inTransaction } from '#db/client'
import * as rows from '#db/queries/tokens/tokens'
import { audit } from '../audit/audit.ts'
import type { OrgContext, ProjectContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { assertEndsAfter } from '../access/ends.ts'
import { assertFreshSignIn } from '../access/fresh-sign-in.ts'
import { assertCan, assertCanInOrganization } from '../access/permissions.ts'
import { assertMayIssue, assertNotItself, rightsOf } from './grants.ts'
import { type TokenRule, assertLifetime, keepTokenRule } from './lifetime.ts'
import { presentPersonal, presentToken, writingTokens } from './tokens.ts'

type Times = { createdAt: string; expiresAt: string | null }

const notFound = () => new DomainError('token_not_found', 'No such token')

/** An end may always come closer; it may move later only within the rule, which counts from the token's creation. */
function assertEnd(rule: TokenRule, before: Times, expiresAt: string | null): void {
  assertEndsAfter(before.createdAt, expiresAt)
  const isSooner = expiresAt !== null && (before.expiresAt === null || Date.parse(expiresAt) <= Date.parse(before.expiresAt))
  if (!isSooner && expiresAt !== before.expiresAt) assertLifetime(rule, expiresAt, before.createdAt)
}

function assertLives({ expired }: { expired: boolean }): void {
  if (expired) throw new DomainError('token_expired', 'This token has expired. Create a new one')
}

const patchOf = ({ name, expiresAt, allowedAddresses }: UpdateToken) => ({
  ...(name !== undefined && { name }),
  ...(expiresAt !== undefined && { expires_at: expiresAt }),
  ...(allowedAddresses !== undefined && { allowed_addresses: allowedAddresses }),
})

/** Changes a token's name, end and addresses. The caller must have all rights of the token. */
export async function updateToken(context: ProjectContext, tokenId: string, input: UpdateToken): Promise<ProjectToken> {
  assertCan(context, 'tokens:manage')
  assertFreshSignIn(context)
  assertNotItself(context, tokenId)
  return writingTokens(context, async (trx, rule) => {
    const row = await rows.findToken(trx, context.project.id, tokenId)
    if (!row) throw notFound()
    const before = presentToken(row)
    const had = rightsOf(row)
    const { expiresAt = had.expiresAt, allowedAddresses = had.allowedAddresses } = input
    assertMayIssue(context, had)
    assertLives(row)
    assertMayIssue(context, { ...had, expiresAt, allowedAddresses })
    if (input.expiresAt !== undefined) assertEnd(rule, before, input.expiresAt)
    const patch = patchOf(input)
    if (Object.keys(patch).length === 0) return before
    await rows.updateToken(trx, context.project.id, tokenId, patch)
    const after = presentToken((await rows.findToken(trx, context.project.id, tokenId))!)
    await audit(trx, context, 'token.updated', { kind: 'token', id: tokenId, name: after.name }, { before, after })
    return after
  })
}

/** The same for the caller's own personal token. */
export async function updatePersonalToken(context: OrgContext, tokenId: string, input: UpdateToken): Promise<PersonalToken> {
  assertCanInOrganization(context, 'personal-tokens:manage')
  assertFreshSignIn(context)
  const { actor, org, db } = context
  return inTransaction(db, async (trx) => {
    const rule = await keepTokenRule(trx, context)
    const row = await rows.lockPersonalToken(trx, actor.id, org.id, tokenId)
    if (!row) throw notFound()
    const before = presentPersonal(row)
    assertLives({ expired: !before.enabled })
    if (input.expiresAt !== undefined) assertEnd(rule, before, input.expiresAt)
    const patch = patchOf(input)
    if (Object.keys(patch).length === 0) return before
    await rows.updatePersonalToken(trx, actor.id, org.id, tokenId, patch)
    const after = presentPersonal(await rows.getPersonalToken(trx, actor.id, org.id, tokenId))
    const target = { kind: 'personal-token', id: tokenId, name: after.name }
    await audit(trx, context, 'personal-token.updated', target, { before, after })
    return after
  })
}
