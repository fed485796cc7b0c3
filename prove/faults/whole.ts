import { sql } from 'kysely'
import type { Database } from '#db/client'
import { countRows, sumRowCounts } from '#db/queries/project-rows'
import { verifyAudit } from '#domain/audit/verification'
import type { Stage } from '#test/support/world/cast'
import { BATCH, type Ledger } from './work.ts'

export type Stages = { steady: Stage; wiped: Stage; purged: Stage }

const differ = (a: Set<string>, b: Set<string>) => a.size !== b.size || [...a].some((one) => !b.has(one))

async function audited(db: Database, projectId: string, action: string) {
  return db
    .selectFrom('audit_events')
    .select(['id', 'target_id', 'target_name', 'after'])
    .where('project_id', '=', projectId)
    .where('action', '=', action)
    .orderBy('id')
    .execute()
}

/** Single entities: all acknowledged ones exist once, each with its event. Entities of an apply: all of them or none. */
async function entities(db: Database, { id }: Stage, ledger: Ledger): Promise<string[]> {
  const rows = await db.selectFrom('entities').select(['id', 'name']).where('project_id', '=', id).execute()
  const ones = rows.filter(({ name }) => name.startsWith('one-'))
  const events = await audited(db, id, 'entity.created')
  const many = Map.groupBy(
    rows.filter(({ name }) => name.startsWith('many-')),
    ({ name }) => name.slice(0, name.lastIndexOf('-')),
  )
  const applied = await audited(db, id, 'catalog.applied')
  return [
    differ(new Set(ones.map(({ name }) => name)), ledger.entities) && 'the entities differ from the acknowledged ones',
    ones.length !== ledger.entities.size && `${ones.length} entities for ${ledger.entities.size} acknowledged`,
    differ(new Set(ones.map((row) => row.id)), new Set(events.map((event) => event.target_id))) &&
      'the entities differ from the audited ones',
    events.length !== ones.length && `${events.length} events for ${ones.length} entities`,
    differ(new Set(many.keys()), ledger.applies) && 'the applies differ from the acknowledged ones',
    [...many.values()].some((of) => of.length !== BATCH) && 'an apply was stored in part',
    applied.length !== many.size && `${applied.length} events for ${many.size} applies`,
  ].filter((wrong) => typeof wrong === 'string' && wrong !== '') as string[]
}

/** The members and their roles: as acknowledged, and as the sequence of events says. */
async function members(db: Database, { id }: Stage, { roles }: Ledger): Promise<string[]> {
  const users = [...roles.keys()]
  if (users.length === 0) return []
  const rows = await db
    .selectFrom('project_members')
    .select(['user_id', 'role'])
    .where('project_id', '=', id)
    .where('user_id', 'in', users)
    .execute()
  const events = await db
    .selectFrom('audit_events')
    .select(['action', 'target_id', sql<string | null>`after ->> 'role'`.as('role')])
    .where('project_id', '=', id)
    .where('target_id', 'in', users)
    .where('action', 'like', 'member.%')
    .orderBy('id')
    .execute()
  const auditedRoles = new Map<string, string | null>()
  const wrong: string[] = []
  for (const { action, target_id: user, role } of events) {
    const isMember = (auditedRoles.get(user) ?? null) !== null
    if ((action === 'member.added') === isMember) wrong.push(`${action} of who is ${isMember ? 'a' : 'no'} member`)
    auditedRoles.set(user, role)
  }
  for (const [user, role] of roles) {
    const is = rows.find((row) => row.user_id === user)?.role ?? null
    if (is !== role) wrong.push(`a member is ${is}, and was acknowledged as ${role}`)
    if ((auditedRoles.get(user) ?? null) !== is) wrong.push(`a member is ${is}, and the events say ${auditedRoles.get(user)}`)
  }
  return wrong
}

