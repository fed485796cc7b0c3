import { keepAuditKeys } from '#domain/audit-keys'
import { signHeads } from '#domain/audit-sealing'
import { rotateSealing } from '#domain/rotate-sealing'
import { StartError } from '../start-error.ts'
import { command } from './command.ts'

export const rotateSecrets = command({
  name: 'rotate-secrets',
  summary: 'Seal everything that is kept sealed anew under BULKHEAD_SECRET',
  notes: 'Give the secrets that were in force before in BULKHEAD_PREVIOUS_SECRETS, comma-separated. Safe to repeat.',
  options: {},
  prepare:
    () =>
    async (db, { say }) => {
      const { resealed, unknown } = await rotateSealing(db)
      say(`${resealed} values were sealed anew.`)
      const keys = await keepAuditKeys(db)
      const heads = await signHeads(db)
      say('The keys of the audit log are kept.')
      if (keys.unknown + heads.unknown > 0)
        throw new StartError('The audit log has keys of none of these secrets; name theirs in BULKHEAD_PREVIOUS_SECRETS.')
      if (unknown > 0)
        throw new StartError(`${unknown} values are sealed by none of these secrets; name theirs in BULKHEAD_PREVIOUS_SECRETS.`)
    },
})
