'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Control, useWatch } from 'react-hook-form'
import type { z } from 'zod'
import { ComboboxField } from '#components/form/choice-field'
import type { ComboboxOption } from '#components/ui/combobox'
import type { AddMember } from '#contract/members/members'
import { membersQuery } from '#queries/members/members'
import { organizationMembersQuery } from '#queries/organizations/organizations'

interface PersonFieldProps {
  org: string
  project: string
  control: Control<z.input<typeof AddMember>, unknown, z.output<typeof AddMember>>
}

/** A person of the organization, found by name or email. Existing members are marked. */
export function PersonField({ org, project, control }: PersonFieldProps) {
  const [text, setText] = useState('')
  const q = text.trim()
  const people = useQuery({ ...organizationMembersQuery(org, q), placeholderData: keepPreviousData })
  const members = useQuery({ ...membersQuery(org, project, { ...(q && { q }) }), placeholderData: keepPreviousData })
  const userId = useWatch({ control, name: 'userId' })
  const [seen, setSeen] = useState<ComboboxOption[]>([])

  const already = new Set(members.data?.items.filter(({ source }) => source === 'project').map((member) => member.userId))
  const found = (people.data ?? []).map((person): ComboboxOption => {
    const disabledReason = already.has(person.userId) ? 'Already a member of this project' : null
    return { value: person.userId, label: person.name, hint: person.email, disabledReason }
  })
  // The selected person stays among the options when the search moves on.
  const chosen = seen.find(({ value }) => value === userId && !found.some((option) => option.value === value))
  return (
    <ComboboxField
      control={control}
      name="userId"
      label="Person"
      options={chosen ? [...found, chosen] : found}
      onSearch={(next) => {
        setSeen(found)
        setText(next)
      }}
      placeholder="Name or email"
      empty={people.isPending ? 'Searching…' : 'Nobody in this organization matches'}
      hint={
        people.error ? people.error.message : 'Only people in the organization can be added. Invite others under People first.'
      }
    />
  )
}
