import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { projectRoot } from '#config/config'
import { createTestDatabase } from '#test/support/database/database'
import { clientOf } from '../http/client.ts'
import { settings } from '../http/lane.ts'

/** One line of the log. */
export type Logged = { level: number; msg: string; requestId?: string } & Record<string, unknown>

/** Time limits that a test can reach. */
const soon = '{ headersTime: 400, requestTime: 800, lookEvery: 50 }'

const program = `
  import { openFront } from './server/front/front.ts'
  import { limits } from './server/front/limits.ts'
  import { logRequests } from './server/front/access-line.ts'
  import { stopOnSignals } from './server/stopping.ts'
  import { createLane } from './server/front/lane.ts'
  import { replaceDatabase } from './db/client.ts'
  import { stopParsing } from './server/http/parsing/parse-large.ts'
  logRequests()
  const front = await openFront({ host: '127.0.0.1', port: 0 }, { ...limits, ...${soon} })
  process.env.BULKHEAD_URL = process.env.NEXTAUTH_URL = 'http://127.0.0.1:' + front.port
  front.serve((await createLane()).listener)
  const onStop = stopOnSignals(Promise.resolve())
  onStop(replaceDatabase)
  onStop(stopParsing)
  onStop(() => front.drain(2000))
  console.log(front.port)`

/**
 * The API lane in a process of its own, which logs at \`level\`. Its settings become those of this process too, so that both know the
 * same secrets.
 */
export async function startLaneProcess(level: string, more: Record<string, string> = {}) {
  const database = await createTestDatabase()
  const env = { ...process.env, ...settings(database.url, ''), ...more, BULKHEAD_LOG_LEVEL: level }
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  })
  const exited = once(child, 'exit')
  let text = ''
  child.stderr.setEncoding('utf8').on('data', (data: string) => (text += data))
  const [port] = (await Promise.race([
    once(child.stdout, 'data'),
    exited.then(() => Promise.reject(new Error(`The lane did not start:\n${text}`))),
  ])) as [Buffer]
  const origin = `http://127.0.0.1:${port.toString().trim()}`
  Object.assign(process.env, settings(database.url, origin), more)
  return {
    child,
    origin,
    port: Number(new URL(origin).port),
    db: database.db,
    send: clientOf(origin),
    /** Stops the process and returns everything that it logged. */
    async stop(): Promise<{ text: string; lines: Logged[] }> {
      child.kill('SIGTERM')
      await exited
      await database.drop()
      return { text, lines: text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Logged])) }
    },
  }
}
