'use client'

import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { MadeThings, hasMade, revokedInWords } from '#components/access/made-things'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { Notice } from '#components/ui/notice'
import { useToast } from '#components/ui/toast'
import { reasonHint } from '#components/wipes/reason'
import type { Revocable } from '#contract/members/made-by'
import type { RemovalPreview } from '#contract/organizations/organizations'
import { paths } from '#contract/paths'
import { personMadeQuery, removalPreviewQuery, useRemovePerson } from '#queries/organizations/organizations'
import type { PersonRow } from './people-columns.tsx'

interface RemovePersonDialogProps {
  org: string
  person: Pick<PersonRow, 'userId' | 'name' | 'email' | 'self'>
  /** Begins with everything that they made selected. */
  everything?: boolean
  onClose: () => void
  /** Called once they are removed. */
  onDone?: () => void
}

/** Removes a person, or the caller, from the organization and all of its projects. */
export function RemovePersonDialog({ org, person, everything = false, onClose, onDone }: RemovePersonDialogProps) {
  const { userId, name, email, self } = person
  const router = useRouter()
  const toast = useToast()
  const remove = useRemovePerson(org, { self })
  const open = { enabled: !remove.isSuccess }
  const preview = useQuery({ ...removalPreviewQuery(org, userId), ...open })
  const made = useQuery({ ...personMadeQuery(org, userId), ...open })
  const [revoke, setRevoke] = useState<Revocable[]>(everything ? ['tokens', 'webhooks'] : [])
  const blocked = preview.data && ownerless(preview.data, self)
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={self ? `Leave ${org}?` : everything ? `End all access of ${name}?` : `Remove ${name} from ${org}?`}
      description={
        self
          ? 'You lose access to the organization immediately. Anyone who manages its people can invite you again.'
          : `${email} loses access to the organization immediately. What they wrote stays.`
      }
      confirmLabel={self ? 'Leave organization' : everything ? 'End all access' : 'Remove person'}
      reasonHint={reasonHint}
      pending={remove.isPending || remove.isSuccess}
      error={(remove.error ?? preview.error)?.message}
      disabledReason={preview.isPending ? 'Counting what ends' : blocked ? 'Make somebody else an owner first' : null}
      onConfirm={(reason) =>
        remove.mutate(
          { userId, revoke, reason },
          {
            onSuccess: ({ revoked }) => {
              toast(`${self ? `You left ${org}` : `${name} was removed`}${revokedInWords(revoked)}`)
              onClose()
              if (self) router.push(paths.console)
              else onDone?.()
            },
          },
        )
      }
    >
      {blocked && (
        <Notice tone="warning" title={blocked.title}>
          {blocked.sentence}
        </Notice>
      )}
      <p>{preview.data ? endsInWords(preview.data) : 'Counting what ends …'}</p>
      {hasMade(made.data) && <MadeThings {...{ self, revoke }} made={made.data} error={made.error} onRevoke={setRevoke} />}
    </ConfirmDialog>
  )
}

const list = new Intl.ListFormat('en')
const counted = (n: number, one: string, many: string) => `${n.toLocaleString('en')} ${n === 1 ? one : many}`

/** "3 project memberships and 1 personal token end too." */
function endsInWords({ projects, personalTokens, invitations }: RemovalPreview): string {
  const parts = [
    ...(projects > 0 ? [counted(projects, 'project membership', 'project memberships')] : []),
    ...(personalTokens > 0 ? [counted(personalTokens, 'personal token', 'personal tokens')] : []),
    ...(invitations > 0 ? [counted(invitations, 'open invitation', 'open invitations')] : []),
  ]
  if (parts.length === 0) return 'They have no project memberships, personal tokens or open invitations here.'
  const total = projects + personalTokens + invitations
  return `${list.format(parts)} ${total === 1 ? 'ends' : 'end'} too.`
}

/** What would be left without an owner; undefined when nothing would. */
function ownerless({ lastOwner: { organization, projects, moreProjects } }: RemovalPreview, self: boolean) {
  if (!organization && projects.length === 0) return undefined
  const who = self ? 'You are' : 'They are'
  const names = projects.map(({ name }) => name)
  const all = moreProjects > 0 ? [...names, `${moreProjects.toLocaleString('en')} more`] : names
  const of = [...(organization ? ['the organization'] : []), ...all]
  return { title: `${who} the last permanent owner`, sentence: `Of ${list.format(of)}. Make somebody else an owner first.` }
}
