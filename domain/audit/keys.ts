import type { Database, Trx } from '#db/client'
import { keepAuditKey, listAuditKeys } from '#db/queries/audit/chain'
import type { AuditKey } from './encoding.ts'
import { decrypt, encrypt } from '../crypto/cipher.ts'
import { derivedKeyOf, keyIdOf, previousSecrets, serverSecret } from '#config/settings'

const keyOf = (secret: string): AuditKey => {
  const key = derivedKeyOf(secret, 'audit-chain')
  return { id: keyIdOf(key), key }
}

/** What keys that are out of force are kept under. */
const wrapperOf = (secret: string): AuditKey => {
  const key = derivedKeyOf(secret, 'audit-keys')
  return { id: keyIdOf(key), key }
}

export const currentAuditKey = (): AuditKey => keyOf(serverSecret())

/** `named`: by the settings, not only kept from the past. */
export type KnownKeys = Map<string, AuditKey & { named: boolean }>

/** Those of the secrets that the settings name, and those that `rotate-secrets` has kept. */
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
 * Keeps the keys of previous secrets under the present one, so that what they sealed can still be verified when those secrets are named no more.
 * Answers how many kept keys no known secret opens.
 */
export async function keepAuditKeys(db: Database): Promise<{ unknown: number }> {
  const wrapper = wrapperOf(serverSecret())
  const known = await knownAuditKeys(db)
  for (const { id, key } of known.values()) {
    if (id === currentAuditKey().id) continue
    await keepAuditKey(db, { key_id: id, sealed: encrypt(key, Buffer.from(id), wrapper.key), sealed_by: wrapper.id })
  }
  const kept = await listAuditKeys(db)
  return { unknown: kept.filter(({ key_id }) => !known.has(key_id)).length }
}
