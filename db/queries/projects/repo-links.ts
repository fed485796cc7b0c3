import type { Database, Trx } from '../../client.ts'

const columns = ['id', 'provider', 'repository', 'branch', 'path', 'created_at'] as const

export function listRepoLinks(
  db: Database | Trx,
  projectId: string,
  { after, limit }: { after: string | undefined; limit: number },
) {
  return db
    .selectFrom('repo_links')
    .select(columns)
    .where('project_id', '=', projectId)
    .$if(after !== undefined, (q) => q.where('id', '>', after!))
    .orderBy('id')
    .limit(limit + 1)
    .execute()
}

/** Undefined when the same place is linked already. */
export function insertRepoLink(
  trx: Trx,
  link: { id: string; project_id: string; provider: string; repository: string; branch: string; path: string },
) {
  return trx
    .insertInto('repo_links')
    .values(link)
    .onConflict((c) => c.doNothing())
    .returning(columns)
    .executeTakeFirst()
}

export function deleteRepoLink(trx: Trx, projectId: string, id: string) {
  return trx
    .deleteFrom('repo_links')
    .where('project_id', '=', projectId)
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirst()
}
