'use client'

import { useQuery } from '@tanstack/react-query'
import { DataTable } from '#components/table/data-table'
import { Section } from '#components/ui/section'
import { invitationsToQuery } from '#queries/organizations/invitations'
import { invitationColumns } from '../invitation-columns.tsx'

/** Open invitations to a person's address, if there are any. */
export function PersonInvitations({ org, email }: { org: string; email: string | undefined }) {
  const listed = useQuery({ ...invitationsToQuery(org, email ?? ''), enabled: email !== undefined })
  if (!listed.data || listed.data.items.length === 0) return null
  return (
    <Section title="Open invitations" description="To their address. They give more access once they are accepted." flush>
      <DataTable
        label="Open invitations"
        bare
        unbounded
        columns={invitationColumns}
        rows={listed.data.items}
        rowId={({ id }) => id}
        rowName={({ email: to }) => to}
        empty={null}
      />
    </Section>
  )
}
