'use client'

import { useForm } from 'react-hook-form'
import { Form } from '#components/form/form'
import { lazyResolver } from '#components/form/lazy-resolver'
import { JsonField } from '#components/form/json-field'
import { TextField } from '#components/form/text-field'
import { DescriptionList } from '#components/ui/description-list'
import { Mono } from '#components/ui/mono'
import { Section } from '#components/ui/section'
import { Time } from '#components/ui/time'
import type { Access } from '#contract/review/access'
import type { Project } from '#contract/projects/projects'
import { useUpdateProject } from '#queries/projects/projects'

const valuesOf = ({ name, metadata }: Pick<Project, 'name' | 'metadata'>) => ({
  name,
  metadata: metadata === null ? '' : JSON.stringify(metadata, null, 2),
})

const resolver = lazyResolver(() => import('./general-shape.ts').then(({ General }) => General))

interface GeneralFormProps {
  org: string
  project: string
  current: Project
  can: Access['can']
}

/** The project's name and metadata. Slug and id never change. */
export function GeneralForm({ org, project, current, can }: GeneralFormProps) {
  const form = useForm({ resolver, defaultValues: valuesOf(current) })
  const update = useUpdateProject(org, project)
  const { isDirty, dirtyFields } = form.formState
  const off = can['project:update'].reason
  return (
    <Section title="General">
      <DescriptionList
        items={[
          { label: 'Slug', value: <Mono copy="slug">{current.slug}</Mono> },
          { label: 'Id', value: <Mono copy="id">{current.id}</Mono> },
          { label: 'Created', value: <Time value={current.createdAt} /> },
        ]}
      />
      <Form
        form={form}
        className="mt-4 space-y-4 border-t border-line pt-4"
        onSubmit={({ name, metadata }) =>
          // Sends only edited fields, so that changes by others in the meantime stay.
          update.mutate(
            { ...(dirtyFields.name && { name }), ...(dirtyFields.metadata && { metadata }) },
            { onSuccess: (saved) => form.reset(valuesOf(saved)) },
          )
        }
        error={update.error}
        pending={update.isPending}
        submitLabel="Save changes"
        submitDisabledReason={off ?? (isDirty ? null : 'Nothing has changed')}
        aside={<output>{isDirty ? 'Unsaved changes' : update.isSuccess ? 'Saved' : (off ?? '')}</output>}
      >
        <TextField control={form.control} name="name" label="Name" readOnly={off !== null} />
        <JsonField
          control={form.control}
          name="metadata"
          label="Metadata"
          optional
          readOnly={off !== null}
          hint="A JSON object for your own use, up to 64 KiB. Leave empty for none."
        />
      </Form>
    </Section>
  )
}
