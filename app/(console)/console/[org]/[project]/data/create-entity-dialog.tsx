'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useQuery } from '@tanstack/react-query'
import { useForm, useWatch } from 'react-hook-form'
import { SelectField } from '#components/form/choice-field'
import { Form } from '#components/form/form'
import { TextField } from '#components/form/text-field'
import { Dialog } from '#components/ui/dialog'
import { Field } from '#components/ui/field'
import { Notice } from '#components/ui/notice'
import { Select } from '#components/ui/select'
import { useToast } from '#components/ui/toast'
import { CreateEntity } from '#contract/data/entities'
import { accessQuery } from '#queries/review/access'
import { useCreateEntity } from '#queries/data/entities'
import { type InCatalog, outsideReason, statesOf } from './catalog.ts'
import { LabelFields, PropertyFields } from './data-fields.tsx'
import { atFields, blank, DataForm, labelsOf, propertiesOf, propertyRowsOf } from './data-form.ts'
import { useDataView } from './use-data-view.ts'

/** The name is checked while typing. The server, which knows the type, checks the other fields. */
const shape = DataForm.extend({ name: CreateEntity.shape.name })

/** Creates an entity of a type in this environment, and opens it. */
export function CreateEntityDialog({ org, project, env, catalog, onClose }: InCatalog & { onClose: () => void }) {
  const toast = useToast()
  const { view, openEntity } = useDataView()
  const create = useCreateEntity({ org, project, env })
  const start = catalog.types.find(({ name }) => name === view.type) ?? catalog.types[0]!
  const form = useForm({
    resolver: zodResolver(shape),
    defaultValues: { ...blank, type: start.name, state: start.initialState, propertyRows: propertyRowsOf(start.properties) },
  })
  const { control } = form
  const chosen = useWatch({ control, name: 'type' })
  const type = catalog.types.find(({ name }) => name === chosen) ?? start
  const access = useQuery(accessQuery(org, project))
  const given = useWatch({ control, name: 'propertyRows' })
  const outside = outsideReason(access.data?.cellScopes ?? null, catalog.cells, type, given)
  const choose = (name: string) => {
    const next = catalog.types.find((one) => one.name === name)!
    form.setValue('type', name)
    form.setValue('state', next.initialState)
    form.setValue('propertyRows', propertyRowsOf(next.properties))
    create.reset()
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Create entity"
      description={
        <>
          In the environment <code>{env}</code>.
        </>
      }
    >
      <Form
        form={form}
        error={atFields(create.error, form.getValues('propertyRows'))}
        pending={create.isPending}
        submitLabel="Create entity"
        submitDisabledReason={outside}
        onCancel={onClose}
        onSubmit={({ name, state, propertyRows, labelRows }) =>
          create.mutate(
            {
              entityType: type.name,
              name,
              state,
              properties: propertiesOf(type.properties, propertyRows),
              labels: labelsOf(labelRows),
            },
            {
              onSuccess: (entity) => {
                toast(`Created ${entity.name}`)
                onClose()
                openEntity(entity.id)
              },
            },
          )
        }
      >
        <Field label="Type" nativeLabel={false}>
          <Select
            options={catalog.types.map(({ name, displayName }) => ({
              value: name,
              label: name,
              hint: displayName === name ? undefined : displayName,
            }))}
            value={type.name}
            onChange={choose}
          />
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            control={control}
            name="name"
            label="Name"
            maxLength={100}
            hint={`Unique among the ${type.name} entities in this environment.`}
          />
          <SelectField
            control={control}
            name="state"
            label="State"
            options={statesOf(type).map((value) => ({ value, label: value }))}
          />
        </div>
        <PropertyFields key={type.name} control={control} declared={type.properties} />
        <LabelFields control={control} />
        {outside && <Notice tone="info" title={outside} />}
      </Form>
    </Dialog>
  )
}
