import { checkProjects, unverifiedAddresses } from '#domain/maintenance/check'
import { StartError } from '#config/start-error'
import { command } from './command.ts'

export const check = command({
  name: 'check',
  summary: 'Recompute derived data and report every difference',
  notes:
    'Recomputes cell membership and row counts, project by project, and exits with code 1 when one differs. Lists names that look alike because their letters are composed differently, and accounts with an unverified email address, which don’t count as differences.',
  options: {},
  prepare:
    () =>
    async (db, { say }) => {
      let wrong = 0
      for await (const { project, problems, alike } of checkProjects(db)) {
        say(
          problems.length === 0
            ? `${project}: no differences`
            : `${project}: ${problems.length} ${problems.length === 1 ? 'difference' : 'differences'}`,
        )
        for (const problem of problems) say(`  ${problem}`)
        for (const names of alike) say(`  look alike, and stay apart: ${names}`)
        wrong += problems.length
      }
      const unverified: string[] = []
      for await (const email of unverifiedAddresses(db)) unverified.push(email)
      say(
        unverified.length === 0
          ? 'accounts: every email address is verified'
          : `accounts: ${unverified.length} with an unverified email address; whoever verifies it first takes the account over`,
      )
      for (const email of unverified) say(`  ${email}`)
      if (wrong > 0) throw new StartError(wrong === 1 ? 'Found 1 difference.' : `Found ${wrong} differences.`)
    },
})
