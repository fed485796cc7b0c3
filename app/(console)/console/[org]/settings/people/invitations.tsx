'use client'

import { useQuery } from '@tanstack/react-query'
import { Ban, Copy, Send } from 'lucide-react'
import { useState } from 'react'
import { DataTable } from '#components/table/data-table'
import { usePaging } from '#components/table/list-state'
import { ConfirmCall } from '#components/ui/confirm-call'
import { EmptyState } from '#components/ui/empty-state'
import type { MenuItem } from '#components/ui/menu'
import { Section } from '#components/ui/section'
import { useToast } from '#components/ui/toast'
import { useCopy } from '#components/ui/use-copy'
import type { Ability } from '#contract/common'
import type { Invitation } from '#contract/organizations/invitations'
import { invitationsQuery, useResendInvitation, useRevokeInvitation } from '#queries/organizations/invitations'
import { invitationColumns } from './invitation-columns.tsx'
import { fullLink } from './invited-dialog.tsx'

interface InvitationsProps {
  org: string
  /** Whether the viewer may invite, and so see invitations. */
  may: Ability
}

const above = 'It grants a higher role than yours'

/** Invitations that were not accepted yet. */
export function Invitations({ org, may }: InvitationsProps) {
  const toast = useToast()
  const { copy, byHand } = useCopy()
  const [open, setOpen] = useState<null | { kind: 'resend' | 'revoke'; invitation: Invitation }>(null)
  const paging = usePaging(['invitation', 'invitations'], 'invitations')
  const listed = useQuery({ ...invitationsQuery(org, paging.cursor), enabled: may.allowed })
  const actions = (invitation: Invitation): MenuItem[] => {
    const { manage, link } = invitation
    const reason = manage ? null : above
    return [
      {
        label: 'Copy link',
        icon: <Copy />,
        disabledReason: reason ?? (link === null ? 'It has expired. Send it again first.' : null),
        onSelect: () => {
          if (link) void copy(fullLink(link), 'link').then((copied) => copied && toast('Link copied'))
        },
      },
      {
        label: 'Send again…',
        icon: <Send />,
        disabledReason: reason,
        onSelect: () => setOpen({ kind: 'resend', invitation }),
      },
      {
        label: 'Revoke…',
        icon: <Ban />,
        danger: true,
        separated: true,
        disabledReason: reason,
        onSelect: () => setOpen({ kind: 'revoke', invitation }),
      },
    ]
  }
  return (
    <Section
      className="mt-6"
      title="Invitations"
      description={may.allowed && 'People who were invited but haven’t accepted yet.'}
      flush={may.allowed}
    >
      {!may.allowed ? (
        <p className="text-muted">{may.reason}</p>
      ) : (
        <DataTable
          label="Invitations"
          bare
          unbounded
          expected={2}
          columns={invitationColumns}
          rows={listed.data?.items}
          rowId={({ id }) => id}
          rowName={({ email }) => email}
          rowActions={actions}
          error={listed.error && { message: listed.error.message, retry: () => void listed.refetch() }}
          pager={paging.pager(listed.data)}
          empty={<EmptyState title="No open invitations">People you invite are listed here until they accept.</EmptyState>}
        />
      )}
      {byHand}
      {open?.kind === 'resend' && <ResendDialog org={org} invitation={open.invitation} onClose={() => setOpen(null)} />}
      {open?.kind === 'revoke' && <RevokeDialog org={org} invitation={open.invitation} onClose={() => setOpen(null)} />}
    </Section>
  )
}

interface InvitationDialogProps {
  org: string
  invitation: Invitation
  onClose: () => void
}

function ResendDialog({ org, invitation: { id, email }, onClose }: InvitationDialogProps) {
  return (
    <ConfirmCall
      variant="primary"
      title={`Invite ${email} again?`}
      description="The link works for another seven days. If email is configured, it is sent again."
      confirmLabel="Send again"
      call={useResendInvitation(org)}
      sent={id}
      toast={`${email} was invited again`}
      onClose={onClose}
    />
  )
}

function RevokeDialog({ org, invitation: { id, email }, onClose }: InvitationDialogProps) {
  return (
    <ConfirmCall
      title={`Revoke the invitation for ${email}?`}
      description="Its link stops working immediately. You can invite them again."
      confirmLabel="Revoke invitation"
      call={useRevokeInvitation(org)}
      sent={id}
      toast={`The invitation for ${email} was revoked`}
      onClose={onClose}
    />
  )
}
