import type { Database } from '#db/client'
import { newId } from '#domain/ids'

/** Members of one project only, `Crowd 001` and so on, so that the organization's lists stay the same for the other tests. */
export async function addCrowd(db: Database, project: { id: string; slug: string }, count: number): Promise<void> {
  const people = Array.from({ length: count }, (_, i) => {
    const number = String(i + 1).padStart(3, '0')
    return { id: newId(), name: `Crowd ${number}`, email: `crowd.${number}.${project.slug}@acme.test`, password_hash: null }
  })
  await db.insertInto('users').values(people).execute()
  const members = people.map(({ id }) => ({ id: newId(), project_id: project.id, user_id: id, role: 'member' as const }))
  await db.insertInto('project_members').values(members).execute()
}