/** Each nuke receipt has its event and each event its receipt, and so has each undo; the wiped rows match the counts. */
async function wipes(db: Database, { id }: Stage): Promise<string[]> {
  const all = await db.selectFrom('wipes').selectAll().where('project_id', '=', id).execute()
  const nukes = (await audited(db, id, 'project.nuked')).flatMap(({ after }) => (after as { wipeId: string | null }).wipeId ?? [])
  const undos = (await audited(db, id, 'project.undone')).map((event) => event.target_id)
  const restored = all.filter((wipe) => wipe.restored_at !== null)
  const { generation, last_generation: last } = await db
    .selectFrom('projects')
    .select(['generation', 'last_generation'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const wrong = [
    differ(new Set(all.filter(({ reason }) => reason === 'nuke').map((wipe) => wipe.id)), new Set(nukes)) &&
      'the receipts differ from the audited nukes',
    new Set(nukes).size !== nukes.length && 'a nuke was audited twice',
    differ(new Set(restored.map((wipe) => wipe.id)), new Set(undos)) && 'the undone receipts differ from the audited undos',
    new Set(undos).size !== undos.length && 'an undo was audited twice',
    generation > last && 'the live generation is beyond the last',
    all.some((wipe) => wipe.generation === generation && wipe.restored_at === null) &&
      'the live generation is also a replaced one',
  ]
  for (const wipe of all.filter((one) => one.restored_at === null && one.purging_at === null)) {
    const counted = await countRows(db, { projectId: id, generation: wipe.generation })
    if (Object.entries(counted).some(([table, n]) => n !== (wipe.row_counts as Record<string, number>)[table]))
      wrong.push(`a receipt says ${JSON.stringify(wipe.row_counts)}, and there are ${JSON.stringify(counted)}`)
  }
  return wrong.filter((one) => typeof one === 'string' && one !== '') as string[]
}

/** The maintained counts equal a real count, and a purge leaves nothing. */
async function counts(db: Database, { id }: Stage): Promise<string[]> {
  const wrong: string[] = []
  const { last_generation: last } = await db
    .selectFrom('projects')
    .select('last_generation')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const halfPurged = await db
    .selectFrom('wipes')
    .select('generation')
    .where('project_id', '=', id)
    .where('purging_at', 'is not', null)
    .where('purged_at', 'is', null)
    .execute()
  for (let generation = 1; generation <= last; generation++) {
    if (halfPurged.some((wipe) => wipe.generation === generation)) continue
    const [ready, counted] = [
      await sumRowCounts(db, { projectId: id, generation }),
      await countRows(db, { projectId: id, generation }),
    ]
    if (JSON.stringify(ready) !== JSON.stringify(counted))
      wrong.push(`generation ${generation}: ready ${JSON.stringify(ready)}, counted ${JSON.stringify(counted)}`)
  }
  return wrong
}

async function live(db: Database, { id }: Stage, expected: number): Promise<string[]> {
  const { generation } = await db.selectFrom('projects').select('generation').where('id', '=', id).executeTakeFirstOrThrow()
  const { entities: n } = await countRows(db, { projectId: id, generation })
  return n === expected ? [] : [`${n} entities are live, and ${expected} were acknowledged`]
}

/** Every chain as `audit verify` checks it. */
async function chains(db: Database): Promise<string[]> {
  const wrong: string[] = []
  for await (const { slug, findings } of verifyAudit(db))
    wrong.push(...findings.map(({ what }) => `the chain of ${slug}: ${what}`))
  return wrong
}

/** Everything that is half done, lost, or done without its event. */
export async function notWhole(db: Database, { steady, wiped, purged }: Stages, ledger: Ledger): Promise<string[]> {
  const found = [
    await entities(db, steady, ledger),
    await members(db, steady, ledger),
    await wipes(db, wiped),
    await wipes(db, purged),
    await counts(db, steady),
    await counts(db, wiped),
    await counts(db, purged),
    await live(db, wiped, ledger.live),
    await chains(db),
  ]
  return found.flat()
}
