import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import { parseSync } from 'oxc-parser'
import { projectRoot } from '#config/project-root'

/** One of our source files, with its imports. */
export type Source = { path: string; text: string; imports: Import[] }

/** `ours` is the path of one of our files; undefined for a package. Nothing is left of an import of types when the code runs. */
export type Import = { specifier: string; line: number; ofTypes: boolean; ours: string | undefined }

const ignored = /(^|\/)(node_modules|\.next|\.data|dist|bench\/peers|bench\/results)(\/|$)/

/** Every source file of the project, sorted by path. */
export const readSources = (): Source[] =>
  globSync('**/*.{ts,tsx,mjs}', { cwd: projectRoot, exclude: (path) => ignored.test(path) })
    .toSorted()
    .map((path) => sourceOf(path, readFileSync(join(projectRoot, path), 'utf8')))

export const sourceOf = (path: string, text: string): Source => ({
  path,
  text,
  imports: importsOf(path, text).map((one) => ({ ...one, ours: resolve(path, one.specifier) })),
})

const { imports: aliases } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  imports: Record<string, string>
}

function resolve(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return join(dirname(from), specifier)
  for (const [name, target] of Object.entries(aliases)) {
    const prefix = name.replace('*', '')
    if (name === specifier || (name.endsWith('*') && specifier.startsWith(prefix)))
      return target.replace('*', specifier.slice(prefix.length)).replace('./', '')
  }
  return undefined
}

/** Imports, exports from elsewhere, and dynamic imports of a fixed name, in the order of the text. */
export function importsOf(path: string, text: string) {
  const { staticImports, staticExports, dynamicImports } = parseSync(path, text).module
  const imported = staticImports.map(({ start, moduleRequest }) => ({ start, specifier: moduleRequest.value }))
  const passedOn = staticExports.flatMap(({ start, entries }) => {
    const from = entries[0]?.moduleRequest
    return from ? [{ start, specifier: from.value }] : []
  })
  const dynamic = dynamicImports.flatMap(({ start, moduleRequest }) => {
    const literal = /^(['"`])([^$]*)\1$/s.exec(text.slice(moduleRequest.start, moduleRequest.end))
    return literal ? [{ start, specifier: literal[2]! }] : []
  })
  return [...imported, ...passedOn, ...dynamic]
    .toSorted((one, other) => one.start - other.start)
    .map(({ start, specifier }) => ({
      specifier,
      line: lineAt(text, start),
      ofTypes: /^(import|export) type\b/.test(text.slice(start, start + 12)),
    }))
}

export const lineAt = (text: string, index: number) => text.slice(0, index).split('\n').length

export const isTest = (path: string) => /\.(test|e2e)\.tsx?$/.test(path)

/** `file:line text` of every matching line. */
export const linesWith = (sources: Source[], pattern: RegExp): string[] =>
  sources.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, i) => (pattern.test(line) ? [`${path}:${i + 1} ${line.trim()}`] : [])),
  )
