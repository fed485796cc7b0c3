// npx bulkhead …: works on the server's database, whether or not the server runs.
import { version } from '#config/version'
import { fallBackTo } from '#config/environment'
import { DomainError } from '#domain/errors'
import { helpOf, helpOfStart, overview } from './help.ts'
import { printVersion } from './version.ts'
import { UsageError } from './usage-error.ts'
import { StartError } from '#config/start-error'
import { inWords } from '../start-problem.ts'

// The commands import the log, which reads its level on import. At the default level, log lines would mix with a command's
// output.
fallBackTo({ BULKHEAD_LOG_LEVEL: 'warn' })
const { commands, findCommand } = await import('./commands.ts')

const terminal = {
  print: (line: string) => void process.stdout.write(`${line}\n`),
  say: (line: string) => void process.stderr.write(`${line}\n`),
}

/** `help …`, `--help` anywhere, or no arguments: answered without a database. */
function isHelp(args: string[]): boolean {
  return args.length === 0 || args[0] === 'help' || args.includes('--help') || args.includes('-h')
}

function help(args: string[]): string {
  const words = args.filter((arg) => !['help', '--help', '-h'].includes(arg))
  if (words.join(' ') === 'start') return helpOfStart
  const found = findCommand(words)
  if (found) return helpOf(found.command)
  const group = commands.filter(({ name }) => words.length > 0 && name.startsWith(`${words[0]} `))
  if (words.length > 0 && group.length === 0) throw new UsageError(`unknown command "${words.join(' ')}"`)
  return overview(group.length > 0 ? group : commands)
}

async function main(args: string[]): Promise<void> {
  if (isHelp(args)) return terminal.print(help(args))
  if (args[0] === '--version') return terminal.print(version)
  if (args.join(' ') === 'version') return printVersion(terminal)
  const found = findCommand(args)
  if (args[0] === 'start') throw new UsageError(`unexpected argument "${args[1]}"`)
  if (!found) throw new UsageError(`unknown command "${args.join(' ')}"`)
  const work = await found.command.prepare(found.rest)
  if (found.command.withoutDatabase) return work(undefined as never, terminal)
  const { withDatabase } = await import('./connect.ts')
  await withDatabase(terminal.say, found.command, (db) => work(db, terminal))
}

function explain(thrown: unknown): void {
  const error = inWords(thrown)
  if (error instanceof UsageError) terminal.say(`bulkhead: ${error.message}. Run it with --help for usage.`)
  else if (error instanceof StartError) terminal.say(error.message)
  else if (error instanceof DomainError) terminal.say(`${error.message}.`)
  else console.error(error)
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  explain(error)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
