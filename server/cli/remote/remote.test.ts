import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type RequestListener, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { type Lane, startLane } from '#test/support/http/lane'
import { type Cast, createCast } from '#test/support/world/cast'
import { Unanswered } from '../../../sdk/src/errors.ts'
import { run } from '../run.ts'
import { failureOf } from './failure.ts'

let lane: Lane
let cast: Cast
let folder: string
beforeAll(async () => {
  lane = await startLane()
  cast = await createCast(lane.db)
  folder = mkdtempSync(join(tmpdir(), 'bulkhead-remote-'))
})
afterAll(async () => {
  await lane.stop()
  rmSync(folder, { recursive: true })
})

type Settings = { server?: string | undefined; token?: string | undefined }

/** Runs a command on the server of this file, or on another one. */
async function bulkhead(args: string[], settings: Settings = {}) {
  const { server, token } = { server: lane.origin, token: cast.people.orgOwner.token, ...settings }
  vi.stubEnv('BULKHEAD_SERVER', server)
  vi.stubEnv('BULKHEAD_TOKEN', token)
  const lines = { stdout: [] as string[], stderr: [] as string[] }
  const code = await run(args, { print: (line) => lines.stdout.push(line), say: (line) => lines.stderr.push(line) })
  vi.unstubAllEnvs()
  // Every command says first where it works.
  const [first, ...rest] = lines.stderr
  if (first?.startsWith('Server: '))
    return { code, stdout: lines.stdout.join('\n'), stderr: rest.join('\n'), server: first.slice(8) }
  return { code, stdout: lines.stdout.join('\n'), stderr: lines.stderr.join('\n'), server: undefined }
}

const fileWith = (name: string, text: string) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** A project with a type, a cell and two entities. */
async function filled(slug: string) {
  const place = `acme/${slug}`
  await bulkhead(['projects', 'create', place, '--name', slug])
  const file = fileWith(
    'filled.yaml',
    `{ kind: EntityType, name: Site, states: [up], initialState: up }
---
{ kind: Cell, name: eu, entityType: Site }
---
{ kind: Entity, entityType: Site, name: berlin }
---
{ kind: Entity, entityType: Site, name: paris }
`,
  )
  expect(await bulkhead(['apply', place, '-f', file])).toMatchObject({ code: 0 })
  return place
}

const columns = (line: string) => line.split(/ {2,}/)

