import type { V1AgentError, V1AgentErrorsQuery } from '#contract/v1/agents'
import * as rows from '#db/queries/v1/agents'
import { transactionTime } from '#db/queries/v1/time'
import type { ProjectContext } from '../context.ts'
import { newId } from '../ids.ts'
import { type Page, toPage } from '../paging.ts'
import { assertCan } from '../access/permissions.ts'
import { reading, writingData } from '../writing.ts'
import { noSuchAgent } from './agent-changes.ts'
import { newestFirst } from './paging.ts'
import { assertWrites, sees } from './registered.ts'

/** How many errors an agent keeps: the newest. */
const MOST = 100

/** An agent in trouble reports the same error every few seconds, so it is kept once until the agent changes. */
export async function addAgentError(
  context: ProjectContext,
  id: string,
  { error }: { error: string },
): Promise<{ id: string; createdAt: string }> {
  assertCan(context, 'data:write')
  return writingData(context, async (trx, at) => {
    const row = await rows.lockAgent(trx, at, id)
    if (!row) throw noSuchAgent()
    assertWrites(context, row.env_id)
    const errors = (await rows.findAgentErrors(trx, at, id)) ?? []
    const known = errors.findLast((one) => one.error === error && one.createdAt > row.updated_at)
    if (known) return { id: known.id, createdAt: known.createdAt }
    const added = { id: newId(), error, createdAt: await transactionTime(trx) }
    await rows.setAgentErrors(trx, at, id, [...errors, added].slice(-MOST))
    return { id: added.id, createdAt: added.createdAt }
  })
}

/** Newest first. */
export async function listAgentErrors(
  context: ProjectContext,
  id: string,
  { dismissed, ...query }: V1AgentErrorsQuery,
): Promise<Page<V1AgentError>> {
  assertCan(context, 'data:read')
  const { limit, before } = newestFirst(query)
  const row = await rows.findAgent(context.db, reading(context), id)
  if (!row || !sees(context, row.env_id)) throw noSuchAgent()
  const all = dismissed === 'true' ? [] : ((await rows.findAgentErrors(context.db, reading(context), id)) ?? [])
  const isBefore = (one: rows.StoredError) =>
    !before || one.createdAt < before.createdAt || (one.createdAt === before.createdAt && one.id < before.key)
  const found = all.toReversed().filter(isBefore)
  return toPage(
    found.slice(0, limit + 1),
    limit,
    (one) => [one.createdAt, one.id],
    (one) => ({ id: one.id, agentID: id, error: one.error, dismissedAt: null, dismissReason: null, createdAt: one.createdAt }),
  )
}
