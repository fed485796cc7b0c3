import { rotateSealing } from '#domain/sealing'
import { rotateWebhookSealing } from '#domain/webhook-secrets'
import { StartError } from '../start-error.ts'
import { command } from './command.ts'

export const rotateSecrets = command({
  name: 'rotate-secrets',
  summary: 'Seal the values of secrets, and the secrets of webhooks, anew under BULKHEAD_SECRET',
  notes: 'Give the secrets that were in force before in BULKHEAD_PREVIOUS_SECRETS, comma-separated. Safe to repeat.',
  options: {},
  prepare:
    () =>
    async (db, { say }) => {
      const values = await rotateSealing(db)
      const webhooks = await rotateWebhookSealing(db)
      const [resealed, unknown] = [values.resealed + webhooks.resealed, values.unknown + webhooks.unknown]
      say(`${resealed} values were sealed anew.`)
      if (unknown > 0)
        throw new StartError(`${unknown} values are sealed by none of these secrets; name theirs in BULKHEAD_PREVIOUS_SECRETS.`)
    },
})
