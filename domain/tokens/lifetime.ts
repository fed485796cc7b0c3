import type { Trx } from '#db/client'
import { lockTokenRule } from '#db/queries/organizations/organizations'
import type { ProjectContext } from '../context.ts'
import { DomainError } from '../errors.ts'

const DAY = 86_400_000

/** The maximum lifetime in days of an organization's tokens (null means unlimited), and the present time. */
export type TokenRule = { maxDays: number | null; now: string }

/** When a token of this age must end, as a timestamp in milliseconds; null means never. */
const endOf = (maxDays: number | null, createdAt: string): number | null =>
  maxDays === null ? null : Date.parse(createdAt) + maxDays * DAY

/** Counts from creation, so that nobody can extend a token forever. */
export function outlives(maxDays: number | null, { createdAt, expiresAt }: { createdAt: string; expiresAt: string | null }) {
  const end = endOf(maxDays, createdAt)
  return end !== null && (expiresAt === null || Date.parse(expiresAt) > end)
}

/** The rule, locked until the transaction ends. Taken before a project's lock, like the organization's lock everywhere. */
export async function keepTokenRule(trx: Trx, { org }: { org: { id: string } }): Promise<TokenRule> {
  const { max_token_days, now } = await lockTokenRule(trx, org.id)
  return { maxDays: max_token_days, now }
}

/** Throws unless a token of this age (by default created now) may live until then. */
export function assertLifetime({ maxDays, now }: TokenRule, expiresAt: string | null, createdAt: string = now): void {
  if (!outlives(maxDays, { createdAt, expiresAt })) return
  const latest = new Date(endOf(maxDays, createdAt)!).toISOString()
  const days = `${maxDays} ${maxDays === 1 ? 'day' : 'days'}`
  throw new DomainError(
    'token_lifetime_too_long',
    `Tokens of this organization can live for at most ${days}. Choose an expiry no later than ${latest}`,
    [{ path: 'expiresAt', message: `must be no later than ${latest}` }],
  )
}

/** The requested expiry, cut to what the rule allows. */
export const cutToRule = ({ maxDays, now }: TokenRule, expiresAt: string | null): string | null =>
  outlives(maxDays, { createdAt: now, expiresAt }) ? new Date(endOf(maxDays, now)!).toISOString() : expiresAt

/** A personal token without an organization works only where the rule would have allowed creating it. */
export function assertWelcome(
  { actor }: Pick<ProjectContext, 'actor'>,
  org: { slug: string; maxTokenDays: number | null },
): void {
  const isGuest = actor.kind === 'user' && actor.orgId === null && actor.tokenLife !== undefined
  if (!isGuest || !outlives(org.maxTokenDays, actor.tokenLife!)) return
  throw new DomainError(
    'token_lives_too_long',
    `This token lives longer than the ${org.maxTokenDays} days that ${org.slug} allows. Create a token for ${org.slug}`,
  )
}
