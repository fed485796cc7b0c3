import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import { projectRoot } from '#config/project-root'

/** One of our source files, with its imports. */
export type Source = { path: string; text: string; imports: Import[] }

/** `ours` is the path of one of our files; undefined for a package. */
export type Import = { specifier: string; line: number; ours: string | undefined }

const ignored = /(^|\/)(node_modules|\.next|\.data|bench\/peers|bench\/results)(\/|$)/

/** Every source file of the project, sorted by path. */
export const readSources = (): Source[] =>
  globSync('**/*.{ts,tsx,mjs}', { cwd: projectRoot, exclude: (path) => ignored.test(path) })
    .sort()
    .map((path) => sourceOf(path, readFileSync(join(projectRoot, path), 'utf8')))

export const sourceOf = (path: string, text: string): Source => ({
  path,
  text,
  imports: importsOf(text).map((one) => ({ ...one, ours: resolve(path, one.specifier) })),
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

/** Every form that oxfmt leaves: one line, the last line of several, a bare import, and a dynamic one. */
const importing =
  /^(?:import|export|\})[^'"`\n]*\bfrom ['"]([^'"]+)['"]|^import ['"]([^'"]+)['"]|\bimport\((?:\/\*.*?\*\/ )?['"]([^'"]+)['"]\)/gm

export const importsOf = (text: string) =>
  [...text.matchAll(importing)].map((match) => ({
    specifier: (match[1] ?? match[2] ?? match[3])!,
    line: lineAt(text, match.index),
  }))

export const lineAt = (text: string, index: number) => text.slice(0, index).split('\n').length

export const isTest = (path: string) => /\.(test|e2e)\.tsx?$/.test(path)

/** `file:line text` of every matching line. */
export const linesWith = (sources: Source[], pattern: RegExp): string[] =>
  sources.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, i) => (pattern.test(line) ? [`${path}:${i + 1} ${line.trim()}`] : [])),
  )
