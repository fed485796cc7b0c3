import { firstProblem } from '#contract/issues'
import { MemberChange, type MemberOutcomes } from '#contract/members/changes'
import type { Member } from '#contract/members/members'
import { type Trx, inTransaction } from '#db/client'
import { inSavepoint } from '#db/savepoint'
import type { OrgContext, ProjectContext, Verb } from '../context.ts'
import type { ErrorCode } from '#contract/errors'
import { DomainError } from '../errors.ts'
import { assertFreshSignIn } from '../access/fresh-sign-in.ts'
import { addMember, removeMember, updateMember } from './members.ts'
import { assertCanInOrganization } from '../access/permissions.ts'

/** How the surrounding request finds a project, and how it names an error code to callers. */
type Around = {
  projectOf: (context: OrgContext, idOrSlug: string) => Promise<ProjectContext>
  codeOf: (code: ErrorCode) => string
}

const verbs = { add: 'create', update: 'update', remove: 'delete' } as const satisfies Record<MemberChange['action'], Verb>

/**
 * Changes row by row, each in its own transaction: a wrong row reports its problem and does not stop the others. Looks up the
 * project and the caller's access for every row, because the row before may have changed them.
 */
export async function changeMembers(context: OrgContext, rows: unknown[], around: Around): Promise<MemberOutcomes> {
  assertCanInOrganization(context, 'projects:list')
  // Checked once for all rows: otherwise some rows would be done and others refused.
  assertFreshSignIn(context)
  const outcomes: MemberOutcomes['outcomes'] = []
  for (const [index, row] of rows.entries()) {
    try {
      const member = await inTransaction(context.db, (trx) =>
        inSavepoint(trx, () => changeOne(context, trx, shaped(row), around)),
      )
      outcomes.push({ index, done: true, member, code: null, error: null })
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      outcomes.push({ index, done: false, member: null, code: around.codeOf(error.code), error: error.message })
    }
  }
  const done = outcomes.filter((outcome) => outcome.done).length
  return { done, refused: outcomes.length - done, outcomes }
}

function shaped(row: unknown): MemberChange {
  const parsed = MemberChange.safeParse(row)
  if (parsed.success) return parsed.data
  throw new DomainError('invalid_request', firstProblem(parsed.error, 'The row'))
}

async function changeOne(context: OrgContext, trx: Trx, row: MemberChange, { projectOf }: Around): Promise<Member | null> {
  const { action, projectId, userId } = row
  const project = await projectOf({ ...context, db: trx, verb: verbs[action] }, projectId)
  switch (row.action) {
    case 'add':
      return addMember(project, row)
    case 'update':
      return updateMember(project, userId, row)
    case 'remove':
      await removeMember(project, userId, row.revoke)
      return null
    default:
      return row satisfies never
  }
}