describe('a command', () => {
  test('says on which server it works, and whose token it has', async () => {
    const { code, stdout, server } = await bulkhead(['whoami'])
    expect([code, server]).toEqual([0, lane.origin])
    expect(stdout.split('\n')[1]).toContain('orgowner@acme.test')
    expect(columns(stdout.split('\n').at(-1)!)).toEqual(['acme', 'owner', 'acme'])
    const other = await bulkhead(['whoami', '--server', `${lane.origin}/`, '--json'], { server: 'https://elsewhere.test' })
    expect(other).toMatchObject({ code: 0, server: lane.origin })
    expect(JSON.parse(other.stdout)).toMatchObject({ email: 'orgowner@acme.test', organizations: [{ slug: 'acme' }] })
  })

  test('creates, lists and finds projects, and clones one', async () => {
    const created = await bulkhead(['projects', 'create', 'acme/first', '--name', 'The first'])
    expect(created).toMatchObject({ code: 0, stderr: 'Created the project first.' })
    expect(created.stdout).toMatch(/^[\da-f-]{36}$/)
    expect(await bulkhead(['projects', 'create', 'acme/second', '--name', 'Second', '--like', 'first'])).toMatchObject({
      code: 0,
    })
    const { stdout } = await bulkhead(['projects', 'acme', '--search', 'firs'])
    expect(stdout.split('\n').map((line) => columns(line)[0])).toEqual(['SLUG', 'first'])
    expect(await bulkhead(['projects', 'create', 'acme/first', '--name', 'Again'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('first') as string,
    })
  })

  test('adds, changes, limits and removes members', async () => {
    const { slug } = await cast.project('members')
    const place = `acme/${slug}`
    const listed = async (...more: string[]) =>
      (await bulkhead(['members', place, ...more])).stdout.split('\n').map((line) => columns(line)[0])
    expect(await listed('--role', 'viewer')).toEqual(['EMAIL', 'viewer@acme.test', 'guest@acme.test'])
    expect(await bulkhead(['members', 'add', place, 'newcomer@acme.test', '--role', 'viewer'])).toMatchObject({
      code: 0,
      stderr: `Added newcomer@acme.test to ${place} as viewer.`,
    })
    expect((await bulkhead(['members', 'role', place, 'newcomer@acme.test', 'member'])).stderr).toBe(
      `newcomer@acme.test is now member of ${place}.`,
    )
    expect((await bulkhead(['scopes', 'set', place, 'newcomer@acme.test', '--cells', 'eu'])).stderr).toBe(
      `newcomer@acme.test reaches only eu of ${place}.`,
    )
    expect(columns((await bulkhead(['scopes', place, 'newcomer@acme.test'])).stdout.split('\n')[1]!)).toEqual([
      'newcomer@acme.test',
      'all',
      'eu',
    ])
    expect((await bulkhead(['scopes', 'set', place, 'newcomer@acme.test', '--all'])).stderr).toContain('reaches all cells')
    expect(await bulkhead(['members', 'remove', place, 'newcomer@acme.test'])).toMatchObject({ code: 0 })
    expect(await bulkhead(['members', 'role', place, 'newcomer@acme.test', 'admin'])).toEqual({
      code: 1,
      stdout: '',
      stderr: `newcomer@acme.test is not a member of ${place}.`,
      server: lane.origin,
    })
  })

  test('prints only the token that it creates to stdout, and revokes it', async () => {
    const { slug } = await cast.project('tokens')
    const { stdout: token, code } = await bulkhead(['tokens', 'create', `acme/${slug}`, '--name', 'made-here', '--cells', 'eu'])
    expect(code).toBe(0)
    expect(token).toMatch(/^bhp_[0-9A-Za-z]{42}$/)
    expect(await bulkhead(['api', 'GET', `/acme/${slug}/entity-types`], { token })).toMatchObject({ code: 0 })
    const { stdout } = await bulkhead(['tokens', `acme/${slug}`])
    const [id, name, role, env, cells] = columns(stdout.split('\n').find((line) => line.includes('made-here'))!)
    expect([name, role, env, cells]).toEqual(['made-here', 'member', 'all', 'eu'])
    expect((await bulkhead(['tokens', 'revoke', `acme/${slug}`, id!])).stderr).toBe('Revoked the token.')
    const after = await bulkhead(['projects', 'acme'], { token })
    expect(after).toMatchObject({ code: 1, stdout: '' })
  })

  test('empties a project only after its slug, shows counts, and undoes it once', async () => {
    const slug = 'emptied'
    const place = await filled(slug)
    const preview = await bulkhead(['nuke', place, '--preview'])
    expect(preview.stdout).toContain(`A nuke of ${slug} removes:`)
    expect(preview.stdout).toMatch(/^ {2}entities +\d+$/m)
    expect(await bulkhead(['nuke', place])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--confirm SLUG is required') as string,
    })
    const wrong = await bulkhead(['nuke', place, '--confirm', 'other'])
    expect(wrong).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`slug is ${slug}, not other. Nothing was changed.`) as string,
    })
    expect((await bulkhead(['nuke', place, '--preview'])).stdout).toBe(preview.stdout)
    const done = await bulkhead(['nuke', place, '--confirm', slug])
    expect(done.code).toBe(0)
    const counts = (text: string) => text.split('\n').filter((line) => /^ {2}\w/.test(line))
    expect(counts(done.stdout)).toEqual(counts(preview.stdout))
    expect((await bulkhead(['nuke', place, '--preview'])).stdout).toContain('nothing: the project is empty.')
    const back = await bulkhead(['undo', place])
    expect(counts(back.stdout)).toEqual(counts(preview.stdout))
    expect(await bulkhead(['undo', place])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is undone already.') as string,
    })
  })

  test('applies a file, shows what it does, and what was wrong', async () => {
    await bulkhead(['projects', 'create', 'acme/applied', '--name', 'Applied'])
    const file = fileWith(
      'catalog.yaml',
      '{ kind: EntityType, name: Site, states: [up], initialState: up }\n---\n{ kind: Entity, entityType: Site, name: berlin }\n',
    )
    const dry = await bulkhead(['apply', 'acme/applied', '-f', file, '--dry-run'])
    expect(dry).toMatchObject({ code: 0, stdout: '+ EntityType Site\n+ Entity berlin' })
    expect(dry.stderr).toMatch(/^Would change: 2 created/)
    expect((await bulkhead(['apply', 'acme/applied', '--file', file])).stderr).toMatch(/^Changed: 2 created/)
    expect((await bulkhead(['apply', 'acme/applied', '-f', file])).stderr).toMatch(/^Changed: 0 created.*2 unchanged/)
    const broken = fileWith('broken.yaml', '{ kind: Entity, entityType: Nothing, name: x }')
    expect(await bulkhead(['apply', 'acme/applied', '-f', broken])).toMatchObject({ code: 1 })
    expect(await bulkhead(['apply', 'acme/applied', '-f', join(folder, 'away.yaml')])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no file') as string,
    })
  })

  test('exports to a file that is whole or absent, imports it, and counts', async () => {
    const place = await filled('exported')
    const file = join(folder, 'exported.ndjson')
    expect(await bulkhead(['export', place, '-o', file])).toMatchObject({ code: 0, stderr: `Wrote ${file}.` })
    expect(readFileSync(file, 'utf8').trim().split('\n').length).toBeGreaterThan(3)
    await bulkhead(['projects', 'create', 'acme/imported', '--name', 'Imported'])
    const imported = await bulkhead(['import', 'acme/imported', '-f', file])
    expect(imported).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Imported:\n {2}/) as string })
    expect(await bulkhead(['import', 'acme/imported', '-f', file])).toMatchObject({ code: 1, stdout: '' })
    const away = join(folder, 'no', 'such', 'folder.ndjson')
    expect(await bulkhead(['export', place, '-o', away])).toMatchObject({
      code: 1,
      stderr: `${away} cannot be written.`,
    })
  })

  test('shows the newest events of a project and of the organization', async () => {
    await bulkhead(['projects', 'create', 'acme/audited-too', '--name', 'Too'])
    const { stdout } = await bulkhead(['audit', 'acme', '--limit', '1'])
    expect(columns(stdout.split('\n')[1]!).slice(1, 4)).toEqual(['orgowner@acme.test', 'project.created', 'project audited-too'])
    const ofProject = await bulkhead(['audit', 'acme/audited-too', '--action', 'project.created'])
    expect(ofProject.stdout.split('\n')).toHaveLength(2)
    const all = JSON.parse((await bulkhead(['audit', 'acme', '--limit', '250', '--json'])).stdout) as unknown[]
    expect(all.length).toBeGreaterThan(10)
  })

  test('sends any request, and prints its answer as it is', async () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    onTestFinished(() => write.mockRestore())
    const printed = () =>
      write.mock.calls
        .splice(0)
        .map(([text]) => String(text))
        .join('')
    expect(await bulkhead(['api', 'get', '/orgs/acme'])).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(printed())).toMatchObject({ slug: 'acme' })
    const json = JSON.stringify({ name: 'Raw', slug: 'raw' })
    expect(await bulkhead(['api', 'POST', '/orgs/acme/projects', '--data', json])).toMatchObject({ code: 0 })
    expect(JSON.parse(printed())).toMatchObject({ slug: 'raw' })
    const again = await bulkhead(['api', 'POST', '/orgs/acme/projects', '--file', fileWith('raw.json', json)])
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('raw') as string })
    expect(JSON.parse(printed())).toMatchObject({ code: 'slug_taken' })
    for (const [args, sentence] of [
      [['FLY', '/orgs'], 'METHOD must be one of'],
      [['GET', 'orgs'], 'PATH must begin with a slash'],
      [['GET', '//elsewhere.test/x'], 'PATH must begin with a slash'],
      [['GET', '/\\elsewhere.test/x'], 'leads to another server'],
      [['GET', '/orgs', '--data', '{}'], 'a GET has no body'],
      [['POST', '/orgs', '--data', '{}', '-f', 'x'], 'give either --data or --file'],
    ] as const)
      expect(await bulkhead(['api', ...args])).toMatchObject({ code: 2, stderr: expect.stringContaining(sentence) as string })
  })
})

