'use client'

import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { MadeThings, hasMade, revokedInWords } from '#components/access/made-things'
import { ConfirmCall } from '#components/ui/confirm-call'
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
  const router = useRouter()
  const made = useQuery(personMadeQuery(org, userId))
  const [revoke, setRevoke] = useState<Revocable[]>([])
  const along = 'Project memberships, personal tokens and open invitations are removed too'
  return (
    <ConfirmCall
      title={self ? `Leave ${org}?` : `Remove ${name} from ${org}?`}
      description={
        self
          ? `You lose access to the organization immediately. ${along}. Anyone who manages its people can invite you again.`
          : `${email} loses access to the organization immediately. ${along}. What they wrote stays.`
      }
      confirmLabel={self ? 'Leave organization' : 'Remove person'}
      call={useRemovePerson(org, { self })}
      sent={{ userId, revoke }}
      toast={({ revoked }) => `${self ? `You left ${org}` : `${name} was removed`}${revokedInWords(revoked)}`}
      onClose={onClose}
      onDone={() => self && router.push(paths.console)}
    >
      {hasMade(made.data) && <MadeThings {...{ self, revoke }} made={made.data} error={made.error} onRevoke={setRevoke} />}
    </ConfirmCall>
  )
}
