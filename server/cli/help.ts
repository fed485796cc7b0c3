import type { Command, Option } from './command.ts'

const columns = (rows: [string, string][]) => {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)
}

/** `FILE`, `--user EMAIL` or `--resume`. */
const called = (name: string, { value, isOperand }: Option) =>
  isOperand ? value! : [`--${name}`, value].filter(Boolean).join(' ')

const calledShort = (name: string, option: Option) =>
  option.short === undefined ? called(name, option) : `-${option.short}, ${called(name, option)}`

const usage = ({ options }: Command) =>
  Object.entries(options)
    .map(([name, option]) => (option.shape.safeParse(undefined).success ? `[${called(name, option)}]` : called(name, option)))
    .join(' ')

export function helpOf(command: Command): string {
  const { name, summary, notes, forms = [usage(command)], options } = command
  const rows = Object.entries(options).map(([option, declared]): [string, string] => [
    calledShort(option, declared),
    declared.about,
  ])
  return [
    `${summary}.`,
    '',
    ...forms.map((form) => `  npx bulkhead ${name} ${form}`.trimEnd()),
    ...(rows.length > 0 ? ['', ...columns(rows)] : []),
    ...(notes ? ['', notes] : []),
  ].join('\n')
}

/** `start` is no command on a database, so it has no entry among them. */
export const helpOfStart = [
  'Run the server, which must be built.',
  '',
  '  npx bulkhead start',
  '',
  'For an image and for what npm run pack packed. In the repository, npm start also installs and builds.',
].join('\n')

const summaries = (commands: Command[]) => commands.map(({ name, summary }): [string, string] => [name, summary])

/** `ofDatabase` and `ofServer`: all commands of each kind, or those of one group. */
export function overview(ofDatabase: Command[], ofServer: Command[]): string {
  return [
    'Usage: npx bulkhead COMMAND [OPTIONS]',
    ...(ofServer.length > 0
      ? [
          '',
          'On any server, through its API, with the token in BULKHEAD_TOKEN. The server is BULKHEAD_SERVER or --server URL:',
          '',
          ...columns(summaries(ofServer)),
        ]
      : []),
    '',
    'All but reload and completion work on the database at DATABASE_URL, past a pooler at DATABASE_DIRECT_URL, or else Bulkhead’s own in BULKHEAD_DATA_DIR. The server may be running or stopped:',
    '',
    ...columns([
      ...summaries(ofDatabase),
      ['start', 'Run the server, which must be built'],
      ['help [COMMAND]', 'Show this help, or the help of one command'],
      ['version', 'Show the version, the newest migration that it knows, and the version of Node'],
      ['--version', 'Show the version alone'],
    ]),
  ].join('\n')
}
