// The least that answers a page of projects: node:http and pg, the same three prepared statements, the same JSON. It knows one URL, checks
// no form of what comes in and nothing of what goes out. Started by bench/page.ts with DATABASE_URL and STATEMENTS.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { Pool, types } from 'pg'

type Statement = { name: string; text: string }
const { token, organization, projects } = JSON.parse(process.env['STATEMENTS'] ?? '') as Record<
  'token' | 'organization' | 'projects',
  Statement
>

const toRfc3339 = (text: string) => {
  const clock = `${text.slice(0, 10)}T${text.slice(11, 19)}`
  return text.length === 29 ? `${clock}${text.slice(19, 26)}Z` : `${clock}.${text.slice(20, -3).padEnd(6, '0')}Z`
}

const pool = new Pool({
  connectionString: process.env['DATABASE_URL'],
  max: 10,
  options: '-c TimeZone=UTC',
  types: {
    getTypeParser: (oid, format) => (oid === types.builtins.TIMESTAMPTZ ? toRfc3339 : types.getTypeParser(oid, format)) as never,
  },
})

type Row = Record<string, unknown>

async function page(slug: string, bearer: string, limit: number): Promise<unknown[] | undefined> {
  const hash = createHash('sha256').update(bearer).digest()
  const [user] = (await pool.query<Row>({ ...token, values: [hash] })).rows
  if (!user) return undefined
  const [org] = (await pool.query<Row>({ ...organization, values: [user['user_id'], slug] })).rows
  if (!org?.['role'] || (user['org_id'] !== null && user['org_id'] !== org['id'])) return undefined
  const { rows } = await pool.query<Row>({ ...projects, values: [org['id'], limit + 1] })
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
