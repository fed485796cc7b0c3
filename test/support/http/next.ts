import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createTestDatabase } from '#test/support/database/database'
import { projectRoot } from '#config/config'
import { freePort } from '#server/postgres/reach'
import { apiFolder } from '../../../tools/build.mjs'
import { clientOf } from './client.ts'
import { settings } from './lane.ts'

export type NextLane = Awaited<ReturnType<typeof startNext>>

/** `next start` on a build of the API: the same `route.ts` files through Next's own pipeline. */
export async function startNext() {
  const test = await createTestDatabase()
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const program = join(projectRoot, 'node_modules', 'next', 'dist', 'bin', 'next')
  const child = spawn(process.execPath, [program, 'start', '--hostname', '127.0.0.1', '--port', String(port)], {
    cwd: projectRoot,
    env: {
      ...process.env,
      ...settings(test.url, origin),
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      NEXT_FOLDER: apiFolder,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const ready = Promise.withResolvers<void>()
  createInterface({ input: child.stdout }).on('line', (line) => line.includes('Ready in') && ready.resolve())
  void exited.then(() => ready.reject(new Error('next start ended before it was ready')))
  await ready.promise
  return {
    origin,
    url: test.url,
    db: test.db,
    send: clientOf(origin),
    async stop() {
      child.kill('SIGTERM')
      await exited
      await test.drop()
    },
  }
}
