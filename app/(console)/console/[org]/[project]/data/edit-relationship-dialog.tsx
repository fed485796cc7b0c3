'use client'

import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { SelectField } from '#components/form/choice-field'
import { Form } from '#components/form/form'
import { Dialog } from '#components/ui/dialog'
import { useToast } from '#components/ui/toast'
import type { RelationshipType } from '#contract/relationship-types'
import type { Relationship } from '#contract/relationships'
import type { Tagged } from '#queries/call'
import type { InEnvironment } from '#queries/entities'
import { useUpdateRelationship } from '#queries/relationships'
import { LabelFields, PropertyFields } from './data-fields.tsx'
import { atFields, blank, type DataForm, labelRowsOf, labelsOf, merged, propertiesOf, propertyRowsOf } from './data-form.ts'
import { TheirChange } from './their-change.tsx'

interface EditRelationshipDialogProps extends InEnvironment {
  type: RelationshipType
  /** As it is by now: read anew when the server says that it has changed meanwhile. */
  current: Tagged<Relationship>
  onClose: () => void
}

/** Changes the state, properties and labels of a relationship: only what one has changed, and not over somebody else's change unseen. */
export function EditRelationshipDialog({ type, current, onClose, ...at }: EditRelationshipDialogProps) {
  const toast = useToast()
  const [opened] = useState(current)
  const { item: before } = opened
  const title = `${before.from.name} → ${before.to.name}`
  const update = useUpdateRelationship(at, before.id)
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
        toast(`${title} was changed`)
        onClose()
      },
    })
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      dismissible={!formState.isDirty}
      title={`Edit ${title}`}
      description={
        <>
          {before.relationshipType} in <code>{before.envName}</code>
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
          options={type.states.map((value) => ({ value, label: value }))}
        />
        <PropertyFields control={control} declared={type.properties} />
        <LabelFields control={control} />
        {isStale && <TheirChange before={before} after={current.item} />}
      </Form>
    </Dialog>
  )
}
