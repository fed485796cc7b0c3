import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { serverEnvironment, serverFlags } from '../../../tools/node24.mjs'

const root = join(import.meta.dirname, '..', '..', '..')

/** Milliseconds that a server has to stop. By itself it ends its requests and workers sooner. */
const TO_STOP = 50_000

export type Server = Awaited<ReturnType<typeof startServer>>

/** Starts the production server on a free port with these settings only. Resolves when it reports that it is ready. */
export async function startServer(settings: Record<string, string>, args: string[] = []) {
  const { PATH = '', HOME = '', NODE_COMPILE_CACHE = '', PROVE_WORKERS = '1' } = process.env
  const child = spawn(process.execPath, [...serverFlags, 'server/main.ts', ...args], {
    cwd: root,
    env: {
      PATH,
      HOME,
      NODE_COMPILE_CACHE,
      PORT: '0',
      NODE_ENV: 'production',
      BULKHEAD_LOG_LEVEL: 'warn',
      BULKHEAD_RATE_LIMIT: '1000000',
      ...serverEnvironment,
      WEB_CONCURRENCY: PROVE_WORKERS,
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  const output: string[] = []
  const ready = Promise.withResolvers<string>()
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      output.push(line)
      const url = /^Bulkhead is ready at (\S+)$/.exec(line)?.[1]
      if (url) ready.resolve(url)
    })
  }
  void exited.then(() => ready.reject(new Error(`The server did not start:\n${output.join('\n')}`)))
  return {
    url: await ready.promise,
    /** The link through which the first owner registers, when there is no user yet. */
    setUpLink: output.join('\n').match(/https?:\S+\/setup\?token=\S+/)?.[0],
    output,
    pid: child.pid!,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    async stop(signal: NodeJS.Signals = 'SIGTERM') {
      child.kill(signal)
      let isLate = false
      const late = setTimeout(() => (isLate = child.kill('SIGKILL')), TO_STOP)
      await exited
      clearTimeout(late)
      if (isLate) throw new Error(`The server did not stop:\n${output.slice(-20).join('\n')}`)
    },
  }
}
