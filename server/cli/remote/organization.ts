import { writeFile } from 'node:fs/promises'
import { z } from 'zod'
import type { Answer, Client, Input } from '../../../sdk/src/client.ts'
import { OrganizationFile } from '#contract/organizations/file'
import { type Terminal, command } from '../command.ts'
import { contentOf, typeOf } from './api.ts'
import { Refused } from './errors.ts'
import { plain, printJson, printTable } from './output.ts'
import { fileOption, orgOperand, outputOption, remote } from './remote.ts'

type Plan = Answer<'organizationFile.plan'>
type File = Input<'organizationFile.plan'>['body']['file']

const fileOfPlan = fileOption('The file: JSON or YAML, or - for YAML from the standard input.')
const pruneOption = {
  about: 'Also remove people, members and environments that the file leaves out of a list it has.',
  shape: z.literal(true).optional(),
} as const

/** Reads one document. What only YAML has (aliases, merge keys, tags, several documents) has no meaning in such a file. */
async function fileFrom(path: string): Promise<File> {
  const text = await contentOf(path)
  if (path !== '-' && typeOf(path) === 'application/json') {
    try {
      return JSON.parse(text) as File
    } catch (error) {
      throw new Refused(`${path} is not valid JSON: ${(error as Error).message}`)
    }
  }
  const { isAlias, isNode, parseAllDocuments, visit } = await import('yaml')
  const documents = parseAllDocuments(text, { schema: 'core', merge: false, stringKeys: true })
  if (!Array.isArray(documents) || documents.length !== 1) throw new Refused(`${path} must have exactly one document`)
  const [document] = documents
  const [problem] = [...document!.errors, ...document!.warnings]
  if (problem) throw new Refused(`${path}: ${problem.message.split('\n')[0]!.replace(/[.:]$/, '')}`)
  visit(document!, {
    Node(_, node) {
      if (isAlias(node) || (isNode(node) && 'anchor' in node && node.anchor)) throw new Refused(`${path} must not use anchors`)
      if (node.tag !== undefined) throw new Refused(`${path} must not use tags, such as ${node.tag}`)
    },
    Pair(_, { key }) {
      if (String(key) === '<<') throw new Refused(`${path} must not use merge keys`)
    },
  })
  return document!.toJS({ maxAliasCount: 0 }) as File
}

const marks = { add: '+', change: '~', remove: '-' } as const

const shown = (value: unknown) => (value === null ? 'none' : typeof value === 'string' ? value : JSON.stringify(value))

function printPlan(terminal: Terminal, { changes, access }: Plan): void {
  if (changes.length === 0) return terminal.print('No change: the organization is as the file says.')
  for (const { action, kind, project, name, before, after } of changes) {
    const what = plain(`${kind} ${project === null || kind === 'project' ? name : `${project}/${name}`}`)
    terminal.print(
      action === 'change' ? `~ ${what}: ${plain(shown(before))} → ${plain(shown(after))}` : `${marks[action]} ${what}`,
    )
  }
  if (access.length === 0) return terminal.print('\nNobody gains or loses access.')
  terminal.print('')
  printTable(
    terminal,
    access,
    [
      ['project', (one) => one.project],
      ['person', ({ email }) => email],
      ['role now', ({ roleBefore }) => roleBefore],
      ['role then', ({ roleAfter }) => roleAfter],
      ['entities now', ({ before }) => before],
      ['entities then', ({ after }) => after],
    ],
    '',
  )
}

const plan = (client: Client, orgId: string, file: File, prune: true | undefined) =>
  client.call('organizationFile.plan', { path: { orgId }, body: { file, prune: prune ?? false } })

export const orgExport = remote({
  name: 'org export',
  summary: 'Write an organization as a file: settings, people, projects, environments and members',
  notes: 'Writes YAML, or JSON with --json or to a file that ends with .json.',
  examples: ['org export acme -o org.yaml', 'org export acme --json'],
  options: {
    org: orgOperand,
    output: outputOption,
  },
  async run({ client }, { org, output, json }, terminal) {
    const file = await client.call('organizationFile.export', { path: { orgId: org } })
    if (output === undefined && json) return printJson(terminal, file)
    const isJson = json ?? output?.endsWith('.json')
    const { stringify } = await import('yaml')
    const text = isJson ? `${JSON.stringify(file, null, 2)}\n` : stringify(file, { lineWidth: 0, aliasDuplicateObjects: false })
    if (output === undefined) return terminal.print(text.trimEnd())
    await writeFile(output, text, { mode: 0o600 }).catch(() => {
      throw new Refused(`${output} cannot be written`)
    })
    terminal.say(`Wrote ${output}.`)
  },
})

export const orgPlan = remote({
  name: 'org plan',
  summary: 'Show what applying a file would change, and who would gain or lose access to what',
  examples: ['org plan acme -f org.yaml', 'org plan acme -f org.yaml --prune'],
  options: { org: orgOperand, file: fileOfPlan, prune: pruneOption },
  async run({ client }, { org, file, prune, json }, terminal) {
    const planned = await plan(client, org, await fileFrom(file), prune)
    if (json) return printJson(terminal, planned)
    printPlan(terminal, planned)
  },
})

export const orgApply = remote({
  name: 'org apply',
  summary: 'Make an organization what a file says: all of it or nothing',
  notes:
    'Plans first, and applies exactly that plan: if something has changed in between, nothing is applied. With --revision, applies only the plan that had it.',
  examples: ['org apply acme -f org.yaml', 'org apply acme -f org.yaml --prune --revision 3f9c…'],
  options: {
    org: orgOperand,
    file: fileOfPlan,
    prune: pruneOption,
    revision: { value: 'REVISION', about: 'The revision of a plan that was looked at.', shape: z.string().optional() },
  },
  async run({ client }, { org, file, prune, revision, json }, terminal) {
    const content = await fileFrom(file)
    const body = {
      file: content,
      prune: prune ?? false,
      revision: revision ?? (await plan(client, org, content, prune)).revision,
    }
    const applied = await client.call('organizationFile.apply', { path: { orgId: org }, body })
    if (json) return printJson(terminal, applied)
    printPlan(terminal, applied)
    if (applied.changes.length > 0) terminal.say('Applied.')
  },
})

export const orgSchema = command({
  name: 'org schema',
  summary: 'Print the JSON Schema of an organization’s file, for editors',
  notes:
    'Asks no server. With the YAML extension of an editor, a first line of `# yaml-language-server: $schema=org.schema.json` checks the file while you type.',
  withoutDatabase: true,
  options: {},
  prepare: () => async (_database, terminal) =>
    printJson(terminal, {
      title: 'An organization of Bulkhead',
      ...z.toJSONSchema(OrganizationFile, { target: 'draft-2020-12', io: 'input', unrepresentable: 'any' }),
    }),
})
