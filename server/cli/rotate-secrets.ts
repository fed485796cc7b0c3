import { rotateSealing } from '#domain/sealing'
import { StartError } from '../start-error.ts'
import { command } from './command.ts'

export const rotateSecrets = command({
  name: 'rotate-secrets',
  summary: 'Seal anew under BULKHEAD_SECRET the values of secrets and the keys of authenticator apps',
  notes: 'Give the secrets that were in force before in BULKHEAD_PREVIOUS_SECRETS, comma-separated. Safe to repeat.',
  options: {},
  prepare:
    () =>
    async (db, { say }) => {
      const { resealed, unknown } = await rotateSealing(db)
      say(`${resealed} values were sealed anew.`)
      if (unknown > 0)
        throw new StartError(`${unknown} values are sealed by none of these secrets; name theirs in BULKHEAD_PREVIOUS_SECRETS.`)
    },
})
