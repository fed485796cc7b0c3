import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { projectRoot } from '#config/config'

type Route = { OPTIONS(request: Request, context: object): Promise<Response> }

/** What the `route.ts` files serve, from their exports: `GET /orgs/{orgId}`, sorted. */
export async function servedRoutes(): Promise<string[]> {
  const served: string[] = []
  for (const group of ['(org-api)', '(v1)', '(ops)']) {
    for (const file of await readdir(join(projectRoot, 'app', group), { recursive: true })) {
      if (!file.endsWith('route.ts') || file.includes('[...')) continue
      const route = (await import(join(projectRoot, 'app', group, file))) as Route
      const path = `/${file.replace(/\/?route\.ts$/, '').replaceAll(/\[(\w+)\]/g, '{$1}')}`
      const { headers } = await route.OPTIONS(new Request('http://localhost/', { method: 'OPTIONS' }), { params: {} })
      const methods = headers.get('allow')!.split(', ')
      served.push(...methods.filter((method) => method !== 'HEAD' && method !== 'OPTIONS').map((method) => `${method} ${path}`))
    }
  }
  return served.toSorted()
}
