import type { CreatePersonalToken, CreateToken, ProjectTokenCreated } from '#contract/tokens/tokens'
import { type Database, type Trx, inTransaction } from '#db/client'
import { lockProject } from '#db/queries/projects/projects'
import { insertPersonalToken } from '#db/queries/tokens/tokens'
import { audit } from '../audit/audit.ts'
import { environmentIdOf } from '../projects/environments.ts'
import { newId } from '../ids.ts'
import { cli, type Person } from '../accounts/users.ts'
import { assertRoom } from '../limits/quotas.ts'
import { assertLifetime, keepTokenRule } from './lifetime.ts'
import { newToken } from './text.ts'
import { issue } from './tokens.ts'
import { projectGone } from '../writing.ts'

/** Issues a project token that no caller's rights limit, for the command line. */
export async function issueProjectToken(
  db: Database,
  project: { id: string; org: { id: string } },
  input: CreateToken,
): Promise<ProjectTokenCreated> {
  return inTransaction(db, async (trx) => {
    assertLifetime(await keepTokenRule(trx, project), input.expiresAt ?? null)
    if (!(await lockProject(trx, project.org.id, project.id))) throw projectGone()
    await assertRoom(trx, project.org, 'tokens')
    const created = await issue(
      trx,
      project.id,
      { name: 'cli', userId: null },
      {
        name: input.name,
        role: input.role,
        env_id: await environmentIdOf(trx, project.id, input.envName),
        cell_scopes: input.cellScopes ?? null,
        verbs: [],
        expires_at: input.expiresAt ?? null,
        allowed_addresses: input.allowedAddresses ?? [],
      },
    )
    const { token: _, ...metadata } = created
    await audit(
      trx,
      { ...cli, project, org: project.org },
      'token.created',
      { kind: 'token', id: created.id, name: created.name },
      { after: metadata },
    )
    return created
  })
}

/** Issues a user's token for one organization, or (`null`) for all organizations they belong to. */
export async function issuePersonalToken(
  db: Database | Trx,
  user: Person,
  org: { id: string } | null,
  { name, expiresAt = null, allowedAddresses = [] }: CreatePersonalToken,
) {
  const { token, hash, prefix } = newToken('personal')
  const id = newId()
  await inTransaction(db, async (trx) => {
    if (org) {
      assertLifetime(await keepTokenRule(trx, { org }), expiresAt)
      await assertRoom(trx, org, 'tokens')
    }
    await insertPersonalToken(trx, {
      id,
      user_id: user.id,
      org_id: org?.id ?? null,
      name,
      token_prefix: prefix,
      token_hash: hash,
      expires_at: expiresAt,
      allowed_addresses: allowedAddresses,
    })
    const source = org ? { ...cli, org } : cli
    const after = { id, name, tokenPrefix: prefix, expiresAt, allowedAddresses, user: user.email }
    await audit(trx, source, 'personal-token.created', { kind: 'personal-token', id, name }, { after })
  })
  return { id, token }
}
