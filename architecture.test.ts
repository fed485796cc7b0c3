import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path/posix'
import { describe, expect, test } from 'vitest'

const root = import.meta.dirname
const ignored = /(^|\/)(node_modules|\.next|\.data|bench\/peers|bench\/results)(\/|$)/
const paths = globSync('**/*.{ts,tsx,mjs}', { cwd: root, exclude: (path) => ignored.test(path) }).sort()
const files = paths.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8'), room: roomOf(path) }))

type Room = keyof typeof mayImport | 'anything'

/** Which rooms a room may import besides itself. Data flows one way; an arrow that is not here is refused. */
const mayImport = {
  contract: [],
  config: ['contract', 'db'],
  db: [],
  domain: ['db', 'contract', 'config'],
  process: [],
  'server/http': ['domain', 'contract', 'db', 'config', 'process'],
  'server/jobs': ['domain', 'contract', 'db', 'config', 'process'],
  'demo/sample': ['domain', 'contract', 'db'],
  route: ['server/http', 'domain', 'contract', 'demo/sample'],
  queries: ['contract'],
  'components/ui': [],
  components: ['components/ui', 'contract'],
  app: ['components', 'components/ui', 'queries', 'contract'],
} as const satisfies Record<string, readonly string[]>

/** Where each file lives; the first that fits. What may import anything: tests, the process itself, and the tools around it. */
function roomOf(path: string): Room {
  const rooms: [RegExp, Room][] = [
    [/\.test\.tsx?$|^(e2e|bench|prove|test)\/|^[^/]+$/, 'anything'],
    [/^tools\//, 'anything'],
    [/^contract\//, 'contract'],
    [/^config\//, 'config'],
    [/^db\//, 'db'],
    [/^domain\//, 'domain'],
    [/^demo\/sample\//, 'demo/sample'],
    [/^demo\//, 'anything'],
    [/^server\/(log|lifecycle)\.ts$/, 'process'],
    [/^server\/http\//, 'server/http'],
    [/^server\/jobs\//, 'server/jobs'],
    [/^server\//, 'anything'],
    [/^queries\//, 'queries'],
    [/^components\/ui\//, 'components/ui'],
    [/^components\//, 'components'],
    [/^app\/.*\/route\.ts$/, 'route'],
    [/^app\//, 'app'],
  ]
  const found = rooms.find(([pattern]) => pattern.test(path))
  if (!found) throw new Error(`${path} belongs to no room of design.md`)
  return found[1]
}

const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { imports: Record<string, string> }

/** The path of one of our files, or the name of a package. */
function resolve(from: string, specifier: string): { ours: string } | { theirs: string } {
  if (specifier.startsWith('.')) return { ours: join(dirname(from), specifier) }
  for (const [name, target] of Object.entries(imports)) {
    const prefix = name.replace('*', '')
    if (name === specifier || (name.endsWith('*') && specifier.startsWith(prefix))) {
      return { ours: target.replace('*', specifier.slice(prefix.length)).replace('./', '') }
    }
  }
  return { theirs: specifier }
}

/** Every form that oxfmt leaves: one line, the last line of several, for its side effects, and at run time. */
const importing =
  /^(?:import|export|\})[^'"`\n]*\bfrom ['"]([^'"]+)['"]|^import ['"]([^'"]+)['"]|\bimport\((?:\/\*.*?\*\/ )?['"]([^'"]+)['"]\)/gm

const importsOf = (text: string) =>
  [...text.matchAll(importing)].map((match) => ({
    specifier: (match[1] ?? match[2] ?? match[3])!,
    line: lineAt(text, match.index),
  }))

const lineAt = (text: string, index: number) => text.slice(0, index).split('\n').length

const allImports = files.flatMap(({ path, text, room }) =>
  importsOf(text).map(({ specifier, line }) => ({
    room,
    path,
    specifier,
    where: `${path}:${line}`,
    to: resolve(path, specifier),
  })),
)

/** `file:line text` of every line that fits, in files that the filter lets through. */
function linesWith(pattern: RegExp, only: (file: (typeof files)[number]) => boolean): string[] {
  return files
    .filter(only)
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, i) => (pattern.test(line) ? [`${path}:${i + 1} ${line.trim()}`] : [])),
    )
}

describe('imports', () => {
  test('are read in every form', () => {
    const lines = [
      "import a, { b } from 'one'",
      'import {',
      '  c,',
      "} from 'two'",
      "import 'three'",
      "export * from 'four'",
      "await import('five')",
    ]
    expect(importsOf(lines.join('\n')).map(({ specifier }) => specifier)).toEqual(['one', 'two', 'three', 'four', 'five'])
    const silent = files.filter(({ text }) => /^import\b/m.test(text) && importsOf(text).length === 0)
    expect(silent.map(({ path }) => path)).toEqual([])
  })

  test('run only along the arrows of the design', () => {
    const against = allImports.flatMap(({ room, where, specifier, to }) => {
      if (room === 'anything' || !('ours' in to)) return []
      const target = roomOf(to.ours)
      const allowed: readonly string[] = mayImport[room]
      return target === room || allowed.includes(target) ? [] : [`${where} ${room} imports ${specifier} (${target})`]
    })
    expect(against).toEqual([])
  })

  test.for([
    ['contract', /^(?!zod$)/],
    ['db', /^(next|react|@tanstack|zod)/],
    ['domain', /^(next|react|kysely|pg|hono|@hono)/],
    ['server/http', /^next(\/|$)/],
    ['queries', /^(next\/server|kysely|pg|node:)/],
    ['components', /^(kysely|pg|node:)/],
    ['components/ui', /^(kysely|pg|node:|@tanstack\/react-query)/],
  ] as const)('%s keeps away from packages that are not its business', ([room, foreign]) => {
    const found = allImports.filter((one) => one.room === room && 'theirs' in one.to && foreign.test(one.specifier))
    expect(found.map(({ where, specifier }) => `${where} ${specifier}`)).toEqual([])
  })

  test('a route handler is a plain Web handler: only next-auth’s own one knows Next', () => {
    const found = allImports.filter(
      ({ room, path, specifier }) => room === 'route' && specifier.startsWith('next') && !path.startsWith('app/api/auth/'),
    )
    expect(found.map(({ where, specifier }) => `${where} ${specifier}`)).toEqual([])
  })
})

describe('places', () => {
  test('nothing is named for being left over', () => {
    const vague = /^(utils?|helpers?|libs?|managers?|commons?|misc|shared)$/
    const isVague = (path: string) =>
      !/^contract\/(v1\/)?common\.ts$/.test(path) &&
      path.split('/').some((part) => vague.test(basename(part).replace(/\..*$/, '')))
    expect(paths.filter(isVague)).toEqual([])
  })

  test('SQL is written in db/ alone', () => {
    const pattern = /\bsql(<[^`]*>)?`|\.(selectFrom|insertInto|updateTable|deleteFrom|mergeInto)\(/
    expect(linesWith(pattern, ({ room }) => room !== 'db' && room !== 'anything')).toEqual([])
  })

  test('no page, component or handler compares roles: the API says what the caller may do', () => {
    const pattern = /\brole\s*[!=]={1,2}(?![=\s]*null)|[!=]==?\s*['"](owner|admin|member|viewer)['"]/
    const faces: Room[] = ['app', 'route', 'components', 'components/ui', 'queries', 'server/http']
    expect(linesWith(pattern, ({ room }) => faces.includes(room))).toEqual([])
  })
})

/** Async functions of a project or organisation that are no verbs: they run inside one, after its assertion. */
const insideVerbs: Record<string, string> = {
  environmentToRead: 'resolves the environment of a URL for a verb that has asserted',
  environmentToWrite: 'the same for writing',
}

describe('verbs', () => {
  const verb =
    /^export (?:async function|const) (\w+)(?: = async )?\(\s*(?:\w+|\{[^}]*\}): (?:Project|Org)Context\b[\s\S]*?\n(?=\})/gm
  const verbs = files
    .filter(({ room }) => room === 'domain' || room === 'demo/sample')
    .flatMap(({ path, text }) =>
      [...text.matchAll(verb)].map((match) => ({
        name: match[1]!,
        where: `${path}:${lineAt(text, match.index)}`,
        body: match[0],
      })),
    )
    .filter(({ body }) => body.startsWith('export async') || body.includes('= async'))

  test('are found', () => {
    expect(verbs.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['nukeProject', 'createPersonalToken', 'listProjects', 'addCellMember']),
    )
  })

  test('assert first', () => {
    const careless = verbs.filter(({ name, body }) => {
      const firstStatement = body
        .split(/\{\n|=> \{\n/)
        .slice(1)
        .join('{\n')
        .trimStart()
      return !(name in insideVerbs) && !/^assertCan(InOrganization)?\(/.test(firstStatement)
    })
    expect(careless.map(({ where, name }) => `${where} ${name}`)).toEqual([])
  })

  test('those excepted still exist', () => {
    expect(Object.keys(insideVerbs).filter((name) => !verbs.some((one) => one.name === name))).toEqual([])
  })
})
