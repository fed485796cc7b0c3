import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Vitest, createVitest } from 'vitest/node'
import { projectRoot } from '#config/config'
import { type Mutation, mutated, mutationsOf } from './mutations.ts'
import { type Outcome, progress, report } from '#test/support/outcome'

/** The code that decides permissions and nukes, each file with the tests that should notice a change, fast ones first. */
const subjects: Record<string, string[][]> = {
  'domain/access/permissions.ts': [
    ['domain/access/permissions'],
    ['domain/members', 'domain/tokens/tokens', 'domain/review/access', 'domain/organizations/members'],
    [
      'domain/accounts/users',
      'domain/projects/projects',
      'domain/organizations/organizations',
      'test/http/authorization',
      'test/contract',
      'test/v1/lane',
    ],
  ],
  'domain/access/scope.ts': [
    ['domain/access/scope.test'],
    ['domain/data/entities', 'domain/projects/environments'],
    ['prove/access/scopes'],
  ],
  'domain/nuke/nuke.ts': [['domain/nuke/nuke.test'], ['domain/nuke/undo', 'domain/nuke/purge', 'domain/nuke/races']],
}

/** A copy of the sources, so that changing files endangers nobody's work. */
function copyOfSources(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-mutants-'))
  for (const name of globSync('*', { cwd: projectRoot }))
    if (name !== 'node_modules' && name !== 'test-results')
      cpSync(join(projectRoot, name), join(folder, name), { recursive: true })
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

async function startTests(root: string): Promise<Vitest> {
  // Each test tries every surviving mutant. Their own reports are not the outcome of this proof.
  process.env['PROVE_SCOPES'] ??= '300'
  delete process.env['PROVE_RESULTS']
  const silent = { reporters: [{}], bail: 1, watch: false, project: ['unit'] }
  return createVitest('test', { root, config: join(root, 'vitest.config.ts'), ...silent }, { logLevel: 'silent' })
}

async function passes(tests: Vitest, names: string[]): Promise<boolean> {
  const specifications = await tests.globTestSpecifications(names)
  const files = new Set(specifications.map(({ moduleId }) => moduleId))
  const { testModules, unhandledErrors } = await tests.runTestSpecifications(specifications)
  // The result includes modules of earlier runs, such as those that noticed the previous mutant.
  const ran = testModules.filter(({ moduleId }) => files.has(moduleId))
  return unhandledErrors.length === 0 && ran.length === files.size && ran.every((module) => module.ok())
}

const titled = (path: string, { line, was, text }: Mutation) =>
  `${path}:${line}  ${was.replaceAll(/\s+/g, ' ').slice(0, 60)}  →  ${text.replaceAll(/\s+/g, ' ').slice(0, 60)}`

/**
 * Mutates the code that decides permissions and nukes, one change at a time, and checks that a test notices. Lists the mutants
 * that no test notices. `only` is a part of a path, or a path and a line: domain/nuke/nuke.ts:38.
 */
async function proveMutants(only = ''): Promise<Outcome> {
  const root = copyOfSources()
  const tests = await startTests(root)
  const paths = Object.keys(subjects).filter((path) => path.includes(only.split(':')[0]!))
  const all = paths.flatMap((path) => {
    const source = readFileSync(join(root, path), 'utf8')
    const chosen = mutationsOf(path, source).filter((mutation) => titled(path, mutation).includes(only))
    return chosen.map((mutation) => ({ path, source, mutation }))
  })
  const alive: string[] = []
  try {
    for (const path of paths)
      for (const names of subjects[path]!)
        if (!(await passes(tests, names)))
          throw new Error(`The tests of ${path} fail before anything is changed: ${names.join()}`)
    for (const [i, { path, source, mutation }] of all.entries()) {
      progress(i, all.length, `${alive.length} alive`)
      const file = join(root, path)
      writeFileSync(file, mutated(source, mutation))
      tests.invalidateFile(file)
      let isAlive = true
      for (const names of subjects[path]!) isAlive &&= await passes(tests, names)
      if (isAlive) {
        alive.push(titled(path, mutation))
        process.stderr.write(`\n${alive.at(-1)}\n`)
      }
      writeFileSync(file, source)
      tests.invalidateFile(file)
    }
  } finally {
    await tests.close()
    rmSync(root, { recursive: true })
  }
  return { what: 'mutants killed', tried: all.length, failures: alive, allowed: Math.floor(all.length / 10) }
}

const failures = report(await proveMutants(process.argv[2]))
for (const failure of failures) process.stderr.write(`${failure}\n`)
process.exitCode = failures.length > 0 ? 1 : 0
