// npx bulkhead …: commands on the database, whether or not the server runs, and commands of any server.
import { fallBackTo } from '#config/environment'
import { run } from './run.ts'

// The commands import the log, which reads its level on import. At the default level, log lines would mix with a command's
// output.
fallBackTo({ BULKHEAD_LOG_LEVEL: 'warn' })

process.exitCode = await run(process.argv.slice(2), {
  print: (line) => void process.stdout.write(`${line}\n`),
  say: (line) => void process.stderr.write(`${line}\n`),
})
