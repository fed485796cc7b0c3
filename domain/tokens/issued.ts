import type { CreatePersonalToken, CreateToken, ProjectTokenCreated } from '#contract/tokens/tokens'
import { type Database, type Trx, inTransaction } from '#db/client'
import { lockProject } from '#db/queries/projects/projects'
import { audit } from '../audit/audit.ts'
import { cli, type Person } from '../accounts/users.ts'
import { assertLifetime, keepTokenRule } from './lifetime.ts'
import { issuePersonal, issueRequested } from './tokens.ts'
import { projectGone } from '../writing.ts'

/** Issues a project token that no caller's rights limit, for the command line. */
export async function issueProjectToken(
  db: Database,
  project: { id: string; org: { id: string } },
  input: CreateToken,
): Promise<ProjectTokenCreated> {
  return inTransaction(db, async (trx) => {
    assertLifetime(await keepTokenRule(trx, project), input.expiresAt ?? null)
    const locked = await lockProject(trx, project.org.id, project.id)
    if (!locked) throw projectGone()
    const at = { projectId: project.id, generation: locked.generation }
    return issueRequested(trx, { ...cli, project, org: project.org }, at, { name: 'cli', userId: null }, input)
  })
}

/** Issues a user's token for one organization, or (`null`) for all organizations they belong to. */
export async function issuePersonalToken(
  db: Database | Trx,
  user: Person,
  org: { id: string } | null,
  input: CreatePersonalToken,
) {
  const { name, expiresAt = null, allowedAddresses = [] } = input
  return inTransaction(db, async (trx) => {
    const { id, token, prefix } = await issuePersonal(trx, user, org, input)
    const after = { id, name, tokenPrefix: prefix, expiresAt, allowedAddresses, user: user.email }
    await audit(trx, org ? { ...cli, org } : cli, 'personal-token.created', { kind: 'personal-token', id, name }, { after })
    return { id, token }
  })
}
