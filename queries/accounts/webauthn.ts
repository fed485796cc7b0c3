import type { z } from 'zod'
import type { AuthenticationOptions, RegistrationOptions } from '#contract/accounts/webauthn'
import { ApiError, unanswered } from '../call.ts'

const sentences: Record<string, string> = {
  InvalidStateError: 'This device already has a passkey for your account',
  NotAllowedError: 'No passkey was used. Try again, or sign in another way',
  AbortError: 'No passkey was used. Try again, or sign in another way',
}

/** Turns a refusal by the browser or the user into an ordinary error. */
async function asked<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask()
  } catch (error) {
    const name = error instanceof Error ? error.name : ''
    const sentence = sentences[name] ?? 'The browser couldn’t use a passkey here'
    throw new ApiError(0, { error: sentence, code: 'passkey_not_given', requestId: null })
  }
}

/** Fetched only when a passkey is used: the ceremonies, and the shapes of what they yield. */
const ceremonies = () =>
  Promise.all([import('@simplewebauthn/browser'), import('#contract/accounts/webauthn')]).catch(() => {
    throw unanswered()
  })

/** Creates a passkey on this device or another. */
export async function createPasskey(options: z.output<typeof RegistrationOptions>) {
  const [{ startRegistration }, { RegisteredCredential }] = await ceremonies()
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the contract's shape is the standard's, its words are wider
  return RegisteredCredential.parse(await asked(() => startRegistration({ optionsJSON: options as never })))
}

/** Asks for an existing passkey. */
export async function presentPasskey(options: z.output<typeof AuthenticationOptions>) {
  const [{ startAuthentication }, { PresentedCredential }] = await ceremonies()
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same
  return PresentedCredential.parse(await asked(() => startAuthentication({ optionsJSON: options as never })))
}
