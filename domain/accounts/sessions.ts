import type { PageQuery } from '#contract/common'
import type { Me } from '#contract/accounts/me'
import type { Session } from '#contract/accounts/sessions'
import { inTransaction } from '#db/client'
import * as rows from '#db/queries/accounts/sessions'
import { audit } from '../audit/audit.ts'
import type { ActorContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { type Page, idCursor, toPage } from '../paging.ts'
import { deviceOf } from './user-agent.ts'
import { presentViewing } from './viewing.ts'
import { sessionActor } from '../access/signed-in.ts'

export async function getMe({ actor }: ActorContext): Promise<Me> {
  if (actor.kind !== 'user') throw new DomainError('forbidden', 'Project tokens have no person. Use a personal token')
  return {
    id: actor.id,
    email: actor.email,
    name: actor.name,
    avatarUrl: actor.avatarUrl,
    authenticatedAt: actor.authenticatedAt,
    ...(actor.viewing && { viewing: presentViewing(actor.viewing) }),
  }
}

export async function listSessions(context: ActorContext, { limit, cursor }: PageQuery): Promise<Page<Session>> {
  const actor = sessionActor(context)
  const found = await rows.listSessions(context.db, actor.id, { before: idCursor(cursor), limit })
  return toPage(
    found,
    limit,
    (row) => [row.id],
    (row) => ({
      id: row.id,
      current: row.id === actor.credentialId,
      device: deviceOf(row.user_agent),
      userAgent: row.user_agent,
      address: row.address,
      createdAt: row.created_at,
      lastSeenAt: row.last_seen_at,
      expiresAt: row.expires_at,
    }),
  )
}

export async function revokeSession(context: ActorContext, sessionId: string): Promise<{ id: string; revoked: true }> {
  const actor = sessionActor(context)
  return inTransaction(context.db, async (trx) => {
    const ended = await rows.deleteSessionOf(trx, actor.id, sessionId)
    if (!ended) throw new DomainError('session_not_found', 'No such session')
    const device = deviceOf(ended.user_agent)
    const before = { device, address: ended.address, createdAt: ended.created_at, lastSeenAt: ended.last_seen_at }
    await audit(trx, context, 'session.revoked', { kind: 'session', id: ended.id, name: device }, { before })
    return { id: ended.id, revoked: true }
  })
}

export async function revokeOtherSessions(context: ActorContext): Promise<{ revoked: number }> {
  const actor = sessionActor(context)
  return inTransaction(context.db, async (trx) => {
    const ended = await rows.deleteOtherSessions(trx, actor.id, actor.credentialId)
    const target = { kind: 'user', id: actor.id, name: actor.email }
    await audit(trx, context, 'session.others-revoked', target, { before: { sessions: ended.length } })
    return { revoked: ended.length }
  })
}
