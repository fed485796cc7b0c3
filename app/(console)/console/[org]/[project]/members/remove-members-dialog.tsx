'use client'

import { useState } from 'react'
import { RevokeMade } from '#components/access/revoke-made'
import type { Revocable } from '#contract/members/made-by'
import { BulkDialog } from './bulk-dialog.tsx'
import { removeReason } from './member-actions.tsx'
import type { MemberRow } from './member-columns.tsx'
import type { InProject } from './in-project.ts'

/** Removes the access of several members, but never the caller's own, which would stop the work halfway. */
export function RemoveMembersDialog({ members, ...shared }: InProject & { members: MemberRow[] }) {
  const [revoke, setRevoke] = useState<Revocable[]>([])
  return (
    <BulkDialog
      {...shared}
      title={`Remove ${members.length === 1 ? '1 member' : `${members.length} members`} from ${shared.project}?`}
      description="They lose access to this project immediately. What they wrote stays, and you can add them again."
      members={members}
      reasonOf={(member) =>
        member.self ? 'This is you. To leave the project, use the actions in your row.' : removeReason(member, shared.access)
      }
      change={{ kind: 'remove', revoke }}
      verb="Remove members"
      done="removed"
      danger
    >
      <RevokeMade revoke={revoke} onRevoke={setRevoke} />
    </BulkDialog>
  )
}
