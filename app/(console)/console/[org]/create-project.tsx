'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useRouter } from 'next/navigation'
import { useForm } from 'react-hook-form'
import { CreateProject } from '#contract/projects/projects'
import { Form } from '#components/form/form'
import { NameAndSlugFields } from '#components/form/name-and-slug'
import { Dialog } from '#components/ui/dialog'
import { useToast } from '#components/ui/toast'
import { paths } from '#contract/paths'
import { useCreateProject } from '#queries/projects/projects'

interface CreateProjectDialogProps {
  org: string
  open: boolean
  onOpenChange: (open: boolean) => void
}

/** Creates a project and opens it. */
export function CreateProjectDialog({ org, open, onOpenChange }: CreateProjectDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Create project"
      description="You become its owner. The project starts with one environment, named default."
    >
      <CreateProjectForm org={org} onDone={() => onOpenChange(false)} />
    </Dialog>
  )
}

/** Mounted with the dialog, so that it opens empty. */
function CreateProjectForm({ org, onDone }: { org: string; onDone: () => void }) {
  const router = useRouter()
  const toast = useToast()
  const create = useCreateProject(org)
  const form = useForm({ resolver: zodResolver(CreateProject), defaultValues: { name: '', slug: '' } })
  const submit = (project: CreateProject) =>
    create.mutate(project, {
      onSuccess: ({ slug, name }) => {
        onDone()
        toast(`Created ${name}`)
        router.push(paths.project(org, slug).overview)
      },
    })
  return (
    <Form
      form={form}
      onSubmit={submit}
      error={create.error}
      pending={create.isPending}
      submitLabel="Create project"
      onCancel={onDone}
    >
      <NameAndSlugFields
        form={form}
        name={{ path: 'name', label: 'Name' }}
        slug={{ path: 'slug', label: 'Slug', hint: 'Used in URLs. Can’t be changed later.' }}
      />
    </Form>
  )
}
