import type { VerbGrant } from '#contract/common'
import type { Membership } from '#contract/v1/common'
import type { MembershipRow } from '#db/queries/v1/members'

/** owner ↔ creator, admin ↔ admin; the others have no role in this API (reference v1, 0.1). */
const rolesOf = { owner: ['creator'], admin: ['admin'], member: [], viewer: [] } as const

export const presentMembership = (row: MembershipRow): Membership => ({
  id: row.id,
  userID: row.user_id,
  projectID: row.project_id,
  roles: [...rolesOf[row.role]],
  permissions: row.verbs as VerbGrant[],
  createdAt: row.created_at,
  user: {
    id: row.user_id,
    email: row.email,
    name: row.name,
    avatarURL: row.avatar_url,
    createdAt: row.user_created_at,
    updatedAt: row.user_updated_at,
  },
})
