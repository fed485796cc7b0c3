import type { Database } from '#db/client'
import { findAgentOfToken } from '#db/queries/v1/agents'
import { findCoreInstanceOfToken } from '#db/queries/v1/core-instances'
import type { Grant, TokenActor } from '#domain/context'
import { DomainError } from '#domain/errors'
import { agentTokenIds, coreInstanceTokenIds } from '#domain/v1/registered-tokens'
import { assertTokensAreOn } from '../authenticate.ts'

/** What each header proves, and the error for a wrong one (reference v1, 5). */
const kinds = [
  {
    header: 'x-agent-token',
    itself: 'agent',
    inWords: 'agent',
    invalid: 'invalid agent token',
    idsOf: agentTokenIds,
    find: findAgentOfToken,
  },
  {
    header: 'x-aggregator-token',
    itself: 'core-instance',
    inWords: 'core instance',
    invalid: 'invalid aggregator token',
    idsOf: coreInstanceTokenIds,
    find: findCoreInstanceOfToken,
  },
] as const

/** The agent and core instance of a request's headers. Throws 401 for invalid tokens, including those of a nuked generation. */
export async function registeredThings(request: Request, db: Database): Promise<TokenActor[]> {
  const things: TokenActor[] = []
  for (const { header, itself, inWords, invalid, idsOf, find } of kinds) {
    const text = request.headers.get(header)
    if (text === null) continue
    const ids = idsOf(text)
    const row = ids && (await find(db, ids.projectId, ids.id))
    if (ids && !row) await assertTokensAreOn(db)
    if (!row) throw new DomainError('unauthenticated', invalid)
    const { id, name, project_id: projectId, org_id: orgId, env_id: envId } = row
    const grant: Grant = { role: 'member', source: 'token', envId, cellScopes: null, verbs: [], expiresAt: null }
    things.push({ kind: 'project_token', id, name: `${inWords} ${name}`, projectId, orgId, grant, itself })
  }
  return things
}
