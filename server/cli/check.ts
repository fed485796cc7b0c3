import { checkProjects, unverifiedAddresses } from '#domain/maintenance/check'
import { StartError } from '#config/start-error'
import { command } from './command.ts'

export const check = command({
  name: 'check',
  summary: 'Recompute what is derived and report any difference',
  notes:
    'Effective cell membership and row counts, project by project; exit code 1 when anything differs. Then the accounts whose address nobody has proven, which is no difference.',
  options: {},
  prepare:
    () =>
    async (db, { say }) => {
      let wrong = 0
      for await (const { project, problems } of checkProjects(db)) {
        say(problems.length === 0 ? `${project}: exact` : `${project}: ${problems.length} differences`)
        for (const problem of problems) say(`  ${problem}`)
        wrong += problems.length
      }
      const unverified: string[] = []
      for await (const email of unverifiedAddresses(db)) unverified.push(email)
      say(
        unverified.length === 0
          ? 'accounts: every address is verified'
          : `accounts: ${unverified.length} with an address that nobody has verified; its first proof takes the account over`,
      )
      for (const email of unverified) say(`  ${email}`)
      if (wrong > 0) throw new StartError(wrong === 1 ? 'There is one difference.' : `There are ${wrong} differences.`)
    },
})
