import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { projectRoot } from '#config/project-root'
import { report } from '#test/support/outcome'
import { commandsOfOperations, knownCommands } from '#test/docs/operations-commands'
import { isBuilt } from '../../tools/build.mjs'
import { pack, start } from './packed.ts'
import { spawnSync } from 'node:child_process'

const isProof = isBuilt() && process.env['PROVE_PACK'] !== undefined

const path = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes('node_modules'))
  .join(delimiter)

/** Folders of the page, which are below a temporary folder here. */
const folders = /\/(opt|etc|srv|var\/lib|var\/backups)\/(bulkhead|systemd)/g

describe.skipIf(!isProof)('the commands of docs/operations.md', () => {
  const root = mkdtempSync(join(tmpdir(), 'bulkhead-operations-'))
  afterAll(() => rmSync(root, { recursive: true, force: true }))

  test('work as they are written', { timeout: 0 }, async () => {
    pack()
    const repository = join(root, 'repository')
    const installed = join(root, 'opt', 'bulkhead')
    const here = (text: string) => text.replaceAll(folders, (folder) => root + folder).replace('SECRET ', `${data}/secret `)
    const data = join(root, 'var', 'lib', 'bulkhead')
    mkdirSync(data, { recursive: true })
    for (const one of ['dist', 'deploy']) cpSync(join(projectRoot, one), join(repository, one), { recursive: true })
    const environment = { PATH: path, HOME: root, PORT: '0', BULKHEAD_DATA_DIR: data, BULKHEAD_LOG_LEVEL: '' }
    const failures: string[] = []
    const left = new Set(commandsOfOperations().filter((command) => knownCommands[command] === 'run'))
    left.delete('npm run pack')

    /** Runs it in a shell, as somebody would who has typed it in this folder. */
    function type(command: string, cwd: string, more: Record<string, string> = {}) {
      left.delete(command)
      const env = { ...environment, ...more } as unknown as NodeJS.ProcessEnv
      const { status, stdout, stderr } = spawnSync('sh', ['-ec', here(command)], { cwd, env, encoding: 'utf8' })
      if (status !== 0) failures.push(`${command}: ${status} ${stdout.slice(0, 500)}${stderr.slice(-500)}`)
      return stdout
    }
    const stay = [...left]
    const beginning = (text: string) => stay.filter((command) => command.startsWith(text))

    for (const command of [...beginning('mkdir -p /opt'), ...beginning('tar '), ...beginning('install '), ...beginning('echo ')])
      type(command, repository)
    const deploy = [...beginning('cd deploy'), ...beginning('mkdir -m'), ...beginning('openssl'), ...beginning('chmod')]
    for (const command of deploy) type(command, command === 'cd deploy' ? repository : join(repository, 'deploy'))
    if ((statSync(join(repository, 'deploy/secrets')).mode & 0o777) !== 0o700) failures.push('the secrets are open')

    left.delete('/opt/bulkhead/bulkhead start')
    const server = await start(join(installed, 'bulkhead'), ['start'], { cwd: root, env: environment })
    for (const command of beginning('BULKHEAD_DATA_DIR=/var/lib')) type(command, root)
    for (const command of [...beginning('/opt/bulkhead/bulkhead').filter((one) => !one.endsWith('start')), 'npx bulkhead'])
      if (!type(command, installed).startsWith('Usage: ')) failures.push(`${command}: no help`)
    type('npx bulkhead version', installed)
    for (const command of stay.filter((one) => one.includes('npx bulkhead backup'))) type(command, installed)
    for (const command of beginning('mkdir -p /srv')) type(command, root)
    for (const command of beginning('BULKHEAD_DATA_DIR=/srv')) type(command, installed)
    const restored = { BULKHEAD_DATA_DIR: join(root, 'srv', 'bulkhead-new') }
    for (const command of beginning('npx bulkhead resume')) type(command, installed, restored)
    if ((await server.stop()) !== 0) failures.push('the server did not stop with code 0')

    const old = readFileSync(join(data, 'secret'), 'utf8').trim()
    const secrets = { BULKHEAD_SECRET: 'x'.repeat(64), BULKHEAD_PREVIOUS_SECRETS: old }
    type('npx bulkhead rotate-secrets', installed, secrets)
    left.delete('npm start')
    const again = await start('npm', ['start'], { cwd: installed, env: { ...environment, ...secrets } })
    if ((await fetch(`${again.url}/readyz`)).status !== 200) failures.push('npm start: not ready')
    await again.stop()
    await expect
      .poll(
        () =>
          fetch(again.url).then(
            () => 'up',
            () => 'down',
          ),
        { timeout: 60_000 },
      )
      .toBe('down')

    const what = 'pack: commands of docs/operations.md that work as written'
    failures.push(...[...left].map((command) => `${command}: was not tried`))
    expect(report({ what, tried: stay.length, failures })).toEqual([])
  })
})
