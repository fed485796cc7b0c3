import { z } from 'zod'
import type { Client, Entry } from '../../../sdk/src/client.ts'
import { printJson, printTable } from './output.ts'
import { PART, inPath, remote } from './remote.ts'

type Event = Entry<'audit.list'>

function eventsOf(
  client: Client,
  [org, project]: [string] | [string, string],
  query: { action?: string },
): AsyncGenerator<Event> {
  if (project === undefined) return client.each('organizationAudit.list', { path: { orgId: org }, query })
  return client.each('audit.list', { path: inPath([org, project]), query })
}

export const audit = remote({
  name: 'audit',
  summary: 'Show the newest events of the audit log of a project or an organization',
  examples: ['audit acme/payments', 'audit acme --limit 200 --action project.nuke --json'],
  options: {
    of: {
      value: 'ORG[/PROJECT]',
      about: 'The organization or the project, each part by slug or id.',
      isOperand: true,
      shape: z
        .string()
        .regex(new RegExp(`^${PART}(/${PART})?$`), 'must be ORG or ORG/PROJECT')
        .transform((path) => path.split('/') as [string] | [string, string]),
    },
    action: { value: 'ACTION', about: 'Only this action, such as project.nuke.', shape: z.string().optional() },
    limit: {
      value: 'N',
      about: 'How many. Default: 50.',
      shape: z
        .string()
        .regex(/^[1-9]\d{0,4}$/, 'must be a whole number from 1 to 99999')
        .transform(Number)
        .default(50),
    },
  },
  async run({ client }, { of, action, limit, json }, terminal) {
    const events: Event[] = []
    const query = { limit: Math.min(limit, 200), ...(action !== undefined && { action }) }
    for await (const event of eventsOf(client, of, query)) {
      events.push(event)
      if (events.length === limit) break
    }
    if (json) return printJson(terminal, events)
    printTable(
      terminal,
      events,
      [
        ['time', ({ createdAt }) => createdAt],
        ['who', ({ actor }) => actor.name],
        ['action', (event) => event.action],
        ['target', ({ target }) => `${target.kind} ${target.name ?? target.id}`],
      ],
      'No event.',
    )
  },
})
