import { z } from 'zod'
import { holdBack } from '#domain/maintenance/restore-holds'
import { assertHasSecret } from '../backup/keys.ts'
import { progressOn } from '../backup/progress.ts'
import { restore as restoreInto, savedFile, savedPipe } from '../backup/restore.ts'
import { auditVerify } from './audit-verify.ts'
import { check } from './check.ts'
import { command } from './command.ts'
import { heldSentences } from './resume.ts'

export const restore = command({
  name: 'restore',
  summary: 'Fill an empty database from a backup',
  notes: `All of the backup is restored or nothing. A backup of an older version is brought up to date. Everybody has to sign in again. Tokens
stay off and webhook deliveries and mails wait until you turn them on, here or later with bulkhead resume. Ends with check and audit
verify. Requires the BULKHEAD_SECRET of the server that was backed up, and no other connection to the database.`,
  asItIs: true,
  options: {
    file: { value: 'FILE', about: 'The backup. - is the standard input.', shape: z.string().min(1), isOperand: true },
    tokens: {
      value: 'keep',
      about: 'Tokens work at once, also those that were revoked after the backup.',
      shape: z.literal('keep', 'must be keep').optional(),
    },
    resume: { about: 'Webhook deliveries and mails are sent at once.', shape: z.literal(true).optional() },
  },
  prepare:
    ({ file, tokens, resume }) =>
    async (db, terminal) => {
      assertHasSecret()
      const holds = [...(tokens ? [] : ['tokens' as const]), ...(resume ? [] : ['sending' as const])]
      const saved = file === '-' ? await savedPipe(process.stdin) : await savedFile(file)
      const progress = progressOn(process.stderr)
      const { head, rows } = await restoreInto(db, saved, {
        onProgress: ({ rows: done, table }) => progress.show(() => `Restoring: ${done.toLocaleString('en-US')} rows, ${table}`),
        finish: (trx, { createdAt, version }) => holdBack(trx, { backupOf: createdAt, version, holds }),
      }).finally(progress.clear)
      await saved.close()
      terminal.say(`Restored ${rows.toLocaleString('en-US')} rows of ${head.createdAt}, from Bulkhead ${head.version}.`)
      for (const what of holds) terminal.say(`${heldSentences[what]} Turn this on with: npx bulkhead resume ${what}`)
      for (const one of [check, auditVerify]) await (await one.prepare([]))(db, terminal)
    },
})
