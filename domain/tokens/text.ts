import { createHash, randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { signedPayload, signedText } from '../crypto/signed-text.ts'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const RANDOM_LENGTH = 36
const CHECKSUM_LENGTH = 6
const form = new RegExp(`^(bhp|bhu)_[0-9A-Za-z]{${RANDOM_LENGTH + CHECKSUM_LENGTH}}$`)

export type TokenKind = 'project' | 'personal'
const prefixOf = { project: 'bhp_', personal: 'bhu_' } as const satisfies Record<TokenKind, string>

/** CRC-32 of the text in six base62 digits (contract, "Tokens and environments"). */
function checksum(text: string): string {
  let rest = crc32(text)
  let digits = ''
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
    digits = alphabet.charAt(rest % 62) + digits
    rest = Math.floor(rest / 62)
  }
  return digits
}

export const hashToken = (token: string) => createHash('sha256').update(token).digest()

/** A new token: its text, shown once; its hash, the only part stored; and the prefix by which people recognize it. */
export function newToken(kind: TokenKind): { token: string; hash: Buffer; prefix: string } {
  let body = prefixOf[kind]
  for (let i = 0; i < RANDOM_LENGTH; i++) body += alphabet.charAt(randomInt(62))
  const token = body + checksum(body)
  return { token, hash: hashToken(token), prefix: token.slice(0, 10) }
}

/** The kind of a well-formed token; undefined for a malformed or mistyped one, which needs no query to refuse. */
export function tokenKind(token: string): TokenKind | undefined {
  if (!form.test(token)) return undefined
  const body = token.slice(0, -CHECKSUM_LENGTH)
  if (checksum(body) !== token.slice(-CHECKSUM_LENGTH)) return undefined
  return token.startsWith('bhp_') ? 'project' : 'personal'
}

/** A project token whose text is derived from its id, so that the v1 API can show it again (reference v1, 4). */
export const derivedToken = ({ id, projectId }: { id: string; projectId: string }) =>
  signedText('project-token', { TokenID: id, ProjectID: projectId })

/** The end of the text, by which people recognize a derived token: all of them start alike. */
export const derivedPrefix = (token: string) => `…${token.slice(-6)}`

/** The token that a derived text names; undefined if it is malformed or this server did not sign it. */
export function derivedTokenIds(text: string): { id: string; projectId: string } | undefined {
  const payload = signedPayload('project-token', text)
  return payload && { id: payload['TokenID']!, projectId: payload['ProjectID']! }
}
