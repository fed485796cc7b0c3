import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { projectRoot } from '#config/config'
import { bytesOfRoutes, scriptsOfRoutes } from '#test/support/measure/bundle'
import { publish, table } from '#test/support/measure/report'
import { sizesBySource } from '#test/support/measure/source-map'
import { buildWithMaps, mapsFolder } from '../tools/build.mjs'

/** What a screen of lists weighs at most, in kB. */
const REACH = 280
const SHOWN = 14

const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1)

/** `react-dom` of `…/node_modules/next/dist/compiled/react-dom/cjs/…`; for our own code, its folder. */
function partOf(source: string): string {
  const [, inPackages] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source) ?? []
  if (inPackages === 'next') return /compiled\/(react-dom)\//.test(source) ? 'react-dom (in next)' : 'next'
  if (inPackages !== undefined) return inPackages
  const [, ours] = /\[project\]\/(app|components|queries|contract)\//.exec(source) ?? []
  return ours === undefined ? 'the runtime of the bundler' : `our ${ours}/`
}

/** The compressed bytes of each part in these scripts: a script's are shared out by the length of its minified code. */
function weights(folder: string, scripts: string[]): [part: string, bytes: number][] {
  const sums: Record<string, number> = {}
  for (const name of scripts) {
    const file = join(folder, name)
    const code = readFileSync(file)
    const share = gzipSync(code).length / code.length
    for (const [source, size] of Object.entries(sizesBySource(file))) {
      const part = partOf(source)
      sums[part] = (sums[part] ?? 0) + size * share
    }
  }
  return Object.entries(sums).toSorted(([, a], [, b]) => b - a)
}

const example = '/console/[org]/[project]/members'

/** Measures the JavaScript of each page, and what it is made of. */
export async function benchBundle(): Promise<void> {
  await buildWithMaps()
  const folder = join(projectRoot, mapsFolder)
  const routes = bytesOfRoutes(folder)
  const heaviest = Object.entries(routes).toSorted(([, a], [, b]) => b - a)
  const parts = weights(folder, scriptsOfRoutes(folder).get(example)!)
  const rest = parts.slice(SHOWN).reduce((sum, [, bytes]) => sum + bytes, 0)
  const most = heaviest[0]![1]
  const members = routes[example]!
  publish({
    name: 'bundle',
    title: 'JavaScript of a page',
    how: `What a page loads before anything on it is opened, each script compressed with gzip; kB are 1,000 bytes. Dialogs, panels, the palette and the validator of forms come when they are needed. Below, what ${example} is made of, by the source maps.`,
    table: [
      table(
        ['page', 'kB'],
        heaviest.map(([route, bytes]) => [`\`${route}\``, kilobytes(bytes)]),
      ),
      table(
        ['part of the list of members', 'kB'],
        [...parts.slice(0, SHOWN), ['everything else', rest] as const].map(([part, bytes]) => [part, kilobytes(bytes)]),
      ),
    ].join('\n\n'),
    ratios: [
      {
        what: `the list of members / ${REACH} kB`,
        value: members / (REACH * 1000),
        reach: '≤ 1 ×',
        holds: members <= REACH * 1000,
      },
      { what: `the heaviest page / ${REACH} kB`, value: most / (REACH * 1000), reach: '≤ 1 ×', holds: most <= REACH * 1000 },
    ],
    raw: { routes },
  })
}
