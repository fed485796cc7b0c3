import type { Database, Trx } from '../../client.ts'
import { plannedWithValues } from '../../prepared.ts'
import { tokens } from '../tokens/tokens.ts'
import { before } from './paging.ts'

type Page = { name: string | undefined; before: { createdAt: string; key: string } | undefined; limit: number }

/** Live tokens, newest first. */
export function listV1Tokens(db: Database | Trx, projectId: string, { name, before: cursor, limit }: Page) {
  return tokens(db, projectId)
    .modifyFront(plannedWithValues)
    .$if(name !== undefined, (q) => q.where('t.name', '=', name!))
    .$if(cursor !== undefined, (q) => q.where(before('t', cursor!)))
    .orderBy('t.created_at', 'desc')
    .orderBy('t.id', 'desc')
    .limit(limit + 1)
    .execute()
}