test.for([
  ['nuke', '../x', '--preview'],
  ['export', 'acme/..'],
  ['members', './x'],
])('%j does not become another URL', async (args) => {
  expect(await bulkhead(args)).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('must be ORG/PROJECT') as string,
  })
})

describe('an organization as a file', () => {
  test('that was exported changes nothing, as YAML and as JSON', async () => {
    for (const name of ['org.yaml', 'org.json']) {
      const file = join(folder, name)
      expect(await bulkhead(['org', 'export', 'acme', '-o', file])).toMatchObject({ code: 0 })
      expect(await bulkhead(['org', 'plan', 'acme', '-f', file])).toMatchObject({
        code: 0,
        stdout: 'No change: the organization is as the file says.',
      })
    }
  })

  test('has a JSON Schema, which knows every field of an export', async () => {
    const { code, stdout } = await bulkhead(['org', 'schema'], { server: undefined, token: undefined })
    expect(code).toBe(0)
    const schema = JSON.parse(stdout) as { properties: Record<string, object>; additionalProperties: boolean }
    expect(schema).toMatchObject({ title: 'An organization of Bulkhead', type: 'object', additionalProperties: false })
    const exported = JSON.parse((await bulkhead(['org', 'export', 'acme', '--json'])).stdout) as object
    expect(Object.keys(exported).filter((name) => !(name in schema.properties))).toEqual([])
  })

  test('shows what it would change and who would gain access; applies it; a stale plan is refused', async () => {
    const file = fileWith(
      'more.yaml',
      `version: 1
people:
  - { email: newcomer@acme.test, role: member }
projects:
  - slug: filed
    name: Filed
    members:
      - { email: newcomer@acme.test, role: viewer }
`,
    )
    const planned = await bulkhead(['org', 'plan', 'acme', '-f', file])
    expect(planned.stdout).toMatch(/^\+ project filed$/m)
    expect(planned.stdout).toMatch(/^\+ member filed\/newcomer@acme\.test$/m)
    expect(planned.stdout).toMatch(/^filed +newcomer@acme\.test +- +viewer +0 +0$/m)
    const { revision } = JSON.parse((await bulkhead(['org', 'plan', 'acme', '-f', file, '--json'])).stdout) as {
      revision: string
    }
    expect(await bulkhead(['org', 'apply', 'acme', '-f', file])).toMatchObject({ code: 0, stderr: 'Applied.' })
    expect((await bulkhead(['org', 'plan', 'acme', '-f', file])).stdout).toMatch(/^No change/)
    expect(await bulkhead(['org', 'apply', 'acme', '-f', file, '--revision', revision])).toMatchObject({ code: 1, stdout: '' })
  })

  test.for([
    ['version: &a 1', 'must not use anchors'],
    ['version: 1\npeople: [*a]', 'must not use anchors'],
    ['version: !!str 1', 'must not use tags'],
    ['version: 1\n<<: { people: [] }', 'must not use merge keys'],
    ['version: 1\n---\nversion: 1', 'must have exactly one document'],
    ['', 'must have exactly one document'],
    ['version: 1\nversion: 2', 'Map keys must be unique'],
    ['version: [', 'Flow sequence'],
  ])('refuses %j before it is sent', async ([text, sentence]) => {
    const result = await bulkhead(['org', 'plan', 'acme', '-f', fileWith('bad.yaml', text!)])
    expect(result).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(sentence!) as string })
  })

  test.for([
    ['version: 1\npeople: [{ email: nobody@nowhere.test, role: king }]', 'role'],
    ['version: 9', 'version'],
  ])('says what is wrong with %j', async ([text, word]) => {
    const result = await bulkhead(['org', 'plan', 'acme', '-f', fileWith('bad.yaml', text!)])
    expect(result).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(word!) as string })
  })
})

