import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const script = /static\/chunks\/[^"]*\.js/g

/** The scripts that each page loads before anything opens, of the build in this folder. */
export function scriptsOfRoutes(folder: string): Map<string, string[]> {
  const { rootMainFiles } = JSON.parse(readFileSync(join(folder, 'build-manifest.json'), 'utf8')) as { rootMainFiles: string[] }
  const app = join(folder, 'server', 'app')
  const end = 'page_client-reference-manifest.js'
  const manifests = globSync(`**/${end}`, { cwd: app }).filter((file) => !file.startsWith('_'))
  return new Map(
    manifests.toSorted().map((file) => {
      // Route groups are no part of a URL.
      const route = `/${file.slice(0, -end.length).replaceAll(/\([^)]*\)\//g, '')}`.replace(/(?<=.)\/$/, '')
      const scripts = readFileSync(join(app, file), 'utf8').match(script) ?? []
      return [route, [...new Set([...rootMainFiles, ...scripts])]]
    }),
  )
}

/** The bytes of each page's scripts, compressed one by one as they are sent. */
export function bytesOfRoutes(folder: string): Record<string, number> {
  const bytes = new Map<string, number>()
  const gzipped = (name: string) => {
    const known = bytes.get(name) ?? gzipSync(readFileSync(join(folder, name))).length
    bytes.set(name, known)
    return known
  }
  const sums = [...scriptsOfRoutes(folder)].map(([route, names]): [string, number] => [
    route,
    names.reduce((sum, name) => sum + gzipped(name), 0),
  ])
  return Object.fromEntries(sums)
}
