import { printJson, printTable } from './output.ts'
import { allOf, remote } from './remote.ts'

export const whoami = remote({
  name: 'whoami',
  summary: 'Show whose token this is, and which organizations it reaches',
  examples: ['whoami'],
  options: {},
  async run({ client }, { json }, terminal) {
    const me = await client.call('me.get')
    const organizations = await allOf(client.each('organizations.list'))
    if (json) return printJson(terminal, { ...me, organizations })
    printTable(
      terminal,
      [me],
      [
        ['name', (one) => one.name],
        ['email', (one) => one.email],
        ['id', (one) => one.id],
      ],
      '',
    )
    terminal.print('')
    printTable(
      terminal,
      organizations,
      [
        ['organization', ({ slug }) => slug],
        ['role', ({ role }) => role],
        ['name', ({ name }) => name],
      ],
      'No organization.',
    )
  },
})
