import { emailClaim, trustedEmailIssuers } from '#config/settings'

/** An issuer's claims about one person: an ID token, a JWT, or its userinfo answer. */
export type Statement = Record<string, unknown>

const textOf = (claim: unknown) => (typeof claim === 'string' && claim !== '' ? claim : undefined)

/** The person's address in a statement. */
export const addressIn = (statement: Statement): string | undefined => textOf(statement[emailClaim()])

const isSame = (one: string, other: string) => one.trim().toLowerCase() === other.trim().toLowerCase()

/** Whether `email_verified` in a statement is about this address: it refers to `email`, when there is one. */
function isAbout(statement: Statement, address: string): boolean {
  const about = textOf(statement['email']) ?? addressIn(statement)
  return about === undefined || isSame(about, address)
}

/** Treats a bare host with and without the final slash alike. */
const hrefOf = (issuer: string) => (URL.canParse(issuer) ? new URL(issuer).href : issuer)

const isTrusted = (issuer: string) => trustedEmailIssuers().some((one) => hrefOf(one) === hrefOf(issuer))

/**
 * The address that an issuer states, and whether it is verified. `email_verified` may be a text. Without it, the address counts
 * as verified only when a setting trusts the issuer.
 */
export function statedAddress(issuer: string, statements: Statement[]): { email: string | null; emailVerified: boolean } {
  const email = statements.map(addressIn).find((address) => address !== undefined)
  if (email === undefined) return { email: null, emailVerified: false }
  const verdict = statements
    .filter((statement) => isAbout(statement, email))
    .map((statement) => statement['email_verified'])
    .find((claim) => claim !== undefined && claim !== null)
  if (verdict === undefined) return { email, emailVerified: isTrusted(issuer) }
  return { email, emailVerified: verdict === true || verdict === 'true' }
}
