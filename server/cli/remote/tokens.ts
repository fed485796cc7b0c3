import { z } from 'zod'
import { cellsOption, envOption, expiresOption, roleOption } from '../options.ts'
import { cellsOf, printJson, printTable } from './output.ts'
import { allOf, idShape, inPath, projectOperand, remote } from './remote.ts'

export const tokens = remote({
  name: 'tokens',
  summary: 'List the tokens of a project',
  examples: ['tokens acme/payments'],
  options: { project: projectOperand },
  async run({ client }, { project, json }, terminal) {
    const all = await allOf(client.each('tokens.list', { path: inPath(project), query: { limit: 200 } }))
    if (json) return printJson(terminal, all)
    printTable(
      terminal,
      all,
      [
        ['id', ({ id }) => id],
        ['name', ({ name }) => name],
        ['role', ({ role }) => role],
        ['environment', ({ envName }) => envName ?? 'all'],
        ['cells', ({ cellScopes }) => cellsOf(cellScopes)],
        ['expires', ({ expiresAt }) => expiresAt],
        ['last used', ({ lastUsedAt }) => lastUsedAt],
      ],
      'No token.',
    )
  },
})

export const tokensCreate = remote({
  name: 'tokens create',
  summary: 'Create a token of a project, which is shown only once',
  notes: 'Prints only the token to stdout, so you can write TOKEN=$(npx bulkhead tokens create …).',
  examples: ['tokens create acme/payments --name ci --role member --cells eu'],
  options: {
    project: projectOperand,
    name: { value: 'NAME', about: 'The token’s name in lists.', shape: z.string('is required') },
    role: { ...roleOption, shape: roleOption.shape.default('member') },
    env: envOption,
    cells: cellsOption,
    expires: expiresOption,
  },
  async run({ client }, { project, name, role, env, cells, expires, json }, terminal) {
    const created = await client.call('tokens.create', {
      path: inPath(project),
      body: {
        name,
        role,
        ...(env !== undefined && { envName: env }),
        ...(cells !== undefined && { cellScopes: cells }),
        ...(expires !== undefined && { expiresAt: expires }),
      },
    })
    if (json) return printJson(terminal, created)
    terminal.say(`Created the token ${created.name} with the role ${created.role}. It is shown only once:`)
    terminal.print(created.token)
  },
})

export const tokensRevoke = remote({
  name: 'tokens revoke',
  summary: 'Revoke a token of a project',
  examples: ['tokens revoke acme/payments 01990000-0000-7000-8000-000000000000'],
  options: {
    project: projectOperand,
    token: { value: 'TOKEN-ID', about: 'Its id, as `tokens` lists it.', isOperand: true, shape: idShape },
  },
  async run({ client }, { project, token, json }, terminal) {
    const revoked = await client.call('tokens.revoke', { path: { ...inPath(project), tokenId: token } })
    if (json) return printJson(terminal, revoked)
    terminal.say('Revoked the token.')
  },
})
