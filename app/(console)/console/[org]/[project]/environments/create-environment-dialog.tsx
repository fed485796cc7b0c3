'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { Form } from '#components/form/form'
import { TextField } from '#components/form/text-field'
import { Dialog } from '#components/ui/dialog'
import { useToast } from '#components/ui/toast'
import { CreateEnvironment } from '#contract/projects/environments'
import { useCreateEnvironment } from '#queries/projects/environments'

export interface CreateEnvironmentDialogProps {
  org: string
  project: string
  onClose: () => void
}

/** Creates an empty environment. */
export function CreateEnvironmentDialog({ org, project, onClose }: CreateEnvironmentDialogProps) {
  const toast = useToast()
  const create = useCreateEnvironment(org, project)
  const form = useForm({ resolver: zodResolver(CreateEnvironment), defaultValues: { name: '' } })
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="sm"
      title="Create environment"
      description="An environment, such as staging or production, keeps its data apart from the others. You can limit members and tokens to one."
    >
      <Form
        form={form}
        error={create.error}
        pending={create.isPending}
        submitLabel="Create environment"
        onCancel={onClose}
        onSubmit={({ name }) =>
          create.mutate(name, {
            onSuccess: () => {
              toast(`The environment ${name} was created`)
              onClose()
            },
          })
        }
      >
        <TextField
          control={form.control}
          name="name"
          label="Name"
          mono
          maxLength={31}
          placeholder="staging"
          hint="1–31 lowercase letters, digits and hyphens; no hyphen at either end. Can’t be changed later."
        />
      </Form>
    </Dialog>
  )
}
