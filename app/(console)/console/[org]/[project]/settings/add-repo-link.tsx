'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { SelectField } from '#components/form/choice-field'
import { Form } from '#components/form/form'
import { TextField } from '#components/form/text-field'
import { Dialog } from '#components/ui/dialog'
import { useToast } from '#components/ui/toast'
import { CreateRepoLink } from '#contract/projects/repo-links'
import { providerNames } from './provider-names.ts'
import { useCreateRepoLink } from '#queries/projects/repo-links'

const providers = CreateRepoLink.shape.provider.options.map((value) => ({ value, label: providerNames[value] }))

interface AddRepoLinkProps {
  org: string
  project: string
  open: boolean
  onClose: () => void
}

/** Links one more repository. */
export function AddRepoLink({ open, onClose, ...at }: AddRepoLinkProps) {
  return (
    <Dialog open={open} onOpenChange={onClose} title="Link a repository">
      <AddForm {...at} onClose={onClose} />
    </Dialog>
  )
}

function AddForm({ org, project, onClose }: Omit<AddRepoLinkProps, 'open'>) {
  const create = useCreateRepoLink(org, project)
  const toast = useToast()
  const form = useForm({
    resolver: zodResolver(CreateRepoLink),
    defaultValues: { provider: 'github', repository: '', branch: 'main', path: '/' },
  })
  return (
    <Form
      form={form}
      onSubmit={(link) =>
        create.mutate(link, {
          onSuccess: ({ repository }) => {
            onClose()
            toast(`${repository} is linked`)
          },
        })
      }
      error={create.error}
      pending={create.isPending}
      submitLabel="Link repository"
      onCancel={onClose}
    >
      <SelectField control={form.control} name="provider" label="Provider" options={providers} />
      <TextField control={form.control} name="repository" label="Repository" mono placeholder="owner/name" />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField control={form.control} name="branch" label="Branch" mono />
        <TextField control={form.control} name="path" label="Path" mono hint="A folder in the repository. Use / for all of it." />
      </div>
    </Form>
  )
}
