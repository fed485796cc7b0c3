import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { projectRoot } from '#config/project-root'
import { freePort } from '#server/postgres/reach'
import { createTestDatabase } from '#test/support/database/database'
import { report } from '#test/support/outcome'
import { isBuilt } from '../../tools/build.mjs'
import { askEverything, pack, run, start } from './packed.ts'

const isProof = isBuilt() && process.env['PROVE_IMAGE'] !== undefined

/** The largest image that is small enough. */
const MOST = 500_000_000

type OciConfig = { User: string; Env: string[]; Entrypoint: string[]; Cmd: string[]; WorkingDir: string }

const bytesIn = (folder: string) => Number(run('du', ['-sbx', folder]).split('\t')[0])
const inMegabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(0)} MB`

describe.skipIf(!isProof)('the image of deploy/Containerfile', () => {
  const work = mkdtempSync(join(tmpdir(), 'bulkhead-image-'))
  const root = join(work, 'root')
  const mounted: string[] = []
  let config: OciConfig
  let sizes = { image: 0, server: 0, node: 0 }

  /** Its storage is in the folder of this proof, so nothing of it is left behind. */
  const buildah = (...args: string[]) =>
    run('buildah', ['--storage-driver', 'vfs', '--root', join(work, 'storage'), '--runroot', join(work, 'runroot'), ...args])

  function mount(to: string, ...args: string[]) {
    run('mount', [...args, to])
    mounted.unshift(to)
  }

  /** Debian with Node, as the official image of Node is made. */
  function makeBase(): string {
    const base = process.env['PROVE_IMAGE_BASE'] ?? join(work, 'debian')
    if (process.env['PROVE_IMAGE_BASE'] === undefined) run('debootstrap', ['--variant=minbase', 'trixie', base])
    const container = buildah('from', 'scratch')
    const filled = buildah('mount', container)
    run('cp', ['-a', `${base}/.`, filled])
    for (const unneeded of ['var/cache/apt', 'var/lib/apt/lists', 'usr/share/doc', 'usr/share/locale'])
      rmSync(join(filled, unneeded), { recursive: true, force: true })
    cpSync(process.execPath, join(filled, 'usr/local/bin/node'), { dereference: true })
    buildah('commit', '--rm', container, 'localhost/base')
    return 'localhost/base'
  }

  beforeAll(() => {
    pack()
    const base = makeBase()
    const options = ['PACKED=archive', `BASE_IMAGE=${base}`, `NODE_IMAGE=${base}`].flatMap((one) => ['--build-arg', one])
    const building = ['bud', '--isolation', 'chroot', '--layers=false', ...options]
    buildah(...building, '-f', join(projectRoot, 'deploy', 'Containerfile'), '-t', 'localhost/bulkhead', projectRoot)
    const container = buildah('from', 'localhost/bulkhead')
    const filled = buildah('mount', container)
    config = (JSON.parse(buildah('inspect', '--type', 'image', 'localhost/bulkhead')) as { OCIv1: { config: OciConfig } }).OCIv1
      .config
    sizes = {
      image: bytesIn(filled),
      server: bytesIn(join(filled, 'opt', 'bulkhead')),
      node: bytesIn(join(filled, 'usr', 'local', 'bin', 'node')),
    }
    mkdirSync(root)
    mount(root, '--bind', filled)
    run('mount', ['-o', 'remount,bind,ro', root])
    mount(join(root, 'proc'), '-t', 'proc', 'proc')
    mount(join(root, 'dev'), '--bind', '/dev')
    mount(join(root, 'tmp'), '-t', 'tmpfs', '-o', 'mode=1777', 'tmpfs')
  }, 0)
  afterAll(() => {
    for (const path of mounted) run('umount', [path])
    buildah('rm', '--all')
    rmSync(work, { recursive: true, force: true })
  }, 0)

  /** How an engine starts it: with its own user, variables, folder and program. */
  const inside = (settings: Record<string, string>, command: string[]) => [
    `--userspec=${config.User}`,
    root,
    '/usr/bin/env',
    '-i',
    `--chdir=${config.WorkingDir}`,
    ...config.Env,
    ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
    ...command,
  ]

  test('serves as uid 10001 with a read-only root, and has the command line', { timeout: 0 }, async () => {
    const database = await createTestDatabase({ bare: true })
    const settings = {
      DATABASE_URL: database.url,
      BULKHEAD_SECRET: 'a secret of the tests, long enough to be one',
      HOST: '127.0.0.1',
      PORT: String(await freePort()),
    }
    const bulkhead = (...args: string[]) => run('chroot', inside(settings, [...config.Entrypoint, ...args]))
    try {
      const server = await start('chroot', inside(settings, [...config.Entrypoint, ...config.Cmd]))
      const failures: string[] = []
      const uids = /^Uid:\s+(.*)$/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))![1]!
      if (uids.split('\t').some((uid) => uid !== '10001')) failures.push(`runs as ${uids}`)
      const written = run('chroot', inside({}, ['sh', '-c', 'touch /opt/bulkhead/x /x 2>&1; id -u; touch /tmp/x && echo tmp']))
      if ((written.match(/Read-only file system/g) ?? []).length !== 2 || !written.endsWith('10001\ntmp')) failures.push(written)
      bulkhead('demo', '--password', 'correct horse battery')
      const token = bulkhead('token', 'create', '--user', 'mara.lindqvist@acme-fleet.example')
      failures.push(...(await askEverything(server.url, token)))
      if (!bulkhead('version').startsWith('bulkhead ')) failures.push('bulkhead version')
      bulkhead('check')
      bulkhead('backup', '/tmp/one.backup')
      if (bytesIn(join(root, 'tmp', 'one.backup')) < 10_000) failures.push('bulkhead backup')
      if ((await server.stop()) !== 0) failures.push('the server did not stop with code 0')
      process.stderr.write(`ready after ${server.seconds.toFixed(1)} s\n`)
      expect(report({ what: 'image: serves as uid 10001 with a read-only root', tried: 1, failures })).toEqual([])
    } finally {
      await database.drop()
    }
  })

  test('is small, and has one Node, no PostgreSQL and no package for development', { timeout: 0 }, () => {
    const { image, server, node } = sizes
    process.stderr.write(
      `image ${inMegabytes(image)}: server ${inMegabytes(server)}, Node ${inMegabytes(node)}, Debian ${inMegabytes(image - server - node)}\n`,
    )
    const found = run('find', [
      root,
      '-xdev',
      '-type',
      'f',
      '(',
      '-name',
      'node',
      '-o',
      '-name',
      'postgres',
      ')',
      '-perm',
      '-100',
    ])
    const failures = [
      ...(image <= MOST ? [] : [inMegabytes(image)]),
      ...found.split('\n').filter((path) => path !== join(root, 'usr/local/bin/node')),
      ...run('find', [root, '-xdev', '-path', '*/node_modules/typescript']).split('\n').filter(Boolean),
    ]
    expect(report({ what: 'image: at most 500 MB, without what a server does not need', tried: 1, failures })).toEqual([])
  })
})
