import { command } from './command.ts'

export const migrate = command({
  name: 'migrate',
  summary: 'Bring the database’s schema up to date',
  notes: 'Every start of the server and every other command does it too.',
  options: {},
  prepare:
    () =>
    async (_db, { say }) =>
      say('The schema is up to date.'),
})
