import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { operations } from '#contract/operations'
import { v1Operations } from '#contract/v1/operations'
import { hold } from '#db/queries/restore-holds'
import { resume } from '#domain/maintenance/restore-holds'
import { backUp } from '#server/backup/backup'
import { restore, savedFile } from '#server/backup/restore'
import { fileTarget } from '#server/backup/target'
import { openDatabase } from '#server/postgres/open-database'
import { createTestDatabase } from '../support/database/database.ts'
import type { Who } from '../support/http/client.ts'
import { type Example, examplesOf, nameOf, requestOf } from '../support/http/examples.ts'
import { type Lane, startLane } from '../support/http/lane.ts'
import { browser } from '../support/http/session.ts'
import { v1ExamplesOf } from '../support/v1/examples.ts'
import { createCast } from '../support/world/cast.ts'

const folder = mkdtempSync(join(tmpdir(), 'bulkhead-restored-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Whose reads need a session, which ends with a restore, or nobody at all. */
const others = ['public', 'anybody', 'session', 'personal-tokens:manage']
const reads = [...operations, ...v1Operations]
  .filter(({ method, permission }) => method === 'GET' && !others.includes(permission))
  .map(nameOf)

type Reads = Record<string, Example & { after?: string }>

/** What every read answers. */
async function answers({ send, origin }: Lane, examples: Reads): Promise<Record<string, string>> {
  const all: Record<string, string> = {}
  for (const name of reads) {
    const { as, params, after = '' } = examples[name]!
    const { status, text } = await send(as, `${requestOf(name, params)}${after}`)
    // Links name the port, which is another one.
    all[name] = `${status} ${text.replaceAll(origin, '')}`
  }
  return all
}

/** A lane over a database with one of everything, and the reads of it. */
async function furnished() {
  const database = await createTestDatabase()
  const lane = await startLane(database.url)
  await openDatabase(database.db)
  const cast = await createCast(database.db)
  const stage = await cast.project('kept')
  const ofOrg = await examplesOf(lane.send, cast, stage)
  const examples: Reads = { ...ofOrg, ...(await v1ExamplesOf(lane.send, cast, await cast.project('registered'))) }
  // Whoever reads a list is on it, with the time of the last use.
  const used = new Date(Date.now() + 3_600_000).toISOString()
  await database.db.updateTable('personal_tokens').set({ last_used_at: used }).execute()
  await database.db.updateTable('project_tokens').set({ last_used_at: used }).execute()
  return { database, lane, cast, examples, token: stage.tokens.owner }
}

test('after a restore every list of both APIs is the same, byte for byte, and what ended stays ended', async () => {
  const { database, lane, cast, examples, token } = await furnished()
  const before = await answers(lane, examples)
  const session = await browser(cast.people.orgOwner.credentialId)
  expect((await lane.send(session, 'GET /me')).status).toBe(200)
  await lane.stop()
  const file = join(folder, 'everything.backup')
  await backUp(database.db, await fileTarget(file), () => {})
  await database.drop()

  const target = await createTestDatabase({ bare: true, max: 2 })
  onTestFinished(() => target.drop())
  await restore(target.db, await savedFile(file), { onProgress: () => {}, finish: async () => {} })
  const restored = await startLane(target.url)
  onTestFinished(() => restored.stop())
  expect(Object.values(before).filter((answer) => answer.startsWith('200')).length).toBeGreaterThan(60)
  expect(await answers(restored, examples)).toEqual(before)
  expect((await restored.send(session, 'GET /me')).status).toBe(401)

  const agents = 'GET /v1/projects/{projectID}/agents'
  const tokens: [Who, string][] = [
    [token, 'GET /acme/kept/cells'],
    [cast.people.orgOwner.token, 'GET /me'],
    [cast.people.orgOwner.token, 'GET /v1/projects'],
    [examples[agents]!.as, requestOf(agents, examples[agents]!.params)],
  ]
  await target.db.transaction().execute((trx) => hold(trx, 'tokens'))
  for (const [who, request] of tokens) {
    const { status, text } = await restored.send(who, request)
    expect([request, status, text]).toEqual([
      request,
      401,
      expect.stringContaining('Tokens are off since this server was restored'),
    ])
  }
  expect((await restored.send('bh_nobody', 'GET /me')).text).not.toContain('restored')
  const metrics = 'POST /v1/agents/{agentID}/metrics'
  const agent = await restored.send(examples[metrics]!.as, requestOf(metrics, examples[metrics]!.params), { raw: 'metrics' })
  expect(agent.text).toContain('Tokens are off since this server was restored')
  expect(await resume(target.db, 'tokens')).toBe(true)
  expect(await resume(target.db, 'tokens')).toBe(false)
  for (const [who, request] of tokens) expect([request, (await restored.send(who, request)).status]).toEqual([request, 200])
})
