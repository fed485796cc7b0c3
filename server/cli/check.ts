import { checkProjects } from '#domain/check'
import { StartError } from '../start-error.ts'
import { command } from './command.ts'

export const check = command({
  name: 'check',
  summary: 'Recompute what is derived and report any difference',
  notes: 'Effective cell membership and row counts, project by project. Exit code 1 when anything differs.',
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
      if (wrong > 0) throw new StartError(wrong === 1 ? 'There is one difference.' : `There are ${wrong} differences.`)
    },
})
