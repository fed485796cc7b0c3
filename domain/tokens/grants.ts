import type { VerbGrant } from '#contract/common'
import type { TokenRow } from '#db/queries/tokens/tokens'
import { areWithin } from '../access/address-ranges.ts'
import type { Actor, Grant, ProjectContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { type Given, grantRefusal } from '../access/permissions.ts'

type Issued = Given & { allowedAddresses: readonly string[] }
type Issuer = Pick<ProjectContext, 'actor' | 'grant'>

/** The limits of the credential itself, besides those of its person or project; a session has none. */
export const boundsOf = (actor: Actor): { allowedAddresses: readonly string[]; expiresAt: string | null } => ({
  allowedAddresses: actor.allowedAddresses ?? [],
  expiresAt: (actor.kind === 'user' && actor.tokenLife?.expiresAt) || null,
})

/**
 * Why a caller may not issue this token; undefined when they may. A token never exceeds its maker: in role, scope and addresses,
 * and in lifetime when a personal token makes it.
 * A membership is not limited to addresses, because a new member authenticates with their own credentials.
 */
function issueRefusal({ actor, grant }: Issuer, given: Issued): string | undefined {
  const { allowedAddresses: own, expiresAt: end } = boundsOf(actor)
  const isWider = own.length > 0 && (given.allowedAddresses.length === 0 || !areWithin(given.allowedAddresses, own))
  if (isWider) return `You can’t create a token for addresses beyond those of your own token: ${own.join(', ')}`
  const isLonger = end !== null && (!given.expiresAt || Date.parse(given.expiresAt) > Date.parse(end))
  return (
    grantRefusal(grant, given) ?? (isLonger ? `You can’t grant access beyond ${end}, when your own token expires` : undefined)
  )
}

export const mayIssue = (issuer: Issuer, given: Issued) => issueRefusal(issuer, given) === undefined

export function assertMayIssue(issuer: Issuer, given: Issued): void {
  const why = issueRefusal(issuer, given)
  if (why) throw new DomainError('forbidden', why)
}

/** All rights of a token. Whoever changes it or sees its text must have them all. */
export const rightsOf = (row: TokenRow): Issued & Pick<Grant, 'verbs' | 'expiresAt'> => ({
  role: row.role,
  verbs: row.verbs as VerbGrant[],
  expiresAt: row.expires_at,
  allowedAddresses: row.allowed_addresses,
})

/** A token may revoke itself, and rotate into an equal one. Someone else must change its limits. */
export function assertNotItself({ actor }: Pick<ProjectContext, 'actor'>, tokenId: string): void {
  if (actor.kind !== 'project_token' || actor.id !== tokenId.toLowerCase()) return
  throw new DomainError('forbidden', 'A token can’t change itself. Use another token, or ask an admin of the project')
}
