import { createDatabase } from '#db/client'
import { migrateToLatest } from '#db/migrate'
import { prepareJobs } from '#server/jobs/worker'
import { Client } from 'pg'
import type { TestProject } from 'vitest/node'
import { startThrowawayPostgres } from '../postgres/throwaway.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The address of the run's server, and its migrated database, of which every test file gets a copy. */
    postgres: { url: string; template: string }
  }
}

/** One PostgreSQL for the whole run, with a migrated database to copy from. */
export default async function setup({ provide }: TestProject) {
  const server = await startThrowawayPostgres()
  try {
    const template = await migratedTemplate(server.url)
    provide('postgres', { url: server.url, template })
  } catch (error) {
    await server.stop()
    throw error
  }
  return () => server.stop()
}

async function migratedTemplate(url: string) {
  const template = 'migrated'
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(`create database ${template}`)
    const address = new URL(url)
    address.pathname = `/${template}`
    const db = createDatabase(address.href)
    try {
      await migrateToLatest(db)
      await prepareJobs(address.href)
    } finally {
      await db.destroy()
    }
    await client.query(`alter database ${template} is_template true allow_connections false`)
  } finally {
    await client.end()
  }
  return template
}
