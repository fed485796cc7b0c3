import type { Trx } from '#db/client'
import { lockTokenRule } from '#db/queries/organizations/organizations'
import type { ProjectContext } from '../context.ts'
import { DomainError } from '../errors.ts'

const DAY = 86_400_000

/** How many days a token of an organisation may live, null = as long as it likes; and what time it is. */
export type TokenRule = { maxDays: number | null; now: string }

/** The moment until which a token of this age may live; null = for ever. */
const endOf = (maxDays: number | null, createdAt: string): number | null =>
  maxDays === null ? null : Date.parse(createdAt) + maxDays * DAY

/** A life is counted from its beginning, so that nobody prolongs a token for ever. */
export function outlives(maxDays: number | null, { createdAt, expiresAt }: { createdAt: string; expiresAt: string | null }) {
  const end = endOf(maxDays, createdAt)
  return end !== null && (expiresAt === null || Date.parse(expiresAt) > end)
}

/** The rule, which stays as it is until the transaction ends. Taken before a project's lock, as the organisation's lock is everywhere. */
export async function keepTokenRule(trx: Trx, { org }: { org: { id: string } }): Promise<TokenRule> {
  const { max_token_days, now } = await lockTokenRule(trx, org.id)
  return { maxDays: max_token_days, now }
}

/** Throws unless a token of this age (of now when nothing is said) may live until then. */
export function assertLifetime({ maxDays, now }: TokenRule, expiresAt: string | null, createdAt: string = now): void {
  if (!outlives(maxDays, { createdAt, expiresAt })) return
  const latest = new Date(endOf(maxDays, createdAt)!).toISOString()
  const days = `${maxDays} ${maxDays === 1 ? 'day' : 'days'}`
  throw new DomainError(
    'token_lifetime_too_long',
    `Tokens of this organisation live for at most ${days}; choose an expiry no later than ${latest}`,
    [{ path: 'expiresAt', message: `must be no later than ${latest}` }],
  )
}

/** What is asked for, or as much of it as the rule allows. */
export const cutToRule = ({ maxDays, now }: TokenRule, expiresAt: string | null): string | null =>
  outlives(maxDays, { createdAt: now, expiresAt }) ? new Date(endOf(maxDays, now)!).toISOString() : expiresAt

/** A personal token for whichever organisation its person belongs to works only where it could have been made. */
export function assertWelcome(
  { actor }: Pick<ProjectContext, 'actor'>,
  org: { slug: string; maxTokenDays: number | null },
): void {
  const isGuest = actor.kind === 'user' && actor.orgId === null && actor.tokenLife !== undefined
  if (!isGuest || !outlives(org.maxTokenDays, actor.tokenLife!)) return
  throw new DomainError(
    'token_lives_too_long',
    `Tokens of ${org.slug} live for at most ${org.maxTokenDays} days and this one lives longer; make one for ${org.slug}`,
  )
}
