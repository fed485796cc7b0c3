import type { Client } from 'pg'
import { CreateToken } from '#contract/tokens/tokens'
import type { Database } from '#db/client'
import { issuePersonalToken, issueProjectToken } from '#domain/tokens/issued'
import { createUser } from '#domain/accounts/users'
import { createOrganization } from '#domain/organizations/organizations'

export type Size = { organizations: number; projects: number; members: number; purged: number }

/** A project in use; `spare` are people of the organization who are in no project. */
export type Place = { id: string; slug: string; token: string }
export type Org = { id: string; slug: string; email: string; owner: string; slugs: string[]; places: Place[]; spare: string[] }
export type World = { orgs: Org[]; doomed: Place & { org: string } }

export const password = 'tuesday apricot lantern'
/** Projects per organization: as many as clients can use at once without affecting each other. */
export const PLACES = 16

/**
 * $1 organization, $2 its slug, $3 number of projects, $4 of people, $5 of memberships per project. Written straight to the
 * tables.
 */
const furnish = [
  `insert into users (id, email, name) select uuidv7(), 'user-' || n || '@' || $2 || '.example', 'User ' || n from generate_series(1, $4::int) n`,
  `insert into organization_members (org_id, user_id, role) select $1, id, 'member' from users where email like 'user-%@' || $2 || '.example'`,
  `insert into projects (id, org_id, slug, name) select uuidv7(), $1, 'project-' || lpad(n::text, 5, '0'), 'Project ' || n from generate_series(0, $3::int - 1) n`,
  `insert into environments (id, project_id, name, is_default) select uuidv7(), id, 'default', true from projects where org_id = $1`,
  // Never the first people: those are in no project.
  `with p as (select id, row_number() over (order by slug) as n from projects where org_id = $1),
        u as (select id, row_number() over (order by id) - 1 as n from users where email like 'user-%@' || $2 || '.example')
    insert into project_members (id, project_id, user_id, role)
    select uuidv7(), p.id, u.id, (array['owner', 'admin', 'member', 'viewer']::role[])[1 + k % 4]
    from p cross join generate_series(0, $5::int - 1) k
    join u on u.n = ${PLACES} + (p.n * $5::int + k) % ($4::int - ${PLACES})`,
]

async function newOrg(db: Database, client: Client, slug: string, { organizations, projects, members }: Size): Promise<Org> {
  const owner = await createUser(db, { email: `owner@${slug}.example`, name: 'Owner', password })
  const { id } = await createOrganization(db, { slug, name: slug, owner })
  const each = Math.ceil(projects / organizations)
  const memberships = Math.max(1, Math.round(members / projects))
  const people = PLACES + Math.max(memberships, Math.ceil((each * memberships) / 5))
  const values = [id, slug, each, people, memberships]
  for (const statement of furnish) {
    const used = values.map((value, i) => ({ value, at: i + 1 })).filter(({ at }) => statement.includes(`$${at}`))
    // PostgreSQL requires every given parameter to be used, numbered without gaps.
    const text = used.reduce((all, { at }, i) => all.replaceAll(`$${at}`, `$${i + 1}`), statement)
    await client.query(
      text,
      used.map(({ value }) => value),
    )
  }
  const rows = await db.selectFrom('projects').select(['id', 'slug']).where('org_id', '=', id).orderBy('slug').execute()
  const places: Place[] = []
  for (const project of rows.slice(0, PLACES)) {
    const { token } = await issueProjectToken(
      db,
      { id: project.id, org: { id } },
      CreateToken.parse({ name: 'soak', role: 'owner' }),
    )
    places.push({ ...project, token })
  }
  const spare = await db
    .selectFrom('users')
    .select('id')
    .where('email', 'like', `user-%@${slug}.example`)
    .orderBy('id')
    .limit(PLACES)
    .execute()
  const { token } = await issuePersonalToken(db, owner, { id }, { name: 'soak' })
  return {
    id,
    slug,
    email: owner.email,
    owner: token,
    slugs: rows.map((row) => row.slug),
    places,
    spare: spare.map((user) => user.id),
  }
}

/** Creates organizations with thousands of projects and members in bulk, and one project that will be purged. */
export async function settle(db: Database, client: Client, size: Size): Promise<World> {
  const orgs: Org[] = []
  for (let i = 0; i < size.organizations; i++) orgs.push(await newOrg(db, client, `org-${i}`, size))
  await client.query('analyze')
  const [first] = orgs
  const place = first!.places.pop()!
  return { orgs, doomed: { ...place, org: first!.slug } }
}
