'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Control, useForm, useWatch } from 'react-hook-form'
import { ComboboxField, SelectField } from '#components/form/choice-field'
import { Form } from '#components/form/form'
import { Dialog } from '#components/ui/dialog'
import { Field } from '#components/ui/field'
import { Select } from '#components/ui/select'
import { useToast } from '#components/ui/toast'
import type { Entity } from '#contract/data/entities'
import { entitiesToPickQuery, type InEnvironment } from '#queries/data/entities'
import { useCreateRelationship } from '#queries/data/relationships'
import type { InCatalog } from './catalog.ts'
import { LabelFields, PropertyFields } from './data-fields.tsx'
import { atFields, blank, DataForm, labelsOf, propertiesOf, propertyRowsOf } from './data-form.ts'

const end = DataForm.shape.from.refine((id) => id !== null, 'Choose an entity')
const shape = DataForm.extend({ from: end, to: end })

interface CreateRelationshipDialogProps extends InCatalog {
  /** The entity that it was opened from, which is the start where the type allows it. */
  from: Pick<Entity, 'id' | 'name' | 'entityType'> | null
  onClose: () => void
}

/** Creates a relationship between two entities. */
export function CreateRelationshipDialog({ catalog, from, onClose, ...rest }: CreateRelationshipDialogProps) {
  const at = { org: rest.org, project: rest.project, env: rest.env }
  const toast = useToast()
  const create = useCreateRelationship(at)
  const types = catalog.relationshipTypes
  const start =
    types.find((one) => one.from === from?.entityType) ?? types.find((one) => one.to === from?.entityType) ?? types[0]!
  const endsOf = (type: typeof start) => ({
    from: type.from === from?.entityType ? from.id : null,
    to: type.from !== from?.entityType && type.to === from?.entityType ? from.id : null,
  })
  const form = useForm({
    resolver: zodResolver(shape),
    defaultValues: {
      ...blank,
      ...endsOf(start),
      type: start.name,
      state: start.states[0] ?? '',
      propertyRows: propertyRowsOf(start.properties),
    },
  })
  const { control } = form
  const chosen = useWatch({ control, name: 'type' })
  const type = types.find(({ name }) => name === chosen) ?? start
  const choose = (name: string) => {
    const next = types.find((one) => one.name === name)!
    const ends = endsOf(next)
    form.setValue('type', name)
    form.setValue('from', ends.from)
    form.setValue('to', ends.to)
    form.setValue('state', next.states[0] ?? '')
    form.setValue('propertyRows', propertyRowsOf(next.properties))
    create.reset()
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Create relationship"
      description={
        <>
          In the environment <code>{at.env}</code>.
        </>
      }
    >
      <Form
        form={form}
        error={atFields(create.error, form.getValues('propertyRows'))}
        pending={create.isPending}
        submitLabel="Create relationship"
        onCancel={onClose}
        onSubmit={(values) =>
          create.mutate(
            {
              relationshipType: type.name,
              from: values.from,
              to: values.to,
              state: values.state,
              properties: propertiesOf(type.properties, values.propertyRows),
              labels: labelsOf(values.labelRows),
            },
            {
              onSuccess: ({ from: starts, to: ends }) => {
                toast(`Created ${starts.name} ${type.name} ${ends.name}`)
                onClose()
              },
            },
          )
        }
      >
        <Field label="Type" nativeLabel={false} hint={`From ${type.from} to ${type.to}, ${type.cardinality}.`}>
          <Select options={types.map(({ name }) => ({ value: name, label: name }))} value={type.name} onChange={choose} />
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <EndField key={`from ${type.from}`} {...{ at, control }} name="from" label="From" entityType={type.from} known={from} />
          <EndField key={`to ${type.to}`} {...{ at, control }} name="to" label="To" entityType={type.to} known={from} />
        </div>
        <SelectField
          control={control}
          name="state"
          label="State"
          options={type.states.map((value) => ({ value, label: value }))}
        />
        <PropertyFields key={type.name} control={control} declared={type.properties} />
        <LabelFields control={control} />
      </Form>
    </Dialog>
  )
}

interface EndFieldProps {
  at: InEnvironment
  control: Control<DataForm>
  name: 'from' | 'to'
  label: string
  entityType: string
  /** A preselected entity, which may not be on the first page of the list. */
  known: Pick<Entity, 'id' | 'name' | 'entityType'> | null
}

/** An entity of one type, found by its name. */
function EndField({ at, entityType, known, ...field }: EndFieldProps) {
  const [typed, setTyped] = useState('')
  const found = useQuery({ ...entitiesToPickQuery(at, entityType, typed.trim()), placeholderData: keepPreviousData })
  const listed = (found.data ?? []).map(({ id, name, state }) => ({ value: id, label: name, hint: state }))
  const first = known?.entityType === entityType && !listed.some(({ value }) => value === known.id)
  return (
    <ComboboxField
      {...field}
      aside={entityType}
      placeholder="Search by name"
      empty={`No ${entityType} matches`}
      options={first && typed === '' ? [{ value: known.id, label: known.name }, ...listed] : listed}
      onSearch={setTyped}
    />
  )
}
