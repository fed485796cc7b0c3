import { sql } from 'kysely'
import { Client } from 'pg'
import { expect, inject, onTestFinished, test } from 'vitest'
import { StartError } from '#config/start-error'
import { createDatabase } from '#db/client'
import { createTestDatabase } from '#test/support/database/database'
import { prepareJobs } from './jobs/worker.ts'
import { openDatabase } from './postgres/open-database.ts'
import { inWords } from './start-problem.ts'

/** A user without any grant, and an empty database that belongs to somebody else. */
async function stranger() {
  const { url } = inject('postgres')
  const name = `grants_${process.pid}`
  const { db, drop } = await createTestDatabase()
  await sql.raw(`create role ${name} login password 'x'`).execute(db)
  await sql.raw(`create database ${name}`).execute(db)
  const address = new URL(url)
  address.pathname = `/${name}`
  const owner = new Client({ connectionString: address.href })
  await owner.connect()
  onTestFinished(async () => {
    await owner.end()
    await sql.raw(`drop database ${name} with (force)`).execute(db)
    await sql.raw(`drop role ${name}`).execute(db)
    await drop()
  })
  address.username = name
  address.password = 'x'
  return { url: address.href, owner }
}

test('each missing grant is named with the statement that gives it, until the database opens', async () => {
  const { url, owner } = await stranger()
  async function open(): Promise<unknown> {
    const db = createDatabase(url)
    try {
      await openDatabase(db)
      await prepareJobs(url)
      return undefined
    } catch (error) {
      return inWords(error, url)
    } finally {
      await db.destroy()
    }
  }
  const needed: string[] = []
  for (let problem = await open(); problem !== undefined; problem = await open()) {
    expect(problem).toBeInstanceOf(StartError)
    const statement = /start again: (.+;)$/.exec((problem as Error).message)?.[1]
    expect(statement, (problem as Error).message).toBeDefined()
    expect(needed).not.toContain(statement)
    needed.push(statement!)
    await owner.query(statement!)
  }
  expect(needed.length).toBeGreaterThan(0)
})

test.for([
  ['53100', 'could not extend file', 'The database server has no disk space left. Make room there, then start again.'],
  ['ENOSPC', 'ENOSPC: write', 'There is no disk space left (ENOSPC: write). Make room, then start again.'],
] as const)('a full disk (%s) is one sentence', ([code, message, sentence]) => {
  expect(inWords(Object.assign(new Error(message), { code }))).toEqual(new StartError(sentence))
})

test('a bug stays as it is', () => {
  const bug = new TypeError('x is not a function')
  expect(inWords(bug)).toBe(bug)
})
