import { createHmac, timingSafeEqual } from 'node:crypto'
import { derivedKeyOf, previousSecrets, serverSecret } from '#config/settings'

/** What a text is for; it is refused for any other purpose. */
type Purpose =
  | 'project-token'
  | 'invitation'
  | 'mailed-invitation'
  | 'agent-token'
  | 'core-instance-token'
  | 'device'
  | 'password-reset'
  | 'pending-sign-in'

/** The longest text: a payload of a few ids and a 48-byte signature. */
const MAX_LENGTH = 512
const form = /^([\w-]+)\.([\w-]{64})$/

const signature = (purpose: Purpose, secret: string, body: string) =>
  createHmac('sha384', derivedKeyOf(secret, purpose)).update(body).digest()

/**
 * `<payload>.<signature>`: JSON in unpadded base64url and its HMAC-SHA-384 under the server's key (reference v1, 4). The same ids
 * always give the same text, so it can be shown again without being stored.
 */
export function signedText(purpose: Purpose, payload: Record<string, string>): string {
  const body = Buffer.from(JSON.stringify(payload)).toString('base64url')
  return `${body}.${signature(purpose, serverSecret(), body).toString('base64url')}`
}

/** The payload of a text that this server signed, under its secret or a previous one; undefined for any other. Needs no query. */
export function signedPayload(purpose: Purpose, text: string): Record<string, string> | undefined {
  if (text.length > MAX_LENGTH) return undefined
  const [, body, signed] = form.exec(text) ?? []
  if (body === undefined || signed === undefined) return undefined
  const given = Buffer.from(signed, 'base64url')
  const isOurs = (secret: string) => timingSafeEqual(given, signature(purpose, secret, body))
  if (![serverSecret(), ...previousSecrets()].some(isOurs)) return undefined
  return JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, string>
}
