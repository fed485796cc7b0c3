'use client'

import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { MadeThings, hasMade, revokedInWords } from '#components/access/made-things'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { useToast } from '#components/ui/toast'
import type { Revocable } from '#contract/members/made-by'
import { paths } from '#contract/paths'
import { personMadeQuery, useRemovePerson } from '#queries/organizations/organizations'
import type { PersonRow } from './people-columns.tsx'

interface RemovePersonDialogProps {
  org: string
  person: PersonRow
  onClose: () => void
}

/** Removes a person, or the caller, from the organization and all of its projects. */
export function RemovePersonDialog({ org, person: { userId, name, email, self }, onClose }: RemovePersonDialogProps) {
  const toast = useToast()
  const router = useRouter()
  const remove = useRemovePerson(org, { self })
  const made = useQuery(personMadeQuery(org, userId))
  const [revoke, setRevoke] = useState<Revocable[]>([])
  const along = 'Project memberships, personal tokens and open invitations are removed too'
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={self ? `Leave ${org}?` : `Remove ${name} from ${org}?`}
      description={
        self
          ? `You lose access to the organization immediately. ${along}. Anyone who manages its people can invite you again.`
          : `${email} loses access to the organization immediately. ${along}. What they wrote stays.`
      }
      confirmLabel={self ? 'Leave organization' : 'Remove person'}
      pending={remove.isPending}
      error={remove.error?.message}
      onConfirm={() =>
        remove.mutate(
          { userId, revoke },
          {
            onSuccess: ({ revoked }) => {
              toast(`${self ? `You left ${org}` : `${name} was removed`}${revokedInWords(revoked)}`)
              onClose()
              if (self) router.push(paths.console)
            },
          },
        )
      }
    >
      {hasMade(made.data) && <MadeThings {...{ self, revoke }} made={made.data} error={made.error} onRevoke={setRevoke} />}
    </ConfirmDialog>
  )
}
