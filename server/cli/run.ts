import { version } from '#config/version'
import { DomainError } from '#domain/errors'
import { StartError } from '#config/start-error'
import { type Command, type Terminal, findCommand } from './command.ts'
import { helpOf, helpOfStart, overview } from './help.ts'
import { printVersion } from './version.ts'
import { UsageError } from './usage-error.ts'
import { inWords } from '../start-problem.ts'
import { beginsLikeThese, remoteCommands } from './remote/commands.ts'
import { failureOf } from './remote/failure.ts'

/** `help …`, `--help` anywhere, or no arguments: answered without a database. */
function isHelp(args: string[]): boolean {
  return args.length === 0 || args[0] === 'help' || args.includes('--help') || args.includes('-h')
}

async function find(args: string[]) {
  const { commands } = await import('./commands.ts')
  return findCommand([...remoteCommands, ...commands], args)
}

async function help(args: string[]): Promise<string> {
  const { commands } = await import('./commands.ts')
  const words = args.filter((arg) => !['help', '--help', '-h'].includes(arg))
  if (words.join(' ') === 'start') return helpOfStart
  const found = await find(words)
  if (found) return helpOf(found.command)
  const inGroup = ({ name }: Command) => words.length === 0 || name.startsWith(`${words[0]} `)
  const [ofDatabase, ofServer] = [commands.filter(inGroup), remoteCommands.filter(inGroup)]
  if (ofDatabase.length + ofServer.length === 0) throw new UsageError(`unknown command "${words.join(' ')}"`)
  return overview(ofDatabase, ofServer)
}

async function perform(args: string[], terminal: Terminal): Promise<void> {
  if (isHelp(args)) return terminal.print(await help(args))
  if (args[0] === '--version') return terminal.print(version)
  if (args.join(' ') === 'version') return printVersion(terminal)
  // A command of a server starts without the code that works on a database, which takes three times as long to load.
  const isQuick = !beginsLikeThese.some((name) => args.join(' ').startsWith(name))
  const found = (isQuick && findCommand(remoteCommands, args)) || (await find(args))
  if (args[0] === 'start') throw new UsageError(`unexpected argument "${args[1]}"`)
  if (!found) throw new UsageError(`unknown command "${args.join(' ')}"`)
  const work = await found.command.prepare(found.rest)
  if (found.command.withoutDatabase) return work(undefined as never, terminal)
  const { withDatabase } = await import('./connect.ts')
  await withDatabase(terminal.say, found.command, (db) => work(db, terminal))
}

/** Returns the exit code. */
function explain(thrown: unknown, { say }: Terminal): number {
  const ofServer = failureOf(thrown)
  if (ofServer) {
    for (const line of ofServer.lines) say(line)
    return ofServer.code
  }
  const error = inWords(thrown)
  if (error instanceof UsageError) say(`bulkhead: ${error.message}. Run it with --help for usage.`)
  else if (error instanceof StartError) say(error.message)
  else if (error instanceof DomainError) say(`${error.message}.`)
  else console.error(error)
  return error instanceof UsageError ? 2 : 1
}

/** Runs a command, explains its failure, and returns its exit code. */
export async function run(args: string[], terminal: Terminal): Promise<number> {
  try {
    await perform(args, terminal)
    return 0
  } catch (error) {
    return explain(error, terminal)
  }
}
