import { createPublicKey, constants, privateDecrypt, publicEncrypt } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { V1Token } from '#contract/v1/tokens'
import { createCast } from '../support/world/cast.ts'
import { addAgent, addCoreInstance } from '../support/world/registered.ts'
import { startLane } from '../support/http/lane.ts'
import { v1Cli } from '../support/v1/cli.ts'
import { v1Client } from '../support/v1/client.ts'
import { refusalOf } from '../support/v1/surface.ts'

const lane = await startLane()
const cast = await createCast(lane.db)
afterAll(() => lane.stop())

let n = 0
/** A project with a token as this API makes them, which names its project. */
async function stage() {
  const project = await cast.project(`cli-${++n}`)
  const owner = v1Client(lane.origin, { bearer: cast.people.owner.token })
  const { token } = await owner.post<V1Token>(`/v1/projects/${project.id}/tokens`, { name: 'cli', permissions: null })
  return { project, cli: v1Cli(lane.origin, token), context: await cast.world.inside(project) }
}

describe('with a thousand agents and more', () => {
  let big: Awaited<ReturnType<typeof stage>>
  beforeAll(async () => {
    big = await stage()
    for (let i = 0; i < 1100; i++) await addAgent(big.context, `agent-${i}`)
    for (let i = 0; i < 1002; i++) await big.context.db.transaction().execute((db) => addOne(db, i))
    async function addOne(db: typeof big.context.db, i: number) {
      await db
        .insertInto('core_instances')
        .values({
          project_id: big.project.id,
          generation: big.context.project.generation,
          id: `019aa000-0000-7000-8000-${String(i).padStart(12, '0')}`,
          env_id: (
            await db
              .selectFrom('environments')
              .select('id')
              .where('project_id', '=', big.project.id)
              .where('is_default', '=', true)
              .executeTakeFirstOrThrow()
          ).id,
          name: `core-${i}`,
          version: '',
          add_health_check_pipeline: false,
          health_check_pipeline_port: 0,
          health_check_pipeline_port_kind: '',
          skip_service_creation: false,
          cluster_logging: false,
          tags: [],
          metadata: '{}',
        })
        .execute()
    }
  }, 120_000)

  test('lists all of them, newest first and each once', async () => {
    const names = (await big.cli.getAgents()).map(({ name }) => name)
    expect(names).toEqual(Array.from({ length: 1100 }, (_, i) => `agent-${1099 - i}`))
    expect(new Set((await big.cli.getCoreInstances()).map(({ name }) => name)).size).toBe(1002)
  })

  test('finds one among names that begin alike', async () => {
    await big.cli.updateAgent('agent-1', { name: 'first' })
    expect(await big.cli.search('agent', 'first')).toMatchObject([{ name: 'first' }])
    await big.cli.updateAgent('first', { name: 'agent-1' })
  })

  test('searches without a term for all, by name', async () => {
    const found = await big.cli.search('agent')
    expect(found).toHaveLength(1100)
    expect(found.map(({ name }) => name)).toEqual(found.map(({ name }) => name).toSorted())
  })

  test('deletes them all', async () => {
    expect(await big.cli.deleteAgents()).toBe(1100)
    expect(await big.cli.getAgents()).toEqual([])
  })
})

