import { z } from 'zod'
import type { Answer } from '../../../sdk/src/client.ts'
import { contentOf, typeOf } from './api.ts'
import { Refused } from './errors.ts'
import { plain, printJson } from './output.ts'
import { fileOption, projectOperand, remote } from './remote.ts'
import { pathOf, read } from './server.ts'

export const apply = remote({
  name: 'apply',
  summary: 'Make a project’s catalog and data what a file says',
  examples: ['apply acme/trial -f catalog.yaml --dry-run', 'apply acme/trial --env staging -f - < catalog.yaml'],
  options: {
    project: projectOperand,
    file: fileOption('JSON or YAML, or - for YAML from the standard input.'),
    env: { value: 'ENV', about: 'The environment of the entities. Default: default.', shape: z.string().default('default') },
    'dry-run': { about: 'Only show what would change.', shape: z.literal(true).optional() },
    force: { about: 'Also change what limits somebody’s access.', shape: z.literal(true).optional() },
  },
  async run({ send }, { project: [org, project], file, env, 'dry-run': dryRun, force, json }, terminal) {
    const query = new URLSearchParams({ ...(dryRun && { dryRun: 'true' }), ...(force && { force: 'true' }) })
    const path = `${pathOf(org, project, 'envs', env, 'apply')}?${query}`
    const headers = { 'content-type': file === '-' ? 'application/yaml' : typeOf(file) }
    const response = await send('POST', path, { headers, body: await contentOf(file) })
    const { diff, failed, skipped, ...rest } = await read<Answer<'catalog.apply'>>(response)
    if (json) printJson(terminal, { ...rest, failed, skipped, diff })
    else {
      const marks = [
        ['+', diff.created],
        ['~', diff.updated],
        ['-', diff.deleted],
      ] as const
      for (const [mark, items] of marks) for (const { kind, name } of items) terminal.print(`${mark} ${plain(`${kind} ${name}`)}`)
      for (const { kind, name, error } of failed) terminal.say(plain(`${kind} ${name}: ${error}`))
      for (const { kind, name, reason } of skipped) terminal.say(plain(`${kind} ${name} was skipped: ${reason}`))
      const [created, updated, deleted] = marks.map(([, items]) => items.length)
      terminal.say(
        `${dryRun ? 'Would change' : 'Changed'}: ${created} created, ${updated} updated, ${deleted} deleted; ${diff.unchanged.length} unchanged.`,
      )
    }
    if (failed.length > 0) throw new Refused(`${failed.length} failed, and changed nothing`)
  },
})
