import { type InsertQueryNode, type KyselyPlugin, OperationNodeTransformer, type QueryId, type SelectQueryNode } from 'kysely'
import type { Database } from '#db/client'

class Unlocking extends OperationNodeTransformer {
  protected override transformSelectQuery(node: SelectQueryNode, id?: QueryId): SelectQueryNode {
    return { ...super.transformSelectQuery(node, id), endModifiers: [] }
  }
}

class Unguarding extends OperationNodeTransformer {
  protected override transformInsertQuery(node: InsertQueryNode, id?: QueryId): InsertQueryNode {
    const { onConflict: _, ...rest } = super.transformInsertQuery(node, id)
    return rest
  }
}

const plugin = (transformer: OperationNodeTransformer): KyselyPlugin => ({
  transformQuery: ({ node, queryId }) => transformer.transformNode(node, queryId),
  transformResult: async ({ result }) => result,
})

/**
 * The same database with `for update` and the like removed from every select: the product's own functions, unlocked. A test of a
 * race is worth keeping only if it fails on this.
 */
export const withoutLocks = (db: Database): Database => db.withPlugin(plugin(new Unlocking()))

/** Also removes every `on conflict`, for a database without the constraints in question. */
export const withoutGuards = (db: Database): Database => withoutLocks(db).withPlugin(plugin(new Unguarding()))
