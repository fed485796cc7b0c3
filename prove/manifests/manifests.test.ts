import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { projectRoot } from '#config/project-root'
import { report } from '#test/support/outcome'

const folder = join(projectRoot, 'deploy', 'kubernetes')
const published = join(import.meta.dirname, 'published')
const isProof = process.env['PROVE_MANIFESTS'] !== undefined

type Manifest = { kind: string; spec?: Record<string, unknown> }
const read = (): [string, Manifest][] =>
  readdirSync(folder).flatMap((file) =>
    parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((one): [string, Manifest] => [file, one.toJS() as Manifest]),
  )

/** In a program of its own, since only this proof has these packages. */
const check = (manifests: [string, Manifest][]) =>
  JSON.parse(
    execFileSync(process.execPath, ['check.mjs'], {
      cwd: published,
      input: JSON.stringify(manifests),
      encoding: 'utf8',
    }),
  ) as string[]

describe.skipIf(!isProof)('deploy/kubernetes', () => {
  test('matches the published schemas of Kubernetes', { timeout: 0 }, () => {
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: published, stdio: 'ignore' })
    const manifests = read()
    const failures = check(manifests)
    expect(check(manifests.map(([file, one]) => [file, { ...one, kind: `${one.kind}s` }]))).toHaveLength(manifests.length)
    const wrong = manifests.filter(([, { kind }]) => kind === 'Deployment')
    expect(check(wrong.map(([file, one]) => [file, { ...one, spec: { ...one.spec, replicas: 'two' } }]))).toHaveLength(1)
    expect(report({ what: 'manifests: match the published schemas', tried: manifests.length, failures })).toEqual([])
  })
})
