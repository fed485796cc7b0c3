import { keepAuditKeys } from '#domain/audit/keys'
import { signHeads } from '#domain/audit/sealing'
import { rotateSealing } from '#domain/maintenance/rotate-sealing'
import { rotateCanary } from '#domain/crypto/sealing-canary'
import { z } from 'zod'
import { assertSecret } from '../postgres/open-database.ts'
import { StartError } from '#config/start-error'
import { command } from './command.ts'

export const rotateSecrets = command({
  name: 'rotate-secrets',
  summary: 'Seal everything that is kept sealed anew under BULKHEAD_SECRET',
  notes: 'Give the secrets that were in force before in BULKHEAD_PREVIOUS_SECRETS, comma-separated. Safe to repeat.',
  anySecret: true,
  options: {
    previous: {
      value: 'lost',
      about: 'The secret before this one is lost: what it sealed stays unreadable, and the server starts again.',
      shape: z.literal('lost', 'must be the word lost, if it is given').optional(),
    },
  },
  prepare:
    ({ previous }) =>
    async (db, { say }) => {
      if (previous !== 'lost') await assertSecret(db)
      const { resealed, unknown } = await rotateSealing(db)
      say(`${resealed} values were sealed anew.`)
      const keys = await keepAuditKeys(db)
      const heads = await signHeads(db)
      say('The keys of the audit log are kept.')
      await rotateCanary(db)
      if (previous === 'lost') return say(`${unknown} values stay sealed by secrets that are not known.`)
      if (keys.unknown + heads.unknown > 0)
        throw new StartError('The audit log has keys of none of these secrets; name theirs in BULKHEAD_PREVIOUS_SECRETS.')
      if (unknown > 0)
        throw new StartError(`${unknown} values are sealed by none of these secrets; name theirs in BULKHEAD_PREVIOUS_SECRETS.`)
    },
})
