import { command } from './command.ts'

export const migrate = command({
  name: 'migrate',
  summary: 'Bring the database’s schema up to date',
  notes: 'The server does this when it starts, and so does every other command.',
  options: {},
  prepare:
    () =>
    async (_db, { say }) =>
      say('The schema is up to date.'),
})
