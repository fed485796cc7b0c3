import { newId } from './ids.ts'
import { signedPayload, signedText } from './signed-text.ts'
import { accountOf } from './throttle.ts'

/** Kept by a device on which this account was signed in to; says so, and nothing else, to this server. */
export const deviceText = (email: string, device: string = newId()) => signedText('device', { account: accountOf(email), device })

/** The device that a text names, if it has signed in to this very account before. */
export function knownDevice(email: string, text: string | undefined): string | undefined {
  const payload = text === undefined ? undefined : signedPayload('device', text)
  return payload?.['account'] === accountOf(email) ? payload['device'] : undefined
}
