import { z } from 'zod'
import { listHolds } from '#db/queries/restore-holds'
import { resume as resumeHeld } from '#domain/maintenance/restore-holds'
import { command } from './command.ts'

/** What a restore has left off. */
export const heldSentences = {
  tokens: 'Tokens are off since the restore.',
  sending: 'Webhook deliveries and mails wait since the restore.',
}

export const resume = command({
  name: 'resume',
  summary: 'Turn on what a restore has left off',
  notes: `Without an argument, says what is off. Before you turn tokens on, revoke those that were revoked after the backup: the audit log of
the lost server, or whoever revoked them, knows which. Servers notice within seconds.`,
  options: {
    what: {
      value: 'tokens|sending',
      about: 'tokens, or sending: webhook deliveries and mails.',
      shape: z.enum(['tokens', 'sending'], 'must be tokens or sending').optional(),
      isOperand: true,
    },
  },
  prepare:
    ({ what }) =>
    async (db, { say }) => {
      if (what === undefined) {
        const holds = await listHolds(db)
        for (const held of holds) say(heldSentences[held.what])
        if (holds.length === 0) say('Nothing is off.')
      } else if (await resumeHeld(db, what))
        say(what === 'tokens' ? 'Tokens work again.' : 'Webhook deliveries and mails are sent again.')
      else say('It was on already; nothing was changed.')
    },
})
