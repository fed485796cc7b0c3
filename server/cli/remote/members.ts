import { z } from 'zod'
import { Role } from '#contract/common'
import type { Client, Entry } from '../../../sdk/src/client.ts'
import { UsageError } from '../usage-error.ts'
import { Refused } from './errors.ts'
import { printJson, printTable } from './output.ts'
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

const roleShape = z.enum(Role.options, `must be one of ${Role.options.join(', ')}`)

export const cellsOption = {
  value: 'A,B',
  about: 'Only in these cells.',
  shape: z
    .string()
    .transform((names) =>
      names
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    )
    .optional(),
} as const

/** The member of a project with this email address. */
async function memberOf(client: Client, project: [string, string], email: string): Promise<Member> {
  for await (const member of client.each('members.list', { path: inOrg(project), query: { q: email, limit: 200 } }))
    if (member.email.toLowerCase() === email) return member
  throw new Refused(`${email} is not a member of ${project.join('/')}`)
}

const cellsIn = ({ cellScopes }: Member) =>
  cellScopes === null ? 'all' : cellScopes.length === 0 ? 'none' : cellScopes.join(', ')

export const members = remote({
  name: 'members',
  summary: 'List the members of a project',
  examples: ['members acme/payments', 'members acme/payments --role owner'],
  options: {
    project: projectOperand,
    role: { value: 'ROLE', about: 'Only those with this role.', shape: roleShape.optional() },
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
        ['cells', cellsIn],
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
    role: { value: 'ROLE', about: 'owner, admin, member or viewer. Default: member.', shape: roleShape.optional() },
    env: { value: 'ENV', about: 'Only in this environment.', shape: z.string().optional() },
    cells: cellsOption,
    expires: { value: 'TIME', about: 'When the access ends, such as 2027-01-31T00:00:00Z.', shape: z.string().optional() },
  },
  async run({ client }, { project, email, role, env, cells, expires, json }, terminal) {
    const [orgId] = project
    let userId: string | undefined
    for await (const person of client.each('organizations.listMembers', { path: { orgId }, query: { q: email, limit: 200 } }))
      if (person.email.toLowerCase() === email) userId = person.userId
    if (userId === undefined) throw new Refused(`${email} is not a member of the organization ${orgId}`)
    const added = await client.call('members.add', {
      path: inOrg(project),
      body: {
        userId,
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
    role: { value: 'ROLE', about: 'owner, admin, member or viewer.', isOperand: true, shape: roleShape },
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
        ['cells', cellsIn],
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
    terminal.say(`${email} reaches ${cells === undefined ? 'all cells' : `only ${cellsIn(changed)}`} of ${project.join('/')}.`)
  },
})
