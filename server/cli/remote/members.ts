import { z } from 'zod'
import type { Client, Entry } from '../../../sdk/src/client.ts'
import { cellsOption, envOption, expiresOption, roleOption } from '../options.ts'
import { UsageError } from '../usage-error.ts'
import { Refused } from './errors.ts'
import { cellsOf, printJson, printTable } from './output.ts'
import { allOf, inOrg, projectOperand, remote } from './remote.ts'

type Member = Entry<'members.list'>

const emailOperand = {
  value: 'EMAIL',
  about: 'The person’s email address.',
  isOperand: true,
  shape: z
    .string()
    .regex(/^\S+@\S+$/, 'must be an email address')
    .toLowerCase(),
} as const

/** The entry of a list with this email address. */
async function withEmail<One extends { email: string }>(people: AsyncIterable<One>, email: string): Promise<One | undefined> {
  for await (const one of people) if (one.email.toLowerCase() === email) return one
  return undefined
}

async function memberOf(client: Client, project: [string, string], email: string): Promise<Member> {
  const member = await withEmail(client.each('members.list', { path: inOrg(project), query: { q: email, limit: 200 } }), email)
  if (!member) throw new Refused(`${email} is not a member of ${project.join('/')}`)
  return member
}

export const members = remote({
  name: 'members',
  summary: 'List the members of a project',
  examples: ['members acme/payments', 'members acme/payments --role owner'],
  options: {
    project: projectOperand,
    role: { value: 'ROLE', about: 'Only those with this role.', shape: roleOption.shape.optional() },
  },
  async run({ client }, { project, role, json }, terminal) {
    const query = { limit: 200, ...(role !== undefined && { role }) }
    const all = await allOf(client.each('members.list', { path: inOrg(project), query }))
    if (json) return printJson(terminal, all)
    printTable(
      terminal,
      all,
      [
        ['email', ({ email }) => email],
        ['name', ({ name }) => name],
        ['role', (one) => one.role],
        ['environment', ({ envName }) => envName ?? 'all'],
        ['cells', ({ cellScopes }) => cellsOf(cellScopes)],
        ['expires', ({ expiresAt }) => expiresAt],
        ['through', ({ source }) => source],
      ],
      'No member.',
    )
  },
})

export const membersAdd = remote({
  name: 'members add',
  summary: 'Add somebody of the organization to a project',
  examples: ['members add acme/payments ada@example.com --role viewer --cells eu,us'],
  options: {
    project: projectOperand,
    email: emailOperand,
    role: { ...roleOption, shape: roleOption.shape.optional() },
    env: envOption,
    cells: cellsOption,
    expires: { ...expiresOption, about: 'When the access ends, such as 2027-01-31T00:00:00Z (RFC 3339).' },
  },
  async run({ client }, { project, email, role, env, cells, expires, json }, terminal) {
    const [orgId] = project
    const people = client.each('organizations.listMembers', { path: { orgId }, query: { q: email, limit: 200 } })
    const person = await withEmail(people, email)
    if (!person) throw new Refused(`${email} is not a member of the organization ${orgId}`)
    const added = await client.call('members.add', {
      path: inOrg(project),
      body: {
        userId: person.userId,
        ...(role !== undefined && { role }),
        ...(env !== undefined && { envName: env }),
        ...(cells !== undefined && { cellScopes: cells }),
        ...(expires !== undefined && { expiresAt: expires }),
      },
    })
    if (json) return printJson(terminal, added)
    terminal.say(`Added ${email} to ${project.join('/')} as ${added.role}.`)
  },
})

export const membersRole = remote({
  name: 'members role',
  summary: 'Change the role of a member of a project',
  examples: ['members role acme/payments ada@example.com admin'],
  options: {
    project: projectOperand,
    email: emailOperand,
    role: { ...roleOption, about: 'owner, admin, member or viewer.', isOperand: true },
  },
  async run({ client }, { project, email, role, json }, terminal) {
    const { userId } = await memberOf(client, project, email)
    const changed = await client.call('members.update', { path: { ...inOrg(project), userId }, body: { role } })
    if (json) return printJson(terminal, changed)
    terminal.say(`${email} is now ${changed.role} of ${project.join('/')}.`)
  },
})

export const membersRemove = remote({
  name: 'members remove',
  summary: 'Remove a member from a project',
  examples: ['members remove acme/payments ada@example.com'],
  options: { project: projectOperand, email: emailOperand },
  async run({ client }, { project, email, json }, terminal) {
    const { userId } = await memberOf(client, project, email)
    const removed = await client.call('members.remove', { path: { ...inOrg(project), userId } })
    if (json) return printJson(terminal, removed)
    terminal.say(`Removed ${email} from ${project.join('/')}.`)
  },
})

export const scopes = remote({
  name: 'scopes',
  summary: 'Show which environment and cells a member of a project is limited to',
  examples: ['scopes acme/payments ada@example.com'],
  options: { project: projectOperand, email: emailOperand },
  async run({ client }, { project, email, json }, terminal) {
    const member = await memberOf(client, project, email)
    if (json) return printJson(terminal, { envName: member.envName, cellScopes: member.cellScopes })
    printTable(
      terminal,
      [member],
      [
        ['email', (one) => one.email],
        ['environment', ({ envName }) => envName ?? 'all'],
        ['cells', ({ cellScopes }) => cellsOf(cellScopes)],
      ],
      '',
    )
  },
})

export const scopesSet = remote({
  name: 'scopes set',
  summary: 'Limit a member of a project to cells, or lift the limit',
  examples: ['scopes set acme/payments ada@example.com --cells eu', 'scopes set acme/payments ada@example.com --all'],
  options: {
    project: projectOperand,
    email: emailOperand,
    cells: cellsOption,
    all: { about: 'No limit: all cells, and what is in none.', shape: z.literal(true).optional() },
  },
  check({ cells, all }) {
    if ((cells === undefined) === (all === undefined)) throw new UsageError('give either --cells or --all')
  },
  async run({ client }, { project, email, cells, json }, terminal) {
    const { userId } = await memberOf(client, project, email)
    const path = { ...inOrg(project), userId }
    const changed = await client.call('members.setCellScopes', { path, body: { cellScopes: cells ?? null } })
    if (json) return printJson(terminal, changed)
    terminal.say(
      `${email} reaches ${cells === undefined ? 'all cells' : `only ${cellsOf(changed.cellScopes)}`} of ${project.join('/')}.`,
    )
  },
})
