import type { Database } from '#db/client'
import { findCanary, insertCanary, listKeysInUse, replaceCanary } from '#db/queries/crypto/sealing-canary'
import { seal, unseal } from './sealing.ts'
import { derivedKeyOf, keyIdOf, previousSecrets, serverSecret } from '#config/settings'

const TEXT = 'bulkhead'

function newCanary() {
  const { keyId, sealed } = seal('canary', Buffer.from(TEXT), TEXT)
  return { sealed_by: keyId, sealed }
}

/** Whether `BULKHEAD_SECRET` or a previous one encrypted this database; undefined where it has no canary yet. */
export async function canOpenCanary(db: Database): Promise<boolean | undefined> {
  const canary = await findCanary(db)
  return canary && unseal('canary', { keyId: canary.sealed_by, sealed: canary.sealed }, TEXT) !== undefined
}

/** For a database older than canaries: whether nothing is encrypted in it, or something under a known secret. */
async function fitsWhatIsSealed(db: Database): Promise<boolean> {
  const secrets = [serverSecret(), ...previousSecrets()]
  const inUse = await listKeysInUse(db)
  const isKnown = ({ purpose, key_id }: (typeof inUse)[number]) =>
    secrets.some((secret) => keyIdOf(derivedKeyOf(secret, purpose)) === key_id)
  return inUse.length === 0 || inUse.some(isKnown)
}

/**
 * Inserts a canary where there is none. False when another secret encrypted this database; of two first starts at once, the first
 * wins.
 */
export async function storeCanary(db: Database): Promise<boolean> {
  const opens = await canOpenCanary(db)
  if (opens !== undefined) return opens
  if (!(await fitsWhatIsSealed(db))) return false
  await insertCanary(db, newCanary())
  return (await canOpenCanary(db)) === true
}

/** From now on, earlier secrets no longer open the database. */
export async function rotateCanary(db: Database): Promise<void> {
  await replaceCanary(db, newCanary())
}