describe('a wrong address or token', () => {
  test.for([
    ['bulkhead.example.com', 'must be the address of a server'],
    ['ftp://bulkhead.example.com', 'must be the address of a server'],
    ['https://bulkhead.example.com/api', 'without a path'],
    ['https://ada:secret@bulkhead.example.com', 'without a path, a user'],
    ['https://bulkhead.example.com/?token=bhu_abc', 'has a token in it'],
    ['https://bhp_abc@bulkhead.example.com', 'has a token in it'],
  ])('%s is refused, and nothing is sent', async ([server, sentence]) => {
    const result = await bulkhead(['whoami', '--server', server!])
    expect(result).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(sentence!) as string })
    expect(result.stderr).not.toContain('secret')
  })

  test('is asked for', async () => {
    expect((await bulkhead(['whoami'], { server: undefined })).stderr).toContain('set BULKHEAD_SERVER or give --server')
    expect((await bulkhead(['whoami'], { token: undefined })).stderr).toContain('set BULKHEAD_TOKEN')
    expect((await bulkhead(['whoami'], { token: 'with a\nbreak' })).stderr).toContain('characters that no token has')
    expect(await bulkhead(['whoami'], { token: 'bhu_wrong' })).toMatchObject({ code: 1, stdout: '' })
  })
})

