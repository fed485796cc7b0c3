// npm run pack: everything that a server needs to run, built, as two archives in dist/. `…-bare` is without Node and PostgreSQL,
// for an image and for machines that have both; the other one starts on a machine with Node 20 or newer and nothing else.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '#config/project-root'
import { version } from '#config/version'
import { ensureBuilt } from '../build.mjs'
import { findShipped } from './shipped.ts'
import { sizeOf, stage, stageProgram, writeManifest } from './stage.ts'

const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(0)} MB`

/** In order of names and owned by nobody in particular, so that the same files make the same archive. */
const gnuOptions = process.platform === 'linux' ? ['--sort=name', '--owner=0', '--group=0', '--numeric-owner'] : []

function archive(folder: string, name: string, to: string) {
  const { status } = spawnSync('tar', ['-czf', to, ...gnuOptions, '-C', folder, name], { stdio: 'inherit' })
  if (status !== 0) throw new Error(`tar could not write ${to}`)
  console.log(`${to}: ${megabytes(statSync(to).size)}, ${megabytes(sizeOf(join(folder, name)))} unpacked`)
}

await ensureBuilt()
const output = join(projectRoot, 'dist')
mkdirSync(output, { recursive: true })
const work = mkdtempSync(join(tmpdir(), 'bulkhead-pack-'))
try {
  const name = `bulkhead-${version}`
  const folder = join(work, name)
  mkdirSync(folder)
  // What is packed must be readable by whoever runs it, whatever the umask here.
  chmodSync(folder, 0o755)
  const platform = `${process.platform}-${process.arch}`
  const shipped = findShipped(JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8')))
  stage(folder, shipped)
  writeManifest(folder, [...shipped.roots])
  archive(work, name, join(output, `${name}-${platform}-bare.tar.gz`))
  stageProgram(folder, shipped)
  writeManifest(folder, [...shipped.roots, ...shipped.programs])
  archive(work, name, join(output, `${name}-${platform}.tar.gz`))
} finally {
  rmSync(work, { recursive: true, force: true })
}
