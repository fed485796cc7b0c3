import { readdir } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import { loadPasskeys } from '#domain/accounts/webauthn'
import { DomainError } from '#domain/errors'
import { projectRoot } from '#config/config'
import { failed } from '../http/errors.ts'
import { type Exchange, noteExchange } from '../http/exchange.ts'
import { notFound, refusalOfPath } from '../http/not-found.ts'
import type { Handler } from '../http/pipeline.ts'
import type { Params } from '../http/resolve.ts'
import { refuseMethod } from '../http/resource.ts'
import { type RouteTable, addRoute, findRoute, newRouteTable } from './route-table.ts'

const app = join(projectRoot, 'app')
/** The groups of `app/` that hold APIs. Their `route.ts` files use nothing of Next, so the lane serves them directly. */
const groups = ['(org-api)', '(v1)', '(ops)']
/** First path segments of pages, Next and next-auth. `/{o}/{p}/…` must not read them as organizations. */
const pages = new Set(['', '_next', 'api', 'console', 'login', 'invite', 'reset-password', 'docs'])

type Methods = Record<string, Handler>

/**
 * `app/(org-api)/orgs/[orgId]/route.ts` → `/orgs/[orgId]`. Skips catch-alls: the lane itself answers what they answer in Next.
 */
async function routeFiles(): Promise<{ path: string; file: string }[]> {
  const found = await Promise.all(
    groups.map(async (group) => {
      const files = await readdir(join(app, group), { recursive: true }).catch(() => [])
      return files
        .filter((file) => /(^|[\\/])route\.ts$/.test(file) && !file.includes('[...'))
        .map((file) => ({ path: file.replaceAll('\\', '/').replace(/\/?route\.ts$/, ''), file: join(app, group, file) }))
    }),
  )
  return found.flat()
}

/** Names of the public files, which Next serves. */
async function publicFiles(): Promise<Set<string>> {
  return new Set((await readdir(join(projectRoot, 'public')).catch(() => [])).map((file) => `/${file}`))
}

const decoded = (params: Params): Params =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, decodeURIComponent(value)]))

/**
 * Serves the API's route handlers without Next's pipeline. `handles` is true for every path that is not a page, so that an
 * unknown path gets the API's own 404.
 */
export async function createLane() {
  const table: RouteTable<Methods> = newRouteTable()
  const fixed = new Set<string>()
  for (const { path, file } of await routeFiles()) {
    addRoute(table, path, (await import(pathToFileURL(file).href)) as Methods)
    if (!path.includes('[')) fixed.add(`/${path}`)
  }
  // Better now than in the first request that needs it.
  await loadPasskeys()
  const files = await publicFiles()

  function handles(pathname: string): boolean {
    if (fixed.has(pathname)) return true
    const [, first = '', second] = pathname.split('/')
    const isSetUpPage = first === 'setup' && !second
    return !pages.has(first) && !isSetUpPage && !files.has(pathname)
  }

  async function fetch(request: Request, exchange?: Exchange): Promise<Response> {
    if (exchange) noteExchange(request, exchange)
    const start = request.url.indexOf('/', 8)
    const end = request.url.search(/[?#]/)
    const found = findRoute(table, request.url.slice(start, end < 0 ? undefined : end))
    if (!found) return notFound(request)
    try {
      const handler = found.value[request.method]
      if (handler) return await handler(request, { params: decoded(found.params) })
      // A method that no `route.ts` can export: TRACE, PROPFIND, …
      const options = await found.value['OPTIONS']?.(request, { params: {} })
      return refuseMethod(request, options?.headers.get('allow') ?? '', refusalOfPath(new URL(request.url).pathname))
    } catch (error) {
      return error instanceof URIError ? notFound(request) : refusalOfPath(new URL(request.url).pathname)(error, request)
    }
  }

  const listener = getRequestListener((request, exchange) => fetch(request, exchange as Exchange), {
    hostname: 'localhost',
    errorHandler: refuseMalformed,
    // The front handles the rest of a body.
    autoCleanupIncoming: false,
  })
  return { handles, fetch, listener: (request: IncomingMessage, response: ServerResponse) => void listener(request, response) }
}

/** Refuses a Host or target from which no URL can be made. */
const refuseMalformed = () =>
  failed(new DomainError('invalid_request', 'The Host header or the URL is not valid'), { method: 'unknown' })
