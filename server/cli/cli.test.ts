import { execFile } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { replaceDatabase } from '#db/client'
import { findCommand } from './command.ts'
import { commands } from './commands.ts'
import { run } from './run.ts'
import { UsageError } from './usage-error.ts'
import { projectRoot } from '#config/config'
import { findRunningPostgres, type RunningPostgres, startPostgres } from '../postgres/embedded.ts'

// Each command starts a process, and some start a database server.
vi.setConfig({ testTimeout: 120_000 })

let dataDir = ''
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'bulkhead-cli-'))
  // mkdtemp closes the folder to other users, and root's PostgreSQL runs as one of them.
  chmodSync(dataDir, 0o755)
})
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

/** Every command on the database says first on which one it works. */
const withoutPlace = (stderr: string) => stderr.replace(/^Database: Bulkhead’s own, in .*\n/, '')

/** Runs the real program, with `input` on its stdin. */
function program(args: string[], input = '') {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const env = { ...process.env, BULKHEAD_DATA_DIR: dataDir, DATABASE_URL: '', BULKHEAD_LOG_LEVEL: '' }
    const child = execFile(
      process.execPath,
      [join(projectRoot, 'server/bulkhead.mjs'), ...args],
      { env, cwd: tmpdir() },
      (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr: withoutPlace(stderr) })
      },
    )
    child.stdin?.end(input)
  })
}

const ada = ['--user', 'ada@example.com']

