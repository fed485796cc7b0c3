import { z } from 'zod'
import { backUp } from '../backup/backup.ts'
import { assertHasSecret } from '../backup/keys.ts'
import { progressOn, size } from '../backup/progress.ts'
import { fileTarget, pipeTarget } from '../backup/target.ts'
import { assertOurs } from '../postgres/open-database.ts'
import { command } from './command.ts'

export const backup = command({
  name: 'backup',
  summary: 'Write the whole database to a file',
  notes: `The server may be running: the backup is of the moment at which it begins. The file is complete when the command ends with code 0;
until then it has another name. It holds no secret in plain text, but it is of no use without BULKHEAD_SECRET: keep that in another place.`,
  asItIs: true,
  options: {
    file: {
      value: 'FILE',
      about: 'Where to write; an existing file is replaced. - is the standard output.',
      shape: z.string().min(1),
      isOperand: true,
    },
  },
  prepare:
    ({ file }) =>
    async (db, { say }) => {
      assertHasSecret()
      await assertOurs(db)
      const target = file === '-' ? pipeTarget(process.stdout) : await fileTarget(file)
      const progress = progressOn(process.stderr)
      const { tables, rows, bytes } = await backUp(db, target, (at) =>
        progress.show(() => `Backing up: ${size(at.bytes)} of about ${size(at.of)}`),
      ).finally(progress.clear)
      say(`Backed up ${rows.toLocaleString('en-US')} rows of ${tables} tables, ${size(bytes)}.`)
    },
})
