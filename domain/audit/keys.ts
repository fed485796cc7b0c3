import type { Database, Trx } from '#db/client'
import { keepAuditKey, listAuditKeys } from '#db/queries/audit/chain'
import type { AuditKey } from './encoding.ts'
import { decrypt, encrypt } from '../crypto/cipher.ts'
import { derivedKeyOf, keyIdOf, previousSecrets, serverSecret } from '#config/settings'

const keyOf = (secret: string): AuditKey => {
  const key = derivedKeyOf(secret, 'audit-chain')
  return { id: keyIdOf(key), key }
}

/** The key that encrypts retired audit keys. */
const wrapperOf = (secret: string): AuditKey => {
  const key = derivedKeyOf(secret, 'audit-keys')
  return { id: keyIdOf(key), key }
}

export const currentAuditKey = (): AuditKey => keyOf(serverSecret())

/** `named` is true for keys of secrets in the settings, and false for keys only stored from earlier. */
export type KnownKeys = Map<string, AuditKey & { named: boolean }>

/** The keys of the configured secrets, and those that `rotate-secrets` stored. */
export async function knownAuditKeys(db: Database | Trx): Promise<KnownKeys> {
  const secrets = [serverSecret(), ...previousSecrets()]
  const wrappers = new Map(secrets.map((secret) => [wrapperOf(secret).id, wrapperOf(secret).key]))
  const known: KnownKeys = new Map()
  for (const { key_id: id, sealed, sealed_by } of await listAuditKeys(db)) {
    const wrapper = wrappers.get(sealed_by)
    if (wrapper) known.set(id, { id, key: decrypt(sealed, Buffer.from(id), wrapper), named: false })
  }
  for (const secret of secrets) known.set(keyOf(secret).id, { ...keyOf(secret), named: true })
  return known
}

/**
 * Stores the keys of previous secrets under the present one, so that old seals still verify once those secrets are removed from
 * the settings. Returns how many stored keys no known secret decrypts.
 */
export async function keepAuditKeys(db: Database): Promise<{ unknown: number }> {
  const wrapper = wrapperOf(serverSecret())
  const known = await knownAuditKeys(db)
  for (const { id, key } of known.values()) {
    if (id === currentAuditKey().id) continue
    await keepAuditKey(db, { key_id: id, sealed: encrypt(key, Buffer.from(id), wrapper.key), sealed_by: wrapper.id })
  }
  const stored = await listAuditKeys(db)
  return { unknown: stored.filter(({ key_id }) => !known.has(key_id)).length }
}