test('lists all agents of any size, in one answer', async () => {
  const { cli, project, context } = await stage()
  const rawConfig = 'x'.repeat(190_000)
  for (let i = 0; i < 40; i++) await addAgent(context, `agent-${i}`)
  await lane.db.updateTable('agents').set({ raw_config: rawConfig }).where('project_id', '=', project.id).execute()
  const agents = await cli.getAgents()
  expect(agents).toHaveLength(40)
  expect(agents.every((agent) => agent.rawConfig === rawConfig)).toBe(true)

  // A caller who reads none of them has four at a time, and takes nothing from another.
  const ask = (token: string, query = '') =>
    fetch(`${lane.origin}/v1/projects/${project.id}/agents?${query}`, { headers: { 'x-project-token': token } })
  const held = await Promise.all(Array.from({ length: 4 }, () => ask(project.tokens.member)))
  expect(held.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  const fifth = await ask(project.tokens.member)
  expect([fifth.status, Number(fifth.headers.get('retry-after')) > 0]).toEqual([429, true])
  expect(await fifth.json()).toEqual({ error: expect.stringContaining('4 long lists') })
  expect((await ask(project.tokens.member, 'last=1')).status).toBe(200)
  held.push(await ask(project.tokens.admin))
  expect(held.at(-1)!.status).toBe(200)
  await Promise.all(held.map(({ body }) => body!.cancel()))
  const statusOfNext = async () => {
    const { status, body } = await ask(project.tokens.member)
    await body!.cancel()
    return status
  }
  while ((await statusOfNext()) !== 200) {}
})

test('asked for a page, gives that page and the link to the next, whatever its bytes', async () => {
  const { project, context } = await stage()
  for (let i = 0; i < 30; i++) await addAgent(context, `agent-${i}`)
  await lane.db
    .updateTable('agents')
    .set({ raw_config: 'x'.repeat(190_000) })
    .where('project_id', '=', project.id)
    .execute()
  const by = v1Client(lane.origin, { projectToken: project.tokens.member })
  const first = await by.list<{ name: string }>(`/v1/projects/${project.id}/agents`, { last: 29 })
  expect(first.items).toHaveLength(29)
  const rest = await by.list<{ name: string }>(`/v1/projects/${project.id}/agents`, { last: 29, before: first.endCursor! })
  expect([rest.items.map(({ name }) => name), rest.endCursor]).toEqual([['agent-0'], null])
  const head = await lane.send({ 'x-project-token': project.tokens.member }, `HEAD /v1/projects/${project.id}/agents`)
  expect([head.status, head.text]).toEqual([200, ''])
})

test('works on named agents', async () => {
  const { cli } = await stage()
  const { id } = await cli.registerAgent({ name: 'web', machineID: 'one' })
  await cli.registerAgent({ name: 'web-2', machineID: 'two' })
  await cli.registerAgent({ name: 'twin', machineID: 'three' })
  const twin = await cli.registerAgent({ name: 'twin', machineID: 'four' })
  await cli.updateAgent('web', { environment: 'staging' })
  expect((await cli.getAgents()).find((agent) => agent.id === id)).toMatchObject({ name: 'web', environmentName: 'staging' })
  await cli.updateAgent(id, { name: 'renamed' })
  await expect(cli.deleteAgent('web-3')).rejects.toThrow('could not find agent "web-3"')
  await expect(cli.deleteAgent('twin')).rejects.toThrow('ambiguous agent name "twin", use ID instead')
  await expect(cli.updateAgent('renamed', { fleet: 'edge' })).rejects.toThrow('could not find fleet "edge"')
  await cli.deleteAgent(twin.id)
  await cli.deleteAgent('renamed')
  expect((await cli.getAgents()).map(({ name }) => name)).toEqual(['twin', 'web-2'])
  expect(await cli.deleteAgents()).toBe(2)
})

test('works on named core instances, and gets a real key for each', async () => {
  const { cli, context } = await stage()
  await addCoreInstance(context, 'core')
  const made = await cli.createCoreInstance('core', 'staging')
  const [privateKey, publicKey] = [made.privateRSAKey, made.publicRSAKey].map((key) => Buffer.from(key, 'base64').toString())
  expect(privateKey).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/)
  expect(publicKey).toMatch(/^-----BEGIN RSA PUBLIC KEY-----\n/)
  const der = Buffer.from(publicKey!.replaceAll(/-----.*-----|\n/g, ''), 'base64')
  const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha512' }
  const sealed = publicEncrypt(
    { key: createPublicKey({ key: der, format: 'der', type: 'spki' }), ...padding },
    Buffer.from('secret'),
  )
  expect(privateDecrypt({ key: privateKey!, ...padding }, sealed).toString()).toBe('secret')
  await expect(cli.deleteCoreInstance('core')).rejects.toThrow('ambiguous core instance name "core"')
  await cli.updateCoreInstance(made.id, 'other')
  await cli.deleteCoreInstance('other')
  expect(await cli.deleteCoreInstances()).toBe(1)
})

test('creates environments, shows members and invites', async () => {
  const { cli } = await stage()
  const { id } = await cli.createEnvironment('production')
  expect(await cli.search('environment', 'production')).toEqual([{ id, name: 'production', ID: id, Name: 'production' }])
  const members = await cli.getMembers()
  const admin = members.find(({ userID }) => userID === cast.people.admin.id)!
  expect(await cli.search('member', admin.user!.name)).toMatchObject([{ id: admin.id }])
  await cli.invite('someone@elsewhere.test', lane.origin)
  expect(await refusalOf(cli.invite('someone@elsewhere.test', 'https://core.calyptia.com'))).toEqual([
    422,
    'untrusted redirect URI',
  ])
})
