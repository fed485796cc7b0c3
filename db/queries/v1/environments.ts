import type { Database, Trx } from '../../client.ts'
import { plannedWithValues } from '../../prepared.ts'
import { environmentColumns } from '../projects/environments.ts'
import { before } from './paging.ts'

type Page = {
  only: string | null
  name: string | undefined
  before: { createdAt: string; key: string } | undefined
  limit: number
}

/** Newest first. */
export function listV1Environments(db: Database | Trx, projectId: string, { only, name, before: cursor, limit }: Page) {
  return db
    .selectFrom('environments')
    .modifyFront(plannedWithValues)
    .select(environmentColumns)
    .where('project_id', '=', projectId)
    .$if(only !== null, (q) => q.where('id', '=', only!))
    .$if(name !== undefined, (q) => q.where('name', '=', name!))
    .$if(cursor !== undefined, (q) => q.where(before('environments', cursor!)))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}
