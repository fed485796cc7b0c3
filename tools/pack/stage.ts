import { chmodSync, cpSync, lstatSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { projectRoot } from '#config/project-root'
import type { Shipped } from './shipped.ts'

/** Of packages: what only people, builds and their own tests read. Node runs no TypeScript of a package. */
const unread = /\.(map|[cm]?ts|md|markdown|tsbuildinfo)$|^(test|tests|__tests__|benchmarks?|examples?)(\/|$)/

/** Of Next: its development server, its own documentation and the copies that its bundler reads. */
const unusedOfNext =
  /^next\/dist\/(esm|docs|next-devtools|bundle-analyzer|compiled\/next-devtools|compiled\/[^/]+-experimental)(\/|$)|^next\/dist\/compiled\/next-server\/[^/]+\.dev\.js$/

/** Of Node: headers and manuals. */
const unusedOfNode = /^node-(bin-)?(darwin|linux|win)-[^/]+\/(include|share)(\/|$)/

/** Of the build: what `next build` writes down about itself. */
const unusedOfBuild = /^(cache|trace|trace-build|diagnostics|types|api|maps|dev|built-from)(\/|$)|\.nft\.json$|\.map$/

/** The size of the files of a folder. */
export const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + lstatSync(join(parentPath, name)).size, 0)

function copy(from: string, to: string, isWanted: (path: string) => boolean) {
  const source = join(projectRoot, from)
  mkdirSync(dirname(to), { recursive: true })
  cpSync(source, to, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => path === source || isWanted(relative(source, path).replaceAll('\\', '/')),
  })
}

function copyPackages(to: string, folders: string[]) {
  for (const folder of folders) {
    const name = folder.slice('node_modules/'.length)
    copy(folder, join(to, folder), (path) => {
      const whole = `${name}/${path}`
      // A nested package comes by itself when it is needed.
      if (unread.test(path) || /(^|\/)node_modules(\/|$)/.test(path)) return false
      return !unusedOfNext.test(whole) && !unusedOfNode.test(whole)
    })
  }
}

/** Everybody may read and list, and run what could be run. */
function openUp(folder: string) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue
    const path = join(entry.parentPath, entry.name)
    const { mode } = lstatSync(path)
    chmodSync(path, entry.isDirectory() || mode & 0o111 ? 0o755 : 0o644)
  }
}

/** Lays out a server that finds Node and PostgreSQL elsewhere. */
export function stage(to: string, { files, packages }: Shipped) {
  for (const file of files) copy(file, join(to, file), () => true)
  copy('.next', join(to, '.next'), (path) => !unusedOfBuild.test(path))
  copyPackages(to, packages)
  chmodSync(join(to, 'server', 'bulkhead.mjs'), 0o755)
  symlinkSync(join('server', 'bulkhead.mjs'), join(to, 'bulkhead'))
  openUp(to)
}

/** Adds Node and PostgreSQL. */
export function stageProgram(to: string, { ofPrograms }: Shipped) {
  copyPackages(to, ofPrograms)
  openUp(to)
}

type Manifest = Record<string, unknown> & { dependencies: Named; optionalDependencies: Named }
type Named = Record<string, string>

/** The package.json of what is packed: nothing in it needs to be installed or built. */
export function writeManifest(to: string, packages: string[]) {
  const whole = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as Manifest
  const { name, version, description, license, bin, type, imports, engines } = whole
  const only = (named: Named) => Object.fromEntries(Object.entries(named).filter(([one]) => packages.includes(one)))
  const manifest = {
    name,
    version,
    private: true,
    description,
    license,
    bin,
    type,
    imports,
    engines,
    scripts: { start: 'node server/bulkhead.mjs start' },
    dependencies: only(whole.dependencies),
    optionalDependencies: only(whole.optionalDependencies),
  }
  writeFileSync(join(to, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}