describe('a server that is none', () => {
  async function listening(listener: RequestListener) {
    const server = createServer(listener)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  const json =
    (value: unknown): RequestListener =>
    (_, response) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify(value))

  test.for<[string, RequestListener, string]>([
    ['web pages', (_, response) => response.end('<html>hello</html>'), 'is not that of a Bulkhead server'],
    ['an answer without a field', json({ name: 'Ada' }), 'lacks “email”'],
    [
      'a redirect',
      (_, response) => response.writeHead(302, { location: 'https://elsewhere.test' }).end(),
      'redirects to another',
    ],
    ['a cut connection', (request) => request.socket.destroy(), 'the connection was cut'],
    [
      'half an answer',
      (_, response) =>
        response.writeHead(200, { 'content-length': '99' }).write('{"a":') && setImmediate(() => response.destroy()),
      'server',
    ],
    ['an error of a proxy', (_, response) => response.writeHead(404).end('<html>'), 'not the answer of a Bulkhead server'],
  ])('%s: a sentence and exit code 3', async ([, listener, sentence]) => {
    const server = await listening((request, response) =>
      request.url!.startsWith('/orgs') ? json([])(request, response) : listener(request, response),
    )
    const result = await bulkhead(['whoami'], { server })
    expect(result).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining(sentence) as string })
  })

  test('that sends without end is cut at 64 MiB', async () => {
    const server = await listening((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(1024 * 1024, ' ')));
      }
      response.on('drain', more)
      more()
    })
    expect(await bulkhead(['whoami'], { server })).toMatchObject({ code: 3, stderr: 'The answer has more than 64 MiB.' })
  })

  test.for([
    ['api', 'GET', '/orgs'],
    ['export', 'acme/x'],
    ['nuke', 'acme/x', '--preview'],
    ['org', 'export', 'acme'],
    ['audit', 'acme'],
  ])('has a sentence for each way to ask it: %j', async (args) => {
    const away = await bulkhead(args, { server: 'http://127.0.0.1:1' })
    expect(away).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('could not be reached') as string })
    const cut = await bulkhead(args, { server: await listening((request) => request.socket.destroy()) })
    expect(cut).toMatchObject({ code: 3, stdout: '', stderr: 'The server could not be reached: the connection was cut.' })
  })

  test.for([
    ['nuke', 'acme/x', '--preview'],
    ['apply', 'acme/x', '-f', 'FILE'],
    ['import', 'acme/x', '-f', 'FILE'],
    ['org', 'plan', 'acme', '-f', 'FILE'],
  ])('that answers something else is no fault of %j', async (args) => {
    const file = fileWith('any.yaml', 'version: 1')
    const words = args.map((word) => (word === 'FILE' ? file : word))
    for (const answer of [json({}), json([]), ((_, response) => response.end('<html>')) as RequestListener]) {
      const result = await bulkhead(words, { server: await listening(answer) })
      expect(result).toMatchObject({ code: 3, stderr: expect.stringMatching(/ answer (is not|lacks) /) as string })
    }
  })

  test('that sends without end is cut for a request of any kind as well', async () => {
    const server = await listening((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(1024 * 1024, ' ')));
      }
      response.on('drain', more)
      more()
    })
    expect(await bulkhead(['api', 'GET', '/orgs'], { server })).toMatchObject({
      code: 3,
      stderr: 'The answer has more than 64 MiB.',
    })
  })

  test('is not there', async () => {
    expect(await bulkhead(['whoami'], { server: 'http://127.0.0.1:1' })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('could not be reached') as string,
    })
  })

  test('cannot steer the terminal', async () => {
    const name = 'a\u001B[2Jb\u009Bc\u202Ed'
    const server = await listening((request, response) =>
      json(request.url!.startsWith('/orgs') ? [] : { name, email: 'x@y.z', id: '1' })(request, response),
    )
    expect((await bulkhead(['whoami'], { server })).stdout).toContain('a�[2Jb�c�d')
    const { stdout } = await bulkhead(['whoami', '--json'], { server })
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u001B\u009B\u202E]/)
    expect(JSON.parse(stdout)).toMatchObject({ name })
  })

  test('is too slow', () => {
    const error = new Unanswered('GET', 'https://x.test/me', { cause: new DOMException('No answer', 'TimeoutError') })
    expect(failureOf(error)).toEqual({ lines: ['The server did not answer in 30 seconds.'], code: 3 })
  })

  test('has a certificate that nobody trusts', () => {
    const cause = new TypeError('fetch failed', {
      cause: Object.assign(new Error('self-signed'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
    })
    expect(failureOf(new Unanswered('GET', 'https://x.test/me', { cause }))!.lines[0]).toContain(
      'certificate of the server is not valid',
    )
  })
})
