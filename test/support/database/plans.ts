import pg from 'pg'
import { PLANNED_WITH_VALUES } from '#db/client'

/** A statement that PostgreSQL may keep a plan for, with values that it was sent with. */
export type Named = { text: string; values: unknown[] }

type Sent = { text?: string; values?: unknown[] }

/**
 * Records every statement that gets a name in a process that has just started, with the values of its first call, until `stop`. A
 * process that has run other tests before may have given all of its names away.
 */
export function noteNamed() {
  const named = new Map<string, Named>()
  const send = pg.Client.prototype.query
  pg.Client.prototype.query = function query(this: pg.Client, ...args: never[]) {
    const { text, values } = (args[0] ?? {}) as Sent
    const getsName = text && values && !text.includes(PLANNED_WITH_VALUES)
    if (getsName && !named.has(text)) named.set(text, { text, values })
    return (send as (...all: never[]) => never).apply(this, args)
  }
  return {
    named,
    stop() {
      pg.Client.prototype.query = send
    },
  }
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (Buffer.isBuffer(value)) return `'\\x${value.toString('hex')}'`
  if (Array.isArray(value)) return pg.escapeLiteral(`{${value.map(element).join(',')}}`)
  return pg.escapeLiteral(`${value as string | number | boolean}`)
}
const element = (value: unknown) => (value === null ? 'null' : `"${`${value as string | number}`.replaceAll(/["\\]/g, '\\$&')}"`)

type Explained = { 'QUERY PLAN': [{ Plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number } }] }

/** The pages that a statement reads, planned with its values (`custom`) and without them, as PostgreSQL may do after five calls. */
export async function pagesRead(client: pg.Client, { text, values }: Named): Promise<{ custom: number; generic: number }> {
  const pages = async (mode: 'force_custom_plan' | 'force_generic_plan') => {
    await client.query(`begin; set local plan_cache_mode = ${mode}`)
    try {
      await client.query(`prepare explained as ${text}`)
      const given = values.length > 0 ? `(${values.map(literal).join(', ')})` : ''
      // The first run may fill caches of the catalog, whose pages count too.
      const explain = `explain (analyze, buffers, timing off, summary off, format json) execute explained${given}`
      await client.query(explain)
      const { rows } = await client.query<Explained>(explain)
      const { Plan: plan } = rows[0]!['QUERY PLAN'][0]
      return plan['Shared Hit Blocks'] + plan['Shared Read Blocks']
    } finally {
      await client.query('rollback')
      await client.query('deallocate all')
    }
  }
  return { custom: await pages('force_custom_plan'), generic: await pages('force_generic_plan') }
}
