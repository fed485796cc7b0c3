import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { inject } from 'vitest'
import { createDatabase } from './client.ts'

async function administer(url: string, statement: string) {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** A database of one's own, copied from the migrated one. Drop it when the file's tests are done. */
export async function createTestDatabase(options: { max?: number } = {}) {
  const { url, template } = inject('postgres')
  const name = `test_${randomBytes(8).toString('hex')}`
  await administer(url, `create database ${name} template ${template}`)
  const address = new URL(url)
  address.pathname = `/${name}`
  const db = createDatabase(address.href, options)
  return {
    url: address.href,
    db,
    async drop() {
      await db.destroy()
      await administer(url, `drop database if exists ${name} with (force)`)
    },
  }
}
