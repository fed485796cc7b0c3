'use client'

import { useState } from 'react'
import { roleOptions } from '#components/access/role'
import { Field } from '#components/ui/field'
import { Select } from '#components/ui/select'
import type { Role } from '#contract/common'
import { BulkDialog } from './bulk-dialog.tsx'
import { changeReason } from './member-actions.tsx'
import type { MemberRow } from './member-columns.tsx'
import type { InProject } from './member-dialogs.tsx'

/** One role for several members. */
export function ChangeRolesDialog({ members, ...shared }: InProject & { members: MemberRow[] }) {
  const [role, setRole] = useState<Role | null>(null)
  return (
    <BulkDialog
      {...shared}
      title={`Change the role of ${members.length === 1 ? '1 member' : `${members.length} members`}`}
      members={members}
      reasonOf={(member) => changeReason(member, shared.can)}
      change={role && { kind: 'update', body: { role } }}
      missing="Choose a role"
      verb="Change role"
      done="changed"
    >
      <Field label="New role" nativeLabel={false}>
        <Select value={role} onChange={setRole} options={roleOptions(shared.can)} placeholder="Choose a role" />
      </Field>
    </BulkDialog>
  )
}
