import type { VerbGrant } from '#contract/common'
import type { NamedQuery } from '#contract/v1/common'
import type { V1CreateToken, V1Token, V1UpdateToken } from '#contract/v1/tokens'
import type { Trx } from '#db/client'
import * as shared from '#db/queries/tokens/tokens'
import { listV1Tokens as listRows } from '#db/queries/v1/tokens'
import { audit } from '../audit/audit.ts'
import type { ProjectContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { assertFreshSignIn } from '../access/fresh-sign-in.ts'
import type { Page } from '../paging.ts'
import { assertCan, assertMayGrant } from '../access/permissions.ts'
import { assertMayIssue, assertNotItself, mayIssue, rightsOf } from '../tokens/grants.ts'
import { derivedToken } from '../tokens/text.ts'
import { issueDerived, revokeToken, writingTokens } from '../tokens/tokens.ts'
import { writingProject } from '../writing.ts'
import { newestFirst, pageOf } from './paging.ts'

const notFound = () => new DomainError('token_not_found', 'No such token')

/** The text only for callers who could have created such a token: reading must not give more rights. */
const present =
  (context: ProjectContext) =>
  (row: shared.TokenRow): V1Token => ({
    id: row.id,
    projectID: context.project.id,
    token:
      row.derived && mayIssue(context, rightsOf(row))
        ? derivedToken({ id: row.id, projectId: context.project.id })
        : row.token_prefix,
    name: row.name,
    permissions: row.verbs as VerbGrant[],
    createdAt: row.created_at,
  })

export async function listV1Tokens(context: ProjectContext, query: NamedQuery): Promise<Page<V1Token>> {
  assertCan(context, 'tokens:manage')
  const page = newestFirst(query)
  const found = await listRows(context.db, context.project.id, { ...page, name: query.name })
  return pageOf(found, page, present(context))
}

export async function getV1Token(context: ProjectContext, tokenId: string): Promise<V1Token> {
  assertCan(context, 'tokens:manage')
  const row = await shared.findToken(context.db, context.project.id, tokenId)
  if (!row) throw notFound()
  return present(context)(row)
}

export async function createV1Token(context: ProjectContext, { name, permissions = [] }: V1CreateToken): Promise<V1Token> {
  assertCan(context, 'tokens:manage')
  assertMayGrant(context, { role: 'admin', verbs: permissions })
  assertFreshSignIn(context)
  return writingTokens(context, async (trx) => {
    await assertFree(trx, context, name)
    return present(context)(await issueDerived(trx, context, { name, verbs: permissions }))
  })
}

/** The caller must have all rights that the token had and will have. */
export async function updateV1Token(
  context: ProjectContext,
  tokenId: string,
  { name, permissions }: V1UpdateToken,
): Promise<void> {
  assertCan(context, 'tokens:manage')
  assertFreshSignIn(context)
  assertNotItself(context, tokenId)
  await writingProject(context, async (trx) => {
    const before = await shared.findToken(trx, context.project.id, tokenId)
    if (!before) throw notFound()
    assertMayIssue(context, rightsOf(before))
    if (permissions) assertMayIssue(context, { ...rightsOf(before), verbs: permissions })
    const isRenamed = name !== undefined && name !== before.name
    if (isRenamed) await assertFree(trx, context, name)
    const patch = { ...(isRenamed && { name }), ...(permissions && { verbs: permissions }) }
    if (Object.keys(patch).length === 0) return
    await shared.updateToken(trx, context.project.id, tokenId, patch)
    const { name: wasNamed, verbs: had } = before
    await audit(
      trx,
      context,
      'token.updated',
      { kind: 'token', id: tokenId, name: name ?? wasNamed },
      {
        before: { name: wasNamed, permissions: had },
        after: { name: name ?? wasNamed, permissions: permissions ?? had },
      },
    )
  })
}

export async function deleteV1Token(context: ProjectContext, tokenId: string): Promise<void> {
  assertCan(context, 'tokens:manage')
  await revokeToken(context, tokenId)
}

/** Call it under the project's lock. */
async function assertFree(trx: Trx, { project }: ProjectContext, name: string): Promise<void> {
  if (await shared.findTokenByName(trx, project.id, name))
    throw new DomainError('token_name_taken', `There is already a token named ${name}`)
}
