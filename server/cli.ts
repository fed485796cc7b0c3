// npx bulkhead …: works on the server's database, whether or not the server runs.
import { DomainError } from '#domain/errors'
import type { Command } from './cli/command.ts'
import { UsageError } from './cli/usage-error.ts'
import { StartError } from './start-error.ts'

// Read when the log is first imported, which the commands do: what a person types should not answer with log lines.
process.env['BULKHEAD_LOG_LEVEL'] ||= 'warn'
const { commands } = await import('./cli/commands.ts')

const terminal = {
  print: (line: string) => void process.stdout.write(`${line}\n`),
  say: (line: string) => void process.stderr.write(`${line}\n`),
}

const find = (args: string[]): { command: Command; rest: string[] } | undefined =>
  commands
    .map((command) => ({ command, words: command.name.split(' ') }))
    .filter(({ words }) => words.every((word, i) => args[i] === word))
    .map(({ command, words }) => ({ command, rest: args.slice(words.length) }))[0]

async function main(args: string[]) {
  const found = find(args)
  if (!found) throw new UsageError(`There is no command ${args.join(' ')}.`)
  const work = await found.command.run(found.rest)
  const { withDatabase } = await import('./cli/connect.ts')
  await withDatabase((db) => work(db, terminal))
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  process.exitCode = error instanceof UsageError ? 2 : 1
  if (error instanceof UsageError || error instanceof StartError) terminal.say(error.message)
  else if (error instanceof DomainError) terminal.say(`${error.message}.`)
  else console.error(error)
}
