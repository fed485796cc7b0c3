// The smallest server for a page of projects: the same three prepared statements and JSON, without validation. Needs DATABASE_URL
// and STATEMENTS; WALL (bench/wall.ts) sets the visible organization per `transaction` or per `connection`. `bare.ts pipelined`
// sends all statements on one connection, without waiting for earlier answers.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { Client, type CustomTypesConfig, Pool, type PoolClient, types } from 'pg'

type Statement = { name: string; text: string }
const { token, organization, projects } = JSON.parse(process.env['STATEMENTS'] ?? '') as Record<
  'token' | 'organization' | 'projects',
  Statement
>

const toRfc3339 = (text: string) => {
  const clock = `${text.slice(0, 10)}T${text.slice(11, 19)}`
  return text.length === 29 ? `${clock}${text.slice(19, 26)}Z` : `${clock}.${text.slice(20, -3).padEnd(6, '0')}Z`
}

const config = {
  connectionString: process.env['DATABASE_URL'],
  options: '-c TimeZone=UTC',
  types: {
    getTypeParser: (...[oid, format]: Parameters<CustomTypesConfig['getTypeParser']>) =>
      (oid === types.builtins.TIMESTAMPTZ ? toRfc3339 : types.getTypeParser(oid, format)) as never,
  },
}
// Sends the statement that sets the connection's organization together with the one that follows.
const pool = new Pool({ ...config, max: 10, pipeline: process.env['WALL'] === 'connection' })
const pipe = process.argv[2] === 'pipelined' ? new Client({ ...config, pipeline: true }) : undefined
await pipe?.connect()

type Row = Record<string, unknown>

const enter = (role: string, organization: string, isLocal: boolean) => ({
  name: 'enter',
  text: 'select set_config($1, $2, $3), set_config($4, $5, $3)',
  values: ['role', role, isLocal, 'bench.organization', organization],
})
/** The organization whose rows each connection may see; unset for none. */
const inside = new WeakMap<PoolClient, string>()

async function onConnection(organization: string | undefined, statement: { values: unknown[] } & Statement): Promise<Row[]> {
  const client = await pool.connect()
  try {
    const tenant = organization ?? ''
    if ((inside.get(client) ?? '') !== tenant) void client.query(enter(tenant ? 'bench_tenant' : 'none', tenant, false))
    inside.set(client, tenant)
    return (await client.query<Row>(statement)).rows
  } finally {
    client.release()
  }
}

async function inTransaction(organization: string, statement: { values: unknown[] } & Statement): Promise<Row[]> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query(enter('bench_tenant', organization, true))
    const { rows } = await client.query<Row>(statement)
    await client.query('commit')
    return rows
  } finally {
    client.release()
  }
}

/** A statement that belongs to an organization, or to none yet. */
async function rowsOf(organization: string | undefined, statement: { values: unknown[] } & Statement): Promise<Row[]> {
  if (process.env['WALL'] === 'connection') return onConnection(organization, statement)
  if (process.env['WALL'] === 'transaction' && organization !== undefined) return inTransaction(organization, statement)
  return (await (pipe ?? pool).query<Row>(statement)).rows
}

async function page(slug: string, bearer: string, limit: number): Promise<unknown[] | undefined> {
  const hash = createHash('sha256').update(bearer).digest()
  const [user] = await rowsOf(undefined, { ...token, values: [hash] })
  if (!user) return undefined
  const [org] = await rowsOf(undefined, { ...organization, values: [user['user_id'], slug] })
  if (!org?.['role'] || (user['org_id'] !== null && user['org_id'] !== org['id'])) return undefined
  const rows = await rowsOf(String(org['id']), { ...projects, values: [org['id'], limit + 1] })
  return rows.slice(0, limit).map((row) => ({
    id: row['id'],
    orgId: row['org_id'],
    name: row['name'],
    slug: row['slug'],
    metadata: row['metadata'],
    createdAt: row['created_at'],
    updatedAt: row['updated_at'],
  }))
}

const url = /^\/orgs\/([^/]+)\/projects\?limit=(\d+)$/

const server = createServer((request, response) => {
  const [, slug, limit] = url.exec(request.url ?? '') ?? []
  const found =
    slug === undefined
      ? Promise.resolve(undefined)
      : page(slug, request.headers.authorization?.slice('Bearer '.length) ?? '', Number(limit))
  found.then(
    (items) => response.writeHead(items ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(items ?? null)),
    () => response.writeHead(500).end(),
  )
})
server.listen(Number(process.env['PORT']), '127.0.0.1', () => process.stdout.write('ready\n'))
