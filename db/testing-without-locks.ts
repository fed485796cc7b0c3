import type { KyselyPlugin } from 'kysely'
import type { Database } from './client.ts'

const plugin: KyselyPlugin = {
  transformQuery: ({ node }) => (node.kind === 'SelectQueryNode' ? { ...node, endModifiers: [] } : node),
  transformResult: async ({ result }) => result,
}

/**
 * The same database, with `for update` and its like taken out of every select: the product's own verbs, unlocked. A test of a race
 * is worth something only if it fails on this.
 */
export const withoutLocks = (db: Database): Database => db.withPlugin(plugin)
