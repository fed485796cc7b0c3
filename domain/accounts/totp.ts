import { HOTP, Secret, TOTP } from 'otpauth'

const PERIOD = 30
const DIGITS = 6
/** Steps accepted before and after now, because clocks differ and typing takes time. */
const WINDOW = 1
/** Earlier steps, back to five minutes ago: their codes are reported as too old, not as wrong, so that people know what to do. */
const PAST = { middle: 6, window: 4 }

/** 160 bits, as RFC 4226 recommends. */
export const newTotpSecret = () => Buffer.from(new Secret({ size: 20 }).bytes)

/** The secret as text, for typing, and as the URI for a QR code. */
export function presentTotp(bytes: Buffer, email: string): { secret: string; uri: string } {
  const secret = secretOf(bytes)
  const totp = new TOTP({ issuer: 'Bulkhead', label: email, secret, digits: DIGITS, period: PERIOD })
  return { secret: secret.base32, uri: totp.toString() }
}

const secretOf = (bytes: Buffer) => new Secret({ buffer: new Uint8Array(bytes).buffer })

type Judged = { kind: 'right'; step: number } | { kind: 'used' | 'expired' | 'wrong' }

/** Judges a code at a moment (RFC 6238, SHA-1): right once, in its own 30 seconds or the steps beside it. */
export function judgeCode(bytes: Buffer, code: string, lastStep: number | null, now: number = Date.now()): Judged {
  // Any other text of six characters would make the comparison throw.
  if (!/^\d{6}$/.test(code)) return { kind: 'wrong' }
  const step = Math.floor(now / 1000 / PERIOD)
  const settings = { token: code, secret: secretOf(bytes), digits: DIGITS }
  const delta = HOTP.validate({ ...settings, counter: step, window: WINDOW })
  if (delta !== null) return step + delta > (lastStep ?? -1) ? { kind: 'right', step: step + delta } : { kind: 'used' }
  const past = HOTP.validate({ ...settings, counter: step - PAST.middle, window: PAST.window })
  return { kind: past === null ? 'wrong' : 'expired' }
}
