import type { AccessQuery, AccessSource } from '#contract/review/access'
import type { VerbGrant } from '#contract/common'
import { findMember } from '#db/queries/members/members'
import { findPersonalToken, findToken } from '#db/queries/tokens/tokens'
import { findStanding } from '#db/queries/accounts/viewings'
import type { Grant, ProjectContext, Viewing } from '../context.ts'
import { DomainError } from '../errors.ts'
import { type Refusal, assertCan, effectiveGrant, membershipOf } from '../access/permissions.ts'

/** Whose access is explained, and what it is. */
export type Subject = {
  userId: string | null
  tokenId: string | null
  from: AccessSource | null
  /** True for a person in a browser: only they may purge, and only they are asked to confirm. */
  inBrowser: boolean
  viewing?: Viewing | undefined
} & ({ grant: Grant } | { grant: undefined; none: Refusal })

const noAccess: Refusal = { code: 'project_not_found', sentence: 'No access to this project', rule: 'no_access' }
const noToken = () => new DomainError('token_not_found', 'No such token in this project or among your personal tokens')
const ended = (code: 'project_not_found' | 'unauthenticated', expiresAt: string | null): Refusal => ({
  code,
  sentence: `This access expired at ${expiresAt}`,
  rule: 'expired',
})

/**
 * The caller themselves; another person, for callers who manage members; a token, for its holder or callers who manage tokens.
 */
export async function subjectOf(context: ProjectContext, { userId, tokenId }: AccessQuery): Promise<Subject> {
  assertCan(context, 'project:read')
  if (tokenId !== undefined) return tokenSubject(context, tokenId)
  const own = ownSubject(context)
  return userId === undefined || userId === own.userId ? own : personSubject(context, userId)
}

function ownSubject({ actor, grant, org }: ProjectContext): Subject {
  if (actor.kind === 'project_token') {
    const from = { kind: 'token', id: actor.id, name: actor.name } as const
    return { userId: null, tokenId: actor.id, from, inBrowser: false, grant }
  }
  const { viewing } = actor
  const person = viewing?.person ?? actor
  const inBrowser = actor.via === 'session'
  return { userId: person.id, tokenId: null, from: sourceOf(grant, org, person), inBrowser, viewing, grant }
}

const sourceOf = (grant: Grant, org: ProjectContext['org'], person: { id: string; email: string }): AccessSource =>
  grant.source === 'organization'
    ? { kind: 'organization', id: org.id, name: org.slug }
    : { kind: 'membership', id: person.id, name: person.email }

async function personSubject(context: ProjectContext, userId: string): Promise<Subject> {
  assertCan(context, 'members:manage')
  const { db, org, project } = context
  const row = await findStanding(db, org.id, project.id, userId)
  if (!row) throw new DomainError('user_not_found', 'No such user in this organization')
  const subject = { userId, tokenId: null, inBrowser: true }
  const grant = effectiveGrant(row.org_role, membershipOf(row))
  if (grant) return { ...subject, grant, from: sourceOf(grant, org, { id: userId, email: row.email }) }
  const expired = await findMember(db, org.id, project.id, userId)
  const none = expired ? ended('project_not_found', expired.expires_at) : noAccess
  return { ...subject, grant: undefined, from: expired ? { kind: 'membership', id: userId, name: row.email } : null, none }
}

async function tokenSubject(context: ProjectContext, tokenId: string): Promise<Subject> {
  const personal = await personalTokenSubject(context, tokenId)
  if (personal) return personal
  if (context.actor.id !== tokenId) assertCan(context, 'tokens:manage')
  const row = await findToken(context.db, context.project.id, tokenId)
  if (!row) throw noToken()
  const from = { kind: 'token', id: row.id, name: row.name } as const
  const subject = { userId: null, tokenId, from, inBrowser: false }
  if (row.expired) return { ...subject, grant: undefined, none: ended('unauthenticated', row.expires_at) }
  const narrowing = { envId: row.env_id, cellScopes: row.cell_scopes, expiresAt: row.expires_at }
  return { ...subject, grant: { role: row.role, source: 'token', ...narrowing, verbs: row.verbs as VerbGrant[] } }
}

/**
 * What the token's person may do, while the token lives: a personal token only limits where it works, from which addresses and
 * for how long.
 */
async function personalTokenSubject(context: ProjectContext, tokenId: string): Promise<Subject | undefined> {
  const { actor, db, org } = context
  if (actor.kind !== 'user' || actor.viewing) return undefined
  const row = await findPersonalToken(db, actor.id, org.id, tokenId)
  if (!row) return undefined
  const subject = { ...ownSubject(context), tokenId, inBrowser: false }
  return row.enabled ? subject : { ...subject, grant: undefined, none: ended('unauthenticated', row.expires_at) }
}
