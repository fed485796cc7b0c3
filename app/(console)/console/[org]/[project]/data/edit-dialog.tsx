'use client'

import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { SelectField } from '#components/form/choice-field'
import { Form } from '#components/form/form'
import { Dialog } from '#components/ui/dialog'
import { useToast } from '#components/ui/toast'
import type { Entity } from '#contract/data/entities'
import type { EntityType } from '#contract/catalog/entity-types'
import type { ApiError, Tagged } from '#queries/call'
import { LabelFields, PropertyFields } from './data-fields.tsx'
import { atFields, blank, type DataForm, labelRowsOf, labelsOf, merged, propertiesOf, propertyRowsOf } from './data-form.ts'
import { ConflictingChange } from './conflicting-change.tsx'

/** What entities and relationships have in common. */
type Editable = Pick<Entity, 'state' | 'properties' | 'labels' | 'envName'>
type Change = Partial<Pick<Editable, 'state' | 'properties' | 'labels'>> & { ifMatch: string }

interface EditDialogProps {
  /** The entity's or relationship's name. */
  name: string
  type: Pick<EntityType, 'name' | 'properties'>
  states: readonly string[]
  /** The current version; it reloads when the server reports that it has changed. */
  current: Tagged<Editable>
  update: {
    mutate: (change: Change, options: { onSuccess: () => void }) => void
    error: ApiError | null
    isPending: boolean
  }
  onClose: () => void
}

/** Edits state, properties and labels. Sends only the user's changes, and shows changes by others before overwriting them. */
export function EditDialog({ name, type, states, current, update, onClose }: EditDialogProps) {
  const toast = useToast()
  const [opened] = useState(current)
  const { item: before } = opened
  const form = useForm<DataForm>({
    defaultValues: {
      ...blank,
      state: before.state,
      propertyRows: propertyRowsOf(type.properties, before.properties),
      labelRows: labelRowsOf(before.labels),
    },
  })
  const { control, formState } = form
  const isStale = update.error?.code === 'precondition_failed'
  function save({ state, propertyRows, labelRows }: DataForm) {
    const now = isStale ? current : opened
    const properties = merged(before.properties, propertiesOf(type.properties, propertyRows), now.item.properties)
    const labels = merged(before.labels, labelsOf(labelRows), now.item.labels)
    const body = {
      ...(state !== before.state && { state }),
      ...(properties && { properties }),
      ...(labels && { labels }),
      ifMatch: now.etag,
    }
    update.mutate(body, {
      onSuccess: () => {
        toast(`${name} was changed`)
        onClose()
      },
    })
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Edit ${name}`}
      description={
        <>
          {type.name} in <code>{before.envName}</code>
        </>
      }
    >
      <Form
        form={form}
        error={atFields(update.error, form.getValues('propertyRows'))}
        pending={update.isPending}
        submitLabel={isStale ? 'Save my changes anyway' : 'Save changes'}
        submitDisabledReason={formState.isDirty ? null : 'Nothing has changed'}
        onCancel={onClose}
        onSubmit={save}
      >
        <SelectField control={control} name="state" label="State" options={states.map((value) => ({ value, label: value }))} />
        <PropertyFields control={control} declared={type.properties} />
        <LabelFields control={control} />
        {isStale && <ConflictingChange before={before} after={current.item} />}
      </Form>
    </Dialog>
  )
}
