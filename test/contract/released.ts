// node test/contract/released.ts: writes what clients of this version can rely on, when it is released. Run it once, after the
// version stands in the changelog.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '#config/project-root'
import { openApiDocument } from '#contract/openapi'
import { surfaceOf } from './surface.ts'

export const newestRelease = (): string =>
  /^## (\d+\.\d+\.\d+) - /m.exec(readFileSync(join(projectRoot, 'CHANGELOG.md'), 'utf8'))![1]!

export const fileOf = (version: string): string => join(import.meta.dirname, 'released', `${version}.txt`)

if (import.meta.main) {
  const file = fileOf(newestRelease())
  if (existsSync(file)) throw new Error(`${file} is there already: a release does not change`)
  writeFileSync(file, `${[...surfaceOf(openApiDocument)].toSorted().join('\n')}\n`)
  console.log(`Wrote ${file}`)
}
