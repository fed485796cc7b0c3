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
  summary: 'Re-encrypt stored secrets with the current BULKHEAD_SECRET',
  notes: 'Put the earlier secrets in BULKHEAD_PREVIOUS_SECRETS, separated by commas. You can run this again safely.',
  anySecret: true,
  options: {
    previous: {
      value: 'lost',
      about: 'Give up the previous secret: what it encrypted stays unreadable, but the server can start again.',
      shape: z.literal('lost', 'must be lost').optional(),
    },
  },
  prepare:
    ({ previous }) =>
    async (db, { say }) => {
      if (previous !== 'lost') await assertSecret(db)
      const { resealed, unknown } = await rotateSealing(db)
      say(`Re-encrypted ${resealed} values.`)
      const keys = await keepAuditKeys(db)
      const heads = await signHeads(db)
      say('Saved the keys of the audit log.')
      await rotateCanary(db)
      if (previous === 'lost') return say(`${unknown} values stay encrypted with secrets that were not given.`)
      if (keys.unknown + heads.unknown > 0)
        throw new StartError('The audit log has keys of a secret that was not given. Add it to BULKHEAD_PREVIOUS_SECRETS.')
      if (unknown > 0)
        throw new StartError(
          `${unknown} values are encrypted with a secret that was not given. Add it to BULKHEAD_PREVIOUS_SECRETS.`,
        )
    },
})
