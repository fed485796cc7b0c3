import { setting } from '#config/environment'
import { derivedKey, derivedKeyOf, keyIdOf, previousSecrets, serverSecret } from '#config/settings'
import { StartError } from '#config/start-error'
import type { Head } from './format.ts'

const PURPOSE = 'backup'

/** The key that signs a backup, so that nobody without the server's secret can change one or make one up. */
export const signingKey = () => derivedKey(PURPOSE)

const wrongSecret = () =>
  new StartError(
    'This backup was made with a different secret than this server’s (BULKHEAD_SECRET, or the file `secret` in the data folder). Put back the secret that was kept beside it, or add it to BULKHEAD_PREVIOUS_SECRETS.',
  )

/** The key that signed a backup. Refuses a secret that could not open the restored database. */
export function keyOf({ keys }: Head): Buffer {
  const secrets = [serverSecret(), ...previousSecrets()]
  const opens = keys.sealed === null || secrets.some((secret) => keyIdOf(derivedKeyOf(secret, 'canary')) === keys.sealed)
  const signed = secrets.map((secret) => derivedKeyOf(secret, PURPOSE)).find((key) => keyIdOf(key) === keys.signed)
  if (!signed || !opens) throw wrongSecret()
  return signed
}

export function assertHasSecret(): void {
  if (!setting('BULKHEAD_SECRET'))
    throw new StartError('Set BULKHEAD_SECRET to the server’s secret: a backup is signed with a key derived from it.')
}
