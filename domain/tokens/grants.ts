import type { VerbGrant } from '#contract/common'
import type { TokenRow } from '#db/queries/tokens/tokens'
import { areWithin } from '../access/address-ranges.ts'
import type { Actor, Grant, ProjectContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { type Given, grantRefusal } from '../access/permissions.ts'

type Issued = Given & { allowedAddresses: readonly string[] }
type Issuer = Pick<ProjectContext, 'actor' | 'grant'>

/** What a credential is bound by itself, beside what its person or project allows: nothing, for a session. */
export const boundsOf = (actor: Actor): { allowedAddresses: readonly string[]; expiresAt: string | null } => ({
  allowedAddresses: actor.allowedAddresses ?? [],
  expiresAt: (actor.kind === 'user' && actor.tokenLife?.expiresAt) || null,
})

/**
 * A token is what its maker is at most, in every dimension: also where it is used from, and how long it lives when a personal token makes
 * it. A membership is not bound to addresses: whoever becomes a member proves themselves anew, with what is theirs.
 */
function issueRefusal({ actor, grant }: Issuer, given: Issued): string | undefined {
  const { allowedAddresses: own, expiresAt: end } = boundsOf(actor)
  const isWider = own.length > 0 && (given.allowedAddresses.length === 0 || !areWithin(given.allowedAddresses, own))
  if (isWider) return `You may not make a token for other addresses than your own: ${own.join(', ')}`
  const isLonger = end !== null && (!given.expiresAt || Date.parse(given.expiresAt) > Date.parse(end))
  return grantRefusal(grant, given) ?? (isLonger ? `You may not grant access beyond ${end}, when your own expires` : undefined)
}

export const mayIssue = (issuer: Issuer, given: Issued) => issueRefusal(issuer, given) === undefined

export function assertMayIssue(issuer: Issuer, given: Issued): void {
  const why = issueRefusal(issuer, given)
  if (why) throw new DomainError('forbidden', why)
}

/** All that a token can do, for whoever changes it or sees its text: they must have it all themselves. */
export const rightsOf = (row: TokenRow): Issued & Pick<Grant, 'verbs' | 'expiresAt'> => ({
  role: row.role,
  verbs: row.verbs as VerbGrant[],
  expiresAt: row.expires_at,
  allowedAddresses: row.allowed_addresses,
})

/** A token may end itself, and leave an equal one behind when it is rotated. Its limits are for somebody else to change. */
export function assertNotItself({ actor }: Pick<ProjectContext, 'actor'>, tokenId: string): void {
  if (actor.kind !== 'project_token' || actor.id !== tokenId.toLowerCase()) return
  throw new DomainError('forbidden', 'A token cannot change itself; use another token, or ask an admin of the project')
}
