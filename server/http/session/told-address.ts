import { emailClaim, trustedEmailIssuers } from '#config/settings'

/** What an issuer has said of one person: an ID token, a JWT, or the answer of its userinfo endpoint. */
export type Statement = Record<string, unknown>

const textOf = (claim: unknown) => (typeof claim === 'string' && claim !== '' ? claim : undefined)

/** The address that a statement gives its person. */
export const addressIn = (statement: Statement): string | undefined => textOf(statement[emailClaim()])

const isSame = (one: string, other: string) => one.trim().toLowerCase() === other.trim().toLowerCase()

/** Whether what a statement says of verification is about this address: `email_verified` speaks of `email`, where there is one. */
function isAbout(statement: Statement, address: string): boolean {
  const about = textOf(statement['email']) ?? addressIn(statement)
  return about === undefined || isSame(about, address)
}

/** With or without the slash after a bare host. */
const hrefOf = (issuer: string) => (URL.canParse(issuer) ? new URL(issuer).href : issuer)

const isTrusted = (issuer: string) => trustedEmailIssuers().some((one) => hrefOf(one) === hrefOf(issuer))

/**
 * The address that an issuer says, and whether it vouches for it: `email_verified`, which some send as a text. Where it says nothing of that, it
 * is believed only if a setting names it.
 */
export function toldAddress(issuer: string, statements: Statement[]): { email: string | null; emailVerified: boolean } {
  const email = statements.map(addressIn).find((address) => address !== undefined)
  if (email === undefined) return { email: null, emailVerified: false }
  const verdict = statements
    .filter((statement) => isAbout(statement, email))
    .map((statement) => statement['email_verified'])
    .find((claim) => claim !== undefined && claim !== null)
  if (verdict === undefined) return { email, emailVerified: isTrusted(issuer) }
  return { email, emailVerified: verdict === true || verdict === 'true' }
}
