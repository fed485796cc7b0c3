import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { apiFolder } from '../tools/build.mjs'
import { projectRoot } from '#config/config'
import { freePort } from '#server/postgres/reach'
import { statements } from './statements.ts'

export type Server = { name: string; origin: string; pid: number; stop(): Promise<void> }

const secret = randomBytes(32).toString('hex')

const programs = {
  'bare node:http + pg': ['bench/peers/bare.ts'],
  'bare, pipelined': ['bench/peers/bare.ts', 'pipelined'],
  'Bulkhead (npm start)': ['server/main.ts'],
  'next start': ['node_modules/next/dist/bin/next', 'start'],
}
export type Name = keyof typeof programs
export const names = Object.keys(programs) as Name[]

async function answers(origin: string, child: ChildProcess): Promise<void> {
  for (const until = Date.now() + 60_000; Date.now() < until && child.exitCode === null; await sleep(100)) {
    const status = await fetch(`${origin}/readyz`).then(
      (response) => response.status,
      () => undefined,
    )
    if (status === 200 || status === 404) return
  }
  throw new Error(`${child.spawnargs.join(' ')} does not answer`)
}

/** How that checkout starts its server. An older one has no flags, or no environment. */
async function startOf(name: Name, root: string) {
  const file = join(root, 'tools', 'node24.mjs')
  if (name !== 'Bulkhead (npm start)' || !existsSync(file)) return { flags: [], environment: {} }
  type Start = { serverFlags?: string[]; serverEnvironment?: Record<string, string> }
  const { serverFlags: flags = [], serverEnvironment: environment = {} } = (await import(file)) as Start
  return { flags, environment }
}

/**
 * Starts one of these as a process of its own, on the bench's database; from this checkout, or from another one in `root`.
 */
export async function startServer(
  name: Name,
  databaseUrl: string,
  settings: Record<string, string> = {},
  root: string = projectRoot,
): Promise<Server> {
  const port = String(await freePort())
  const origin = `http://127.0.0.1:${port}`
  const { flags, environment } = await startOf(name, root)
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...environment,
    PORT: port,
    HOST: '127.0.0.1',
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    DATABASE_URL: databaseUrl,
    BULKHEAD_SECRET: secret,
    NEXTAUTH_SECRET: secret,
    NEXTAUTH_URL: origin,
    BULKHEAD_URL: origin,
    BULKHEAD_LOG_LEVEL: 'warn',
    // One token makes all calls, each of which is counted as usual.
    BULKHEAD_RATE_LIMIT: '1000000000',
    ...(name === 'next start' && { NEXT_FOLDER: apiFolder }),
    STATEMENTS: JSON.stringify(statements),
    ...settings,
  }
  const [script = '', ...args] = programs[name]
  const child = spawn(process.execPath, [...flags, join(root, script), ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const end = () => void child.kill('SIGKILL')
  process.once('exit', end)
  await answers(origin, child)
  return {
    name,
    origin,
    pid: child.pid!,
    async stop() {
      process.off('exit', end)
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}
