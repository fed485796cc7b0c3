import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { projectRoot } from '#config/project-root'
import { version } from '#config/version'
import { paths } from '#contract/paths'

const name = `bulkhead-${version}-${process.platform}-${process.arch}`

/** What `npm run pack` writes. */
export const archives = {
  whole: join(projectRoot, 'dist', `${name}.tar.gz`),
  bare: join(projectRoot, 'dist', `${name}-bare.tar.gz`),
}

type Options = { cwd?: string; env?: Record<string, string | undefined> }

/** Runs a program to its end and returns its output. Throws when it fails. */
export function run(program: string, args: string[], { cwd = projectRoot, env = process.env }: Options = {}): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    env: env as NodeJS.ProcessEnv,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed\n${stdout}${stderr}${error?.message ?? ''}`)
  return stdout.trim()
}

export const pack = () => run(process.execPath, ['tools/run.mjs', 'tools/pack/run.ts'])

/** Unpacks an archive where no repository is beside it, and returns the folder of the server. */
export function unpack(archive: string, to: string): string {
  mkdirSync(to, { recursive: true })
  run('tar', ['-xzf', archive, '-C', to])
  return join(to, `bulkhead-${version}`)
}

/** Starts a server and waits until it says that it is ready. */
export async function start(program: string, args: string[], { cwd, env }: Options = {}) {
  const since = performance.now()
  const child: ChildProcess = spawn(program, args, { cwd, env: env as NodeJS.ProcessEnv, stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  const ready = Promise.withResolvers<string>()
  const output: string[] = []
  for (const stream of [child.stdout!, child.stderr!])
    createInterface({ input: stream }).on('line', (line) => {
      output.push(line)
      const url = /^Bulkhead is ready at (\S+)$/.exec(line)?.[1]
      if (url) ready.resolve(url)
    })
  child.once('error', ready.reject)
  void exited.then(() => ready.reject(new Error(`The server did not start:\n${output.join('\n')}`)))
  return {
    url: await ready.promise,
    seconds: (performance.now() - since) / 1000,
    pid: child.pid!,
    output,
    /** Its exit code after SIGTERM. */
    async stop() {
      child.kill('SIGTERM')
      return (await exited)[0]
    },
  }
}

/** What a server answers that has all its files: probes, a page with its scripts and styles, a guide, an API. */
export async function askEverything(url: string, token: string): Promise<string[]> {
  const failures: string[] = []
  const ask = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(url + path, { headers })
    const text = await response.text()
    if (response.status !== 200) failures.push(`${path}: ${response.status} ${text.slice(0, 200)}`)
    return text
  }
  for (const path of ['/healthz', '/readyz', '/version', paths.guideOf('operations'), paths.guideOf('adr'), '/openapi.json'])
    await ask(path)
  const page = await ask('/login')
  const files = [...new Set([...page.matchAll(/(?:src|href)="(\/_next\/static\/[^"]+)"/g)].map(([, path]) => path!))]
  if (files.length < 3) failures.push(`/login names ${files.length} files of its own`)
  for (const path of files) await ask(path)
  const orgs = await ask('/orgs', { authorization: `Bearer ${token}` })
  if (!orgs.includes('acme-fleet')) failures.push(`/orgs: ${orgs.slice(0, 200)}`)
  return failures
}
