import type { Database, Trx } from '#db/client'
import { listDifferences } from '#db/queries/catalog/effective-members'
import { listAlike } from '#db/queries/catalog/names'
import { type Generation, countRows, sumRowCounts, wipedTables } from '#db/queries/project-rows'
import { listAllProjects } from '#db/queries/projects/projects'
import { beginSnapshot } from '#db/queries/transfer/transfer'
import { listUnverified } from '#db/queries/accounts/users'

/** How many differences of one project are listed. */
const MOST = 20

/** `alike` are names that differ only in how their letters are composed. Nothing is wrong with the data, and nothing merges them. */
export type Checked = { project: string; problems: string[]; alike: string[] }

/** Recomputes all derived data, project by project, each in one snapshot: cell membership and row counts. */
export async function* checkProjects(db: Database): AsyncGenerator<Checked> {
  for (const { id, slug, org_slug, generation } of await listAllProjects(db)) {
    yield { project: `${org_slug}/${slug}`, ...(await inSnapshot(db, { projectId: id, generation })) }
  }
}

/** Addresses in one statement. */
const CHUNK = 1000

/** The addresses of accounts that nobody has verified. */
export async function* unverifiedAddresses(db: Database): AsyncGenerator<string> {
  let after: string | undefined
  do {
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before it ends
    const page = await listUnverified(db, { after, limit: CHUNK })
    yield* page.map(({ email }) => email)
    after = page.length < CHUNK ? undefined : page.at(-1)!.id
  } while (after !== undefined)
}

async function inSnapshot(db: Database, at: Generation): Promise<Omit<Checked, 'project'>> {
  const snapshot = await beginSnapshot(db)
  try {
    const alike = (await listAlike(snapshot, at, MOST)).map(({ what, names }) => `${what} ${names.map(spelled).join(', ')}`)
    return { problems: await problemsOf(snapshot, at), alike }
  } finally {
    await snapshot.rollback().execute()
  }
}

/** With every character outside of ASCII as its number, because the names look alike. */
const spelled = (name: string) =>
  `${name} (${name.replaceAll(/[^\x20-\x7e]/gu, (letter) => `\\u{${letter.codePointAt(0)!.toString(16)}}`)})`

async function problemsOf(snapshot: Trx, at: Generation): Promise<string[]> {
  const counted = await sumRowCounts(snapshot, at)
  const real = await countRows(snapshot, at)
  const differences = await listDifferences(snapshot, at, MOST)
  return [
    ...wipedTables
      .filter((table) => counted[table] !== real[table])
      .map((table) => `${table} has ${real[table]} rows, but the ready count says ${counted[table]}`),
    ...differences.map(({ cell, entity_id, what }) =>
      what === 'missing'
        ? `${entity_id} should be in the cell ${cell} and is not`
        : `${entity_id} is in the cell ${cell} and should not be`,
    ),
  ]
}
