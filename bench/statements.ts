import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import type { Database } from '#db/client'
import { findPersonalToken } from '#db/queries/access/actors'
import { findOrganization } from '#db/queries/organizations/organizations'
import { listProjects } from '#db/queries/projects/projects'
import type { DB } from '#db/schema'

export type Statement = { name: string; text: string }

/** The statement that a query function sends, recorded without sending it. */
async function recorded(name: string, run: (db: Database) => Promise<unknown>): Promise<Statement> {
  let found: Statement | undefined
  const db = new Kysely<DB>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (on) => new PostgresIntrospector(on),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    log: ({ query }) => void (found = { name, text: query.sql }),
  })
  await run(db)
  return found!
}

const page = { q: undefined, by: 'id', descending: false, after: undefined, limit: 20 } as const

/** The three statements behind a page of projects, exactly as Bulkhead sends them. */
export const statements = {
  token: await recorded('token', (db) => findPersonalToken(db, Buffer.alloc(0))),
  organization: await recorded('organization', (db) => findOrganization(db, { slug: 'slug' }, 'user')),
  projects: await recorded('projects', (db) => listProjects(db, 'org', { all: true }, page)),
}
