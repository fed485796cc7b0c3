'use client'

import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { SelectField } from '#components/form/choice-field'
import { Form } from '#components/form/form'
import { Dialog } from '#components/ui/dialog'
import { useToast } from '#components/ui/toast'
import type { Entity } from '#contract/entities'
import type { EntityType } from '#contract/entity-types'
import type { Tagged } from '#queries/call'
import { type InEnvironment, useUpdateEntity } from '#queries/entities'
import { statesOf } from './catalog.ts'
import { LabelFields, PropertyFields } from './data-fields.tsx'
import { atFields, blank, type DataForm, labelRowsOf, labelsOf, merged, propertiesOf, propertyRowsOf } from './data-form.ts'
import { TheirChange } from './their-change.tsx'

interface EditEntityDialogProps extends InEnvironment {
  type: EntityType
  /** As it is by now: read anew when the server says that it has changed meanwhile. */
  current: Tagged<Entity>
  onClose: () => void
}

/** Changes the state, properties and labels of an entity: only what one has changed, and not over somebody else's change unseen. */
export function EditEntityDialog({ type, current, onClose, ...at }: EditEntityDialogProps) {
  const toast = useToast()
  const [opened] = useState(current)
  const { item: before } = opened
  const update = useUpdateEntity(at, before.id)
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
      onSuccess: ({ name }) => {
        toast(`${name} was changed`)
        onClose()
      },
    })
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      dismissible={!formState.isDirty}
      title={`Edit ${before.name}`}
      description={
        <>
          {before.entityType} in <code>{before.envName}</code>
        </>
      }
    >
      <Form
        form={form}
        error={atFields(update.error, form.getValues('propertyRows'))}
        pending={update.isPending}
        submitLabel={isStale ? 'Save mine all the same' : 'Save changes'}
        submitDisabledReason={formState.isDirty ? null : 'Nothing has changed'}
        onCancel={onClose}
        onSubmit={save}
      >
        <SelectField
          control={control}
          name="state"
          label="State"
          options={statesOf(type).map((value) => ({ value, label: value }))}
        />
        <PropertyFields control={control} declared={type.properties} />
        <LabelFields control={control} />
        {isStale && <TheirChange before={before} after={current.item} />}
      </Form>
    </Dialog>
  )
}
