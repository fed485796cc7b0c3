import { z } from 'zod'
import type { Entry } from '../../../sdk/src/client.ts'
import type { Terminal } from '../command.ts'
import { ask, canAsk } from '../ask.ts'
import { UsageError } from '../usage-error.ts'
import { Refused } from './errors.ts'
import { printCounts, printJson } from './output.ts'
import { idShape, inOrg, inPath, projectOperand, remote } from './remote.ts'

const kept = ({ print }: Terminal, counts: Record<string, number>) =>
  print(
    `Stays: ${Object.entries(counts)
      .map(([name, count]) => `${count} ${name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`)
      .join(', ')}.`,
  )

export const nuke = remote({
  name: 'nuke',
  summary: 'Empty a project: its catalog and its data, completely and at once',
  notes:
    'Shows what would be removed, and asks for the project’s slug. Without a terminal, --confirm must have it. `undo` brings everything back while the server keeps it.',
  examples: ['nuke acme/trial', 'nuke acme/trial --preview', 'nuke acme/trial --confirm trial'],
  options: {
    project: projectOperand,
    confirm: { value: 'SLUG', about: 'The slug of the project, in place of the question.', shape: z.string().optional() },
    preview: { about: 'Only show what would be removed.', shape: z.literal(true).optional() },
  },
  check({ confirm, preview }) {
    if (preview === undefined && confirm === undefined && !canAsk())
      throw new UsageError('--confirm SLUG is required without a terminal')
  },
  async run({ client }, { project, confirm, preview, json }, terminal) {
    const [before, { slug }] = await Promise.all([
      client.call('nuke.preview', { path: inPath(project) }),
      client.call('projects.get', { path: inOrg(project) }),
    ])
    if (preview && json) return printJson(terminal, before)
    // What goes is for the person who decides; on stdout only if that is all that was asked for.
    const shown: Terminal = preview ? terminal : { print: terminal.say, say: terminal.say }
    shown.print(`A nuke of ${slug} removes:`)
    printCounts(shown, before.rowCounts, '  nothing: the project is empty.')
    kept(shown, before.kept)
    shown.print(before.retentionHours === 0 ? 'It cannot be undone.' : `It can be undone for ${before.retentionHours} hours.`)
    if (preview) return
    const answer = confirm ?? (await ask(`Type ${slug} to empty the project: `))
    if (answer !== slug)
      throw new Refused(`The project’s slug is ${slug}, not ${answer === '' ? 'empty' : answer}. Nothing was changed`)
    const done = await client.call('nuke.nuke', { path: inPath(project) })
    if (json) return printJson(terminal, done)
    terminal.print('Removed:')
    printCounts(terminal, done.rowCountsDeleted, '  nothing: the project was empty.')
    if (done.restoreBefore !== undefined) terminal.say(`Undo until ${done.restoreBefore}: npx bulkhead undo ${project.join('/')}`)
  },
})

type Wipe = Entry<'nuke.listWipes'>

export const undo = remote({
  name: 'undo',
  summary: 'Undo the last nuke of a project, row for row',
  notes: 'What the project has by then is replaced, and can be brought back by another undo.',
  examples: ['undo acme/trial'],
  options: {
    project: projectOperand,
    wipe: { value: 'WIPE-ID', about: 'Undo this nuke instead of the last one.', shape: idShape.optional() },
  },
  async run({ client }, { project, wipe, json }, terminal) {
    let wipeId = wipe
    if (wipeId === undefined) {
      const [last]: Wipe[] = await client.call('nuke.listWipes', { path: inOrg(project), query: { limit: 1 } })
      if (last === undefined) throw new Refused(`${project.join('/')} was never emptied`)
      if (last.state !== 'restorable')
        throw new Refused(
          `The last nuke of ${project.join('/')}, of ${last.wipedAt}, is ${last.state === 'purged' ? 'permanently removed' : 'undone already'}`,
        )
      wipeId = last.id
    }
    const done = await client.call('nuke.restoreWipe', { path: { ...inOrg(project), wipeId }, body: {} })
    if (json) return printJson(terminal, done)
    terminal.print('Brought back:')
    printCounts(terminal, done.rowCountsRestored, '  nothing: the project was empty.')
  },
})
