'use client'

import { useState } from 'react'
import { roleName } from '#components/access/role'
import { Button } from '#components/ui/button'
import { Notice } from '#components/ui/notice'
import { useToast } from '#components/ui/toast'
import type { Role } from '#contract/common'
import type { Member } from '#contract/members/members'
import { useUpdateMember } from '#queries/members/members'

/** Changes roles in the rows. A change can be undone from its toast; a refusal stands above the list until it is dismissed. */
export function useRoleChange(org: string, project: string) {
  const toast = useToast()
  const { mutateAsync, isPending, variables } = useUpdateMember(org, project)
  const [refused, setRefused] = useState<{ name: string; why: string } | null>(null)

  // Several may be under way; each tells its own outcome.
  async function save({ userId, name }: Member, role: Role): Promise<boolean> {
    setRefused(null)
    try {
      await mutateAsync({ userId, role })
      return true
    } catch (error) {
      setRefused({ name, why: error instanceof Error ? error.message : String(error) })
      return false
    }
  }

  return {
    /** The role that is being saved, or the present one. */
    shown: ({ userId, role }: Member): Role => (isPending && variables.userId === userId && variables.role) || role,
    async change(member: Member, role: Role) {
      if (!(await save(member, role))) return
      toast(`${member.name} is now ${roleName(role)}`, {
        action: { label: 'Undo', onClick: () => void save(member, member.role) },
      })
    },
    refusal: refused && (
      <div className="mb-3">
        <Notice
          tone="warning"
          title={`The role of ${refused.name} wasn’t changed`}
          action={<Button onClick={() => setRefused(null)}>Dismiss</Button>}
        >
          {refused.why}
        </Notice>
      </div>
    ),
  }
}
