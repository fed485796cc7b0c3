'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Control, useFieldArray } from 'react-hook-form'
import type { OrganizationAbilities } from '#components/access/organization-roles'
import { Combobox } from '#components/ui/combobox'
import { Field } from '#components/ui/field'
import { projectsQuery } from '#queries/projects/projects'
import type { InviteInput, InviteOutput } from './invite-form.ts'
import { InvitedProject } from './invited-project.tsx'

interface InvitedProjectsProps {
  org: string
  access: OrganizationAbilities
  control: Control<InviteInput, unknown, InviteOutput>
}

/** The projects that somebody is invited to, each with their future role. */
export function InvitedProjects({ org, access, control }: InvitedProjectsProps) {
  const { fields, append, remove } = useFieldArray({ control, name: 'projects' })
  const [text, setText] = useState('')
  const projects = useQuery({ ...projectsQuery(org, text.trim()), placeholderData: keepPreviousData })
  const chosen = new Set(fields.map(({ slug }) => slug))
  const options = (projects.data ?? []).map(({ slug, name }) => ({
    value: slug,
    label: name,
    hint: slug,
    disabledReason: chosen.has(slug) ? 'Already in this invitation' : null,
  }))
  return (
    <div className="space-y-3">
      {fields.map(({ id, slug }, index) => (
        <InvitedProject key={id} {...{ org, access, control, slug, index }} onRemove={() => remove(index)} />
      ))}
      <Field
        label={fields.length > 0 ? 'Another project' : 'Projects'}
        optional
        error={projects.error?.message}
        hint={fields.length === 0 ? 'If you choose none, they see no projects until someone adds them to one.' : undefined}
      >
        <Combobox
          // A new picker after each choice: it only adds and holds no value.
          key={fields.length}
          value={null}
          options={options}
          onSearch={setText}
          onChange={(slug) => {
            setText('')
            if (slug) append({ slug, role: 'member', envName: null, cellScopes: null, expiresAt: null })
          }}
          placeholder="Add a project"
          empty={projects.isPending ? 'Searching…' : 'No project matches'}
        />
      </Field>
    </div>
  )
}
