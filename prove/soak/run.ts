// The soak: mixed load for this many minutes on a world of ten thousand projects, with a purge beside it in the second half.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '#config/config'
import { withBenchDatabase } from '#test/support/measure/database'
import { figure, machine, say } from '#test/support/measure/report'
import { startServer } from '#test/support/servers/server'
import { ensureBuilt } from '../../tools/build.mjs'
import { report, scaleOf } from '#test/support/outcome'
import { growth, tableOf } from './measured.ts'
import { soak } from './soak.ts'

const SECRET = 'a secret of the soak alone, long enough to be one'
process.env['BULKHEAD_SECRET'] = SECRET

const minutes = scaleOf('soak', 3)
/** A purge that fits into a short try. */
const purged = Math.min(1_000_000, Math.round(minutes * 100_000))
const size = { organizations: 8, projects: 10_000, members: 100_000, purged }
const clients = 12
/** V8 compiles and the caches fill first; from then on the process may grow by at most a tenth. */
const warm = Math.min(5, minutes / 4) * 60_000
const MOST = 0.1

await ensureBuilt()
await withBenchDatabase(async ({ db, url }) => {
  const server = await startServer({ DATABASE_URL: url, BULKHEAD_SECRET: SECRET, BULKHEAD_RATE_LIMIT: '0' })
  const { samples, memory, seconds, failures } = await soak({ db, url, server }, { seconds: minutes * 60, clients, size })
  await server.stop()
  const grown = growth(memory, warm, minutes * 60_000)
  if (grown && grown.ratio > MOST) failures.push(`the process grew from ${figure(grown.before)} to ${figure(grown.after)} MB`)
  const held = grown
    ? `Memory of the server after ${figure(warm / 60_000)} minutes ${figure(grown.before)} MB, at the end ${figure(grown.after)} MB (${(grown.ratio * 100).toFixed(1)} %, reach ≤ ${MOST * 100} %), at most ${figure(Math.max(...memory.map((one) => one.megabytes)))} MB.`
    : 'Memory of the server was not measured: that needs Linux.'
  const text = [
    '## Mixed load, and a process that does not grow',
    `${figure(minutes)} minutes, ${clients} clients, ${size.projects.toLocaleString('en-US')} projects and ${size.members.toLocaleString('en-US')} memberships in ${size.organizations} organizations. Beside them, in the second half, ${size.purged.toLocaleString('en-US')} entities were purged, in ${seconds.purge === undefined ? 'vain' : `${figure(seconds.purge)} s`}. Milliseconds; clients, server and database share the machine.`,
    tableOf(samples),
    held,
    `${failures.length} of ${samples.length.toLocaleString('en-US')} failed. Machine: ${machine()}. \`npm run prove soak\`.`,
  ].join('\n\n')
  const results = join(projectRoot, 'bench', 'results')
  mkdirSync(results, { recursive: true })
  writeFileSync(join(results, 'soak.md'), `${text}\n`)
  process.stdout.write(`\n${text}\n\n`)
  const left = report({ what: `soak: ${minutes} minutes of mixed load, memory flat`, tried: samples.length, failures })
  if (left.length > 0) {
    say(left.join('\n'))
    process.exitCode = 1
  }
})