describe('invalid command lines', () => {
  test.each([
    [['user', 'create', '--name', 'Ada'], '--email is required'],
    [['user', 'create', '--email', 'ada', '--name', 'Ada'], '--email must be an email address'],
    [['user', 'create', '--email', '\u212Aim@example.com', '--name', 'Kim'], '--email must be an email address'],
    [['token', 'create', '--user', '\u212Aim@example.com'], '--user must be an email address'],
    [
      ['user', 'create', '--email', 'a@b.example', '--name', 'A', '--password', 'short'],
      '--password must be at least 12 characters',
    ],
    [
      ['org', 'create', '--slug', 'Acme', '--name', 'Acme'],
      '--slug must be 1–48 lowercase letters, digits and hyphens, and must not begin or end with a hyphen',
    ],
    [['org', 'add-member', '--org', 'acme', ...ada, '--role', 'king'], '--role must be one of owner, admin, member, viewer'],
    [['quota', '--projects', '5'], '--org is required'],
    [['quota', '--org', 'acme', '--rows', '-1'], 'write --rows=-… for a value that starts with a hyphen'],
    [['quota', '--org', 'acme', '--rows=-1'], '--rows must be a whole number up to 2147483647, or default'],
    [['quota', '--org', 'acme', '--rows', 'many'], '--rows must be a whole number up to 2147483647, or default'],
    [['token', 'create'], 'give either --user or --project'],
    [['token', 'create', ...ada, '--role', 'admin'], '--role requires --project; a personal token has its user’s permissions'],
    [['token', 'create', '--project', 'acme'], '--project must be ORG/PROJECT'],
    [['token', 'create', ...ada, '--expires', '2020-01-01T00:00:00Z'], '--expires must be in the future'],
    [['token', 'create', '--user'], '--user needs a value'],
    [['token', 'create', ...ada, ...ada], '--user can be given only once'],
    [['migrate', '--fast'], 'unknown option --fast'],
    [['migrate', 'now'], 'unexpected argument "now"'],
  ])('%j', async (args, sentence) => {
    const { command, rest } = findCommand(commands, args)!
    await expect(command.prepare(rest)).rejects.toThrow(new UsageError(sentence))
  })

  test('exit with code 2 and one sentence, and start no database', async () => {
    expect(await program(['fly'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'bulkhead: unknown command "fly". Run it with --help for usage.\n',
    })
    expect(await program(['start', 'now'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'bulkhead: unexpected argument "now". Run it with --help for usage.\n',
    })
    expect(await program(['token', 'create'])).toMatchObject({ code: 2, stdout: '' })
    expect(await findRunningPostgres({ dataDir })).toBeUndefined()
  })
})

test('prints help and version without a database', async () => {
  const overview = await program([])
  expect(overview).toMatchObject({ code: 0, stderr: '' })
  expect(overview.stdout).toContain('token create')
  for (const args of [
    ['help', 'token', 'create'],
    ['token', 'create', '--help'],
  ]) {
    expect((await program(args)).stdout).toContain('--project ORG/PROJECT [--role ROLE]')
  }
  expect((await program(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test('completes command lines in bash', async () => {
  const { stdout: script } = await program(['completion', 'bash'])
  const completed = (line: string[]) =>
    new Promise<string[]>((resolve, reject) => {
      const words = ['bulkhead', ...line].map((word) => `'${word}'`).join(' ')
      const ask = `${script}\nCOMP_WORDS=(${words}); COMP_CWORD=${line.length}; _bulkhead; printf '%s\\n' "\${COMPREPLY[@]}"`
      execFile('bash', ['--norc', '-c', ask], (error, stdout) => (error ? reject(error) : resolve(stdout.trim().split('\n'))))
    })
  expect(await completed(['nu'])).toEqual(['nuke'])
  expect(await completed(['org', ''])).toEqual(['export', 'plan', 'apply', 'schema', 'create', 'add-member'])
  expect(await completed(['nuke', 'acme/x', '--c'])).toEqual(['--confirm'])
  expect(await completed(['members', 'a'])).toEqual(['add'])
  expect(await completed(['members', 'add', 'acme/x', '--ro'])).toEqual(['--role'])
  expect((await program(['completion', 'tcsh'])).code).toBe(2)
})

describe('in sequence', () => {
  test('starts the database for each command and stops it, while no server runs', async () => {
    const password = 'correct horse battery'
    const user = await program(
      ['user', 'create', '--email', 'Ada@Example.com', '--name', 'Ada Byron', '--password', '-'],
      `${password}\n`,
    )
    expect(user).toMatchObject({ code: 0, stdout: '' })
    expect(user.stderr).toContain('Created ada@example.com. They can sign in now.')
    expect(await findRunningPostgres({ dataDir })).toBeUndefined()

    const org = await program(['org', 'create', '--slug', 'acme', '--name', 'Acme', '--owner', 'ada@example.com'])
    expect(org).toEqual({ code: 0, stdout: '', stderr: 'Created the organization acme, owned by ada@example.com.\n' })
    const again = await program(['org', 'create', '--slug', 'acme', '--name', 'Acme'])
    expect(again).toEqual({ code: 1, stdout: '', stderr: 'The slug acme is taken. Choose another slug.\n' })
    const twice = await program(['user', 'create', '--email', 'ada@example.com', '--name', 'Ada'])
    expect(twice).toEqual({
      code: 1,
      stdout: '',
      stderr: 'There is already a user with the email ada@example.com. Use another email.\n',
    })
    expect(await findRunningPostgres({ dataDir })).toBeUndefined()
  })

  describe('while a server runs', () => {
    let server: RunningPostgres
    beforeAll(async () => {
      server = await startPostgres({ dataDir })
    })
    afterAll(() => server.stop())

    /** Runs a command in this process. */
    async function bulkhead(args: string[]) {
      const lines = { stdout: [] as string[], stderr: [] as string[] }
      const textOf = (name: keyof typeof lines) => lines[name].map((line) => `${line}\n`).join('')
      vi.stubEnv('BULKHEAD_DATA_DIR', dataDir)
      vi.stubEnv('DATABASE_URL', '')
      const code = await run(args, { print: (line) => lines.stdout.push(line), say: (line) => lines.stderr.push(line) })
      vi.unstubAllEnvs()
      return { code, stdout: textOf('stdout'), stderr: withoutPlace(textOf('stderr')) }
    }

    async function query(text: string) {
      const client = new Client({ connectionString: server.url })
      await client.connect()
      const { rows } = await client.query<Record<string, unknown>>({ text })
      await client.end()
      return rows
    }

    test('works on the server’s database and leaves it running', async () => {
      expect((await program(['user', 'create', '--email', 'bob@example.com', '--name', 'Bob'])).stderr).toBe(
        'Created bob@example.com, without a password.\n',
      )
      const bob = ['--org', 'acme', '--user', 'bob@example.com']
      expect((await bulkhead(['org', 'add-member', ...bob, '--role', 'viewer'])).stderr).toBe(
        'bob@example.com is now viewer of acme.\n',
      )
      expect(await bulkhead(['org', 'add-member', ...bob])).toMatchObject({
        code: 1,
        stderr: 'bob@example.com is already in this organization.\n',
      })
      expect((await bulkhead(['grant-owner', ...bob])).stderr).toBe('bob@example.com is now owner of acme.\n')
      const nobody = await bulkhead(['grant-owner', '--org', 'acme', '--user', 'eve@example.com'])
      expect(nobody).toEqual({ code: 1, stdout: '', stderr: 'There is no user with the email eve@example.com.\n' })
      expect(await findRunningPostgres({ dataDir })).toBe(server.url)
    })

    test('removes lost second factors and records an event', async () => {
      const reset = ['user', 'reset-factors', '--email', 'ada@example.com']
      const done = await bulkhead(reset)
      expect(done).toEqual({ code: 0, stdout: '', stderr: 'ada@example.com had no second factor.\n' })
      await query(`insert into totp_factors (user_id, key_id, sealed, confirmed_at)
        select id, 'key', 'sealed', now() from users where email = 'ada@example.com'`)
      expect((await bulkhead(reset)).stderr).toBe(
        'Removed an authenticator app of ada@example.com. They can sign in with their password alone.\n',
      )
      expect(await query('select * from totp_factors')).toEqual([])
      const events = await query(`select actor_name, target_name from audit_events where action = 'second-factor.reset'`)
      expect(events).toEqual([{ actor_name: 'cli', target_name: 'ada@example.com' }])
    })

    test('prints quotas in columns, sets them one by one, and resets them', async () => {
      const quota = (...sizes: string[]) => bulkhead(['quota', '--org', 'acme', ...sizes])
      const shown = (projects: string, rows: string) =>
        [
          '          used        quota',
          `projects     0  ${projects}`,
          'members      2       10,000  0 %',
          'tokens       0       10,000  0 %',
          `rows         0  ${rows}`,
          '',
        ].join('\n')
      expect(await quota()).toEqual({ code: 0, stdout: shown('      1,000  0 %', '100,000,000  0 %'), stderr: '' })
      const set = await quota('--projects', '5', '--rows', '0')
      expect(set.stderr).toBe('Set the quotas of acme.\n')
      expect(set.stdout.split('\n').map((line) => line.split(/ {2,}/).join(' '))).toEqual([
        ' used quota',
        'projects 0 5 0 %',
        'members 2 10,000 0 %',
        'tokens 0 10,000 0 %',
        'rows 0 no quota',
        '',
      ])
      const back = await quota('--projects', 'default', '--rows', 'default')
      expect(back.stdout).toBe(shown('      1,000  0 %', '100,000,000  0 %'))
      expect(await bulkhead(['quota', '--org', 'nowhere'])).toMatchObject({
        code: 1,
        stderr: 'There is no organization nowhere.\n',
      })
    })

    test('prints only the token to stdout, and the API accepts it', async () => {
      const { createLane } = await import('../front/lane.ts')
      process.env['DATABASE_URL'] = server.url
      onTestFinished(() => replaceDatabase())
      const { fetch } = await createLane()
      const get = (path: string, token: string) =>
        fetch(new Request(`http://localhost${path}`, { headers: { authorization: `Bearer ${token}` } }))

      const [everywhere, here] = await Promise.all([
        program(['token', 'create', ...ada]),
        program(['token', 'create', ...ada, '--org', 'acme']),
      ])
      for (const { code, stdout } of [everywhere, here]) {
        expect(code).toBe(0)
        expect(stdout).toMatch(/^bhu_[0-9A-Za-z]{42}\n$/)
        expect((await get('/orgs/acme/projects', stdout.trim())).status).toBe(200)
      }

      await bulkhead(['demo', '--password', 'correct horse battery'])
      const project = ['token', 'create', '--project', 'acme-fleet/edge']
      const narrow = await bulkhead([
        ...project,
        '--role',
        'viewer',
        '--env',
        'production',
        '--cells',
        'ams, fra',
        '--expires',
        '2099-01-01T00:00:00Z',
      ])
      expect(narrow.stdout).toMatch(/^bhp_[0-9A-Za-z]{42}\n$/)
      const entities = await get('/acme-fleet/edge/envs/production/entities', narrow.stdout.trim())
      const cells = ((await entities.json()) as { cells: string[] }[]).map((entity) => entity.cells[0])
      expect(new Set(cells)).toEqual(new Set(['ams', 'fra']))
      expect((await get('/acme-fleet/edge/envs/staging/entities', narrow.stdout.trim())).status).toBe(404)
      expect(await bulkhead([...project, '--env', 'nowhere'])).toEqual({
        code: 1,
        stdout: '',
        stderr: 'There is no environment named nowhere.\n',
      })
    })

    test.for([
      ['password1234', 'The password is easy to guess. Use a few unrelated words.'],
      [
        'mara.lindqvist@acme-fleet.example',
        'The password consists of your name, your email or the product’s name. Use a few words that nobody would link to you.',
      ],
    ])('refuses %s as the password of the sample users in one sentence', async ([password, sentence]) => {
      expect(await bulkhead(['demo', '--password', password!])).toEqual({ code: 1, stdout: '', stderr: `${sentence}\n` })
    })

    test('creates the sample organization once', async () => {
      const before = await query('select count(*)::int as n from audit_events')
      const second = await bulkhead(['demo'])
      expect(second).toEqual({
        code: 0,
        stdout: '',
        stderr: 'The organization acme-fleet already exists; nothing was changed.\n',
      })
      expect(await query('select count(*)::int as n from audit_events')).toEqual(before)
      const actors = await query(
        `select distinct actor_name from audit_events where project_id is not null and actor_kind = 'user'`,
      )
      expect(actors.length).toBeGreaterThan(5)
      const scopes = await query('select reason, restored_at is not null as restored from wipes order by id')
      expect(scopes).toEqual([
        { reason: 'nuke', restored: true },
        { reason: 'undo', restored: false },
      ])
    })

    test('lists unverified addresses in check, and does not fail because of them', async () => {
      const verified = await bulkhead(['check'])
      expect(verified).toMatchObject({
        code: 0,
        stderr: expect.stringContaining('accounts: every email address is verified') as string,
      })
      await query(`insert into users (id, email, name) values (gen_random_uuid(), 'shown@elsewhere.test', 'Shown')`)
      const { code, stderr } = await bulkhead(['check'])
      expect(code).toBe(0)
      expect(stderr).toMatch(/accounts: 1 with an unverified email address; .*\n {2}shown@elsewhere\.test\n$/)
      await query(`delete from users where email = 'shown@elsewhere.test'`)
    })

    test('records every change in the audit log as done by the command line', async () => {
      const events = await query(
        `select distinct action, actor_kind, actor_name from audit_events where actor_kind = 'system' order by action`,
      )
      const actions = [
        'organization.created',
        'organization.member-added',
        'organization.owner-granted',
        'organization.quotas-set',
        'personal-token.created',
        'second-factor.reset',
        'token.created',
        'user.created',
      ]
      expect(events).toEqual(actions.map((action) => ({ action, actor_kind: 'system', actor_name: 'cli' })))
    })
  })
})
