import { version } from '#config/version'
import { DomainError } from '#domain/errors'
import { StartError } from '#config/start-error'
import type { Terminal } from './command.ts'
import { helpOf, helpOfStart, overview } from './help.ts'
import { printVersion } from './version.ts'
import { UsageError } from './usage-error.ts'
import { inWords } from '../start-problem.ts'

/** `help …`, `--help` anywhere, or no arguments: answered without a database. */
function isHelp(args: string[]): boolean {
  return args.length === 0 || args[0] === 'help' || args.includes('--help') || args.includes('-h')
}

async function help(args: string[]): Promise<string> {
  const { commands, findCommand } = await import('./commands.ts')
  const words = args.filter((arg) => !['help', '--help', '-h'].includes(arg))
  if (words.join(' ') === 'start') return helpOfStart
  const found = findCommand(words)
  if (found) return helpOf(found.command)
  const group = commands.filter(({ name }) => words.length > 0 && name.startsWith(`${words[0]} `))
  if (words.length > 0 && group.length === 0) throw new UsageError(`unknown command "${words.join(' ')}"`)
  return overview(group.length > 0 ? group : commands)
}

async function perform(args: string[], terminal: Terminal): Promise<void> {
  if (isHelp(args)) return terminal.print(await help(args))
  if (args[0] === '--version') return terminal.print(version)
  if (args.join(' ') === 'version') return printVersion(terminal)
  const { findCommand } = await import('./commands.ts')
  const found = findCommand(args)
  if (args[0] === 'start') throw new UsageError(`unexpected argument "${args[1]}"`)
  if (!found) throw new UsageError(`unknown command "${args.join(' ')}"`)
  const work = await found.command.prepare(found.rest)
  if (found.command.withoutDatabase) return work(undefined as never, terminal)
  const { withDatabase } = await import('./connect.ts')
  await withDatabase(terminal.say, found.command, (db) => work(db, terminal))
}

function explain(thrown: unknown, { say }: Terminal): void {
  const error = inWords(thrown)
  if (error instanceof UsageError) say(`bulkhead: ${error.message}. Run it with --help for usage.`)
  else if (error instanceof StartError) say(error.message)
  else if (error instanceof DomainError) say(`${error.message}.`)
  else console.error(error)
}

/** Runs a command, explains its failure, and returns its exit code. */
export async function run(args: string[], terminal: Terminal): Promise<number> {
  try {
    await perform(args, terminal)
    return 0
  } catch (error) {
    explain(error, terminal)
    return error instanceof UsageError ? 2 : 1
  }
}
